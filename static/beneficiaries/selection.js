// Shows how many grants are ticked and what they add up to; the server checks both again.
(() => {
  const form = document.querySelector("[data-selection]");
  if (!form) return;
  const whole = form.querySelector("input[name=whole]");
  const boxes = [...form.querySelectorAll("input[name=grant]")];
  const told = form.querySelector("[data-sum]");
  const number = new Intl.NumberFormat("vi-VN");
  const figure = (box) => Number(box.value.split(":")[1]);

  const show = () => {
    boxes.forEach((box) => { box.disabled = whole.checked; });
    const ticked = boxes.filter((box) => box.checked);
    const count = whole.checked ? Number(whole.value.split(":")[0]) : ticked.length;
    const total = whole.checked ? figure(whole) : ticked.reduce((sum, box) => sum + figure(box), 0);
    told.textContent = count
      ? `Đã chọn ${number.format(count)} khoản, ${number.format(total)} đồng.`
      : "Chưa chọn khoản nào.";
    form.querySelectorAll("button[name=act]").forEach((button) => { button.disabled = !count; });
  };
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
})();
