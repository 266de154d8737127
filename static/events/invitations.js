// The box in the header ticks the whole page; the button says how many rows are ticked.
(() => {
  const form = document.querySelector("[data-invitations]");
  const all = form?.querySelector("[data-all]");
  if (!all) return;
  const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const told = form.querySelector("[data-ticked]");
  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    told.textContent = `Phát hành cho ${ticked} dòng đã chọn`;
    told.closest("button").disabled = ticked === 0;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = all.checked));
    tell();
  });
  form.addEventListener("change", tell);
  tell();
})();
