// An entry's form shows only what counts for its kind; a field that is hidden is sent empty.
const kind = document.querySelector("[name=kind]");

function showFields() {
  for (const input of document.querySelectorAll("[data-kinds]")) {
    const counts = input.dataset.kinds.split(" ").includes(kind.value);
    input.closest(".wf-field").hidden = !counts;
    input.disabled = !counts;
  }
}

kind.addEventListener("change", showFields);
showFields();
