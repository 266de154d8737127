// Reads the figures out of a target's sentence and fills the fields still empty; the officer looks and saves.
// Of a second figure a list of forms makes another target; a form that stands alone takes it instead of the first.
(() => {
  const fields = (text) => Object.fromEntries(
    ["indicator", "comparator", "value", "value_max", "unit_of_measure"].map((name) => [name, text.form.elements[text.name.replace(/text$/, name)]]),
  );
  const fill = (text, figure) => {
    const into = fields(text);
    if (!into.value.value) {
      into.comparator.value = figure.comparator;
      into.value.value = figure.value;
      into.value_max.value = figure.value_max;
    }
    ["unit_of_measure", "indicator"].forEach((name) => {
      if (!into[name].value) into[name].value = figure[name];
    });
    Object.values(into).forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
  };

  // What was typed or chosen by hand is the officer's; an indicator that came with another figure goes with it.
  const refill = (text, figure) => {
    const into = fields(text);
    into.value.value = into.unit_of_measure.value = "";
    if (into.indicator.value === text.dataset.indicatorRead) into.indicator.value = "";
    if (!into.indicator.value) text.dataset.indicatorRead = figure.indicator;
    fill(text, figure);
  };

  // One more row of the same list of forms, holding the same sentence.
  const isListed = (text) => /-\d+-text$/.test(text.name);
  const another = (text, figure) => {
    const prefix = text.name.replace(/-\d+-text$/, "");
    const more = document.querySelector(`#${prefix}-group .add-row a, #${prefix}-group .add-row button, #${prefix}-group a.add-row`);
    const total = text.form.elements[`${prefix}-TOTAL_FORMS`];
    const index = total?.value;
    more?.click();
    const fresh = text.form.elements[`${prefix}-${index}-text`];
    if (!fresh) return false;
    fresh.value = text.value;
    fill(fresh, figure);
    return true;
  };

  const choose = (text, told, figures) => {
    told.replaceChildren(figures.length ? "Câu này có: " : "Không thấy số nào trong câu; hãy tự điền.");
    figures.forEach((figure) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "wf-button pg-figure";
      button.textContent = figure.words;
      button.addEventListener("click", () => {
        const isAlone = !isListed(text);
        const isFree = isAlone || !fields(text).value.value;
        if (isAlone) refill(text, figure);
        else if (isFree) fill(text, figure);
        else if (!another(text, figure)) return;
        button.disabled = !isAlone;
        told.lastChild.textContent = isFree ? " Đã điền, hãy xem lại." : " Đã thêm một chỉ tiêu cùng câu ở cuối, hãy xem lại.";
      });
      told.append(button);
    });
    const next = isListed(text) ? " số tiếp theo thành một chỉ tiêu khác cùng câu." : " số còn lại ghi thành chỉ tiêu khác.";
    told.append(figures.length > 1 ? ` Bấm vào số cần điền;${next}` : "");
    if (figures.length === 1 && !fields(text).value.value) told.querySelector("button").click();
  };

  const dress = (text) => {
    if (text.dataset.dressed || text.name.includes("__prefix__")) return;
    text.dataset.dressed = "true";
    const line = document.createElement("div");
    line.className = "pg-reading";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "wf-button";
    button.textContent = "Đọc số từ câu";
    const told = document.createElement("span");
    told.className = "wf-help";
    told.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      const url = `${text.dataset.readsFigures}?${new URLSearchParams({ cau: text.value })}`;
      const answer = await fetch(url).then((response) => response.json()).catch(() => null);
      if (answer) choose(text, told, answer.figures);
      else told.textContent = "Chưa đọc được; hãy thử lại hoặc tự điền.";
    });
    line.append(button, told);
    text.after(line);
  };
  const dressAll = () => document.querySelectorAll("textarea[data-reads-figures]").forEach(dress);
  document.addEventListener("DOMContentLoaded", dressAll);
  document.addEventListener("formset:added", dressAll);
  document.addEventListener("htmx:load", dressAll);
})();
