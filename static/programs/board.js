// The reports' board: how many are ticked, tick a whole page, copy a reminder. The server checks everything again.
(() => {
  const many = document.querySelector("[data-many]");
  const boxes = () => [...document.querySelectorAll("input[name=report][form=rb-many]")];
  const show = () => {
    if (!many) return;
    const ticked = boxes().filter((box) => box.checked).length;
    const all = many.querySelector("[data-all]");
    if (all) all.checked = ticked > 0 && ticked === boxes().length;
    many.querySelectorAll("[data-needs-choice]").forEach((button) => { button.disabled = !ticked; });
    const told = many.querySelector("[data-chosen]");
    if (told) told.textContent = ticked ? `Đã chọn ${ticked} báo cáo.` : "";
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    show();
  });
  document.addEventListener("htmx:afterSwap", show);
  window.addEventListener("pageshow", show);
  show();

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = button.parentElement.querySelector("[data-copied]");
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Đã chép";
    } catch {
      // Without the right to the clipboard (an address without https) the text is marked for copying by hand.
      window.getSelection().selectAllChildren(text);
      button.textContent = "Đã bôi đen, hãy chép";
    }
  });
})();
