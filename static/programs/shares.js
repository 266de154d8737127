// The sum of a share-out as it is typed, and whether it makes up the target.
(() => {
  const form = document.querySelector("[data-shares]");
  if (!form) return;
  const { wanted, max, comparator } = form.dataset;
  const inputs = [...form.querySelectorAll("[data-share]")];
  const total = form.querySelector("[data-total]");
  const verdict = form.querySelector("[data-verdict]");
  const shown = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 2 });

  // "1.200,5" is typed with Vietnamese marks; a lone dot before other than three digits is a decimal point.
  const read = (text) => {
    const plain = /^\d{1,3}(\.\d{3})+(,\d*)?$/.test(text) ? text.replaceAll(".", "") : text;
    return Number(plain.replace(",", ".")) || 0;
  };
  const addsUp = (sum) => {
    if (comparator === "<=") return sum <= Number(wanted);
    if (comparator === "=") return sum === Number(wanted);
    return sum >= Number(wanted) && (!max || sum <= Number(max));
  };
  const update = () => {
    const sum = inputs.reduce((all, input) => all + Math.round(read(input.value.trim()) * 100), 0) / 100;
    const isRight = addsUp(sum);
    total.textContent = shown.format(sum);
    total.classList.toggle("wf-error", !isRight);
    verdict.textContent = isRight
      ? "Tổng đã khớp chỉ tiêu."
      : `Tổng chưa khớp: cần ${shown.format(Number(wanted))}, đang giao ${shown.format(sum)}.`;
  };
  form.addEventListener("input", update);
  update();
})();
