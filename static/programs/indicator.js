// Shows the words and the options of the chosen measure alone; the server reads only those anyway.
(() => {
  const form = document.querySelector("[data-counted]");
  const measure = form?.querySelector("[name=measure]");
  if (!measure) return;
  const show = () => {
    for (const part of form.querySelectorAll("[data-measures]")) {
      const fits = part.dataset.measures.split(" ").includes(measure.value);
      (part.matches("p") ? part : part.closest(".wf-field")).hidden = !fits;
    }
  };
  measure.addEventListener("change", show);
  show();
})();
