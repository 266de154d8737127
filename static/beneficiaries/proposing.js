// Adds up what is proposed while it is typed, and takes people off the list; the server checks all of it again.
(() => {
  const form = document.querySelector("[data-proposing]");
  if (!form) return;
  const told = form.querySelector("[data-total]");
  const number = new Intl.NumberFormat("vi-VN");
  const figure = (box) => Number(box.value.replace(/\D/g, "")) || 0;

  const show = () => {
    const people = form.querySelectorAll("input[name=people]").length;
    const money = [...form.querySelectorAll("[name^=cash-]")].reduce((sum, box) => sum + figure(box), 0);
    const gifts = [...form.querySelectorAll("[name^=gift-]")].reduce((sum, box) => sum + figure(box), 0);
    told.textContent = `${number.format(people)} người, tiền mặt ${number.format(money)} đồng, hiện vật ${number.format(gifts)} đồng, cộng ${number.format(money + gifts)} đồng`;
    form.querySelector("[name=propose]").disabled = !people;
  };
  form.querySelectorAll("[data-drop]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => { button.closest("tr").remove(); show(); });
  });
  form.addEventListener("input", show);
  show();
})();
