// A card dropped on the next column opens the page of that step, as its button does: nothing is done without the form.
(() => {
  const board = document.querySelector(".hs-board");
  if (!board) return;
  const columns = [...board.querySelectorAll("[data-state]")];
  let card = null;

  const target = (event) => {
    const column = event.target.closest("[data-state]");
    return card && column && column.dataset.state === card.dataset.next ? column : null;
  };
  const mark = (on) => {
    for (const column of columns) column.classList.toggle("hs-takes", on && column.dataset.state === card?.dataset.next);
  };

  board.addEventListener("dragstart", (event) => {
    card = event.target.closest("[data-next]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.step);
    card.classList.add("hs-dragged");
    mark(true);
  });
  board.addEventListener("dragover", (event) => {
    if (!target(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  });
  board.addEventListener("drop", (event) => {
    if (!target(event)) return;
    event.preventDefault();
    window.location.assign(card.dataset.step);
  });
  board.addEventListener("dragend", () => {
    card?.classList.remove("hs-dragged");
    mark(false);
    card = null;
  });
})();
