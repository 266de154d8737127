// A report saves itself place by place (htmx). This says when that failed and keeps trying, and shows rates at once.
(() => {
  const page = document.querySelector("[data-report]");
  if (!page) return;
  const RETRY_MS = 5000;
  const MOST_BYTES = 10 * 1024 * 1024;
  const WAITING = "Chưa lưu được, sẽ thử lại. Nội dung vẫn còn trên trang này.";
  const SIGNED_OUT = "Phiên làm việc đã hết nên chưa lưu được. Hãy đăng nhập lại ở một thẻ khác rồi quay lại đây.";
  const STALE = "Chưa lưu được: hãy chép lại phần vừa ghi rồi tải lại trang.";
  const percent = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });

  // "1.200,5" is typed with Vietnamese marks; a lone dot before other than three digits is a decimal point.
  const read = (text) => {
    const plain = /^\d{1,3}(\.\d{3})+(,\d*)?$/.test(text) ? text.replaceAll(".", "") : text;
    return plain === "" ? NaN : Number(plain.replace(",", "."));
  };
  const showRate = (form) => {
    const shown = form.querySelector("[data-rate]");
    if (!shown) return;
    const [part, whole] = ["numerator", "denominator"].map((name) => read(form.elements[name].value.trim()));
    shown.textContent = part >= 0 && whole > 0 ? `${percent.format((100 * part) / whole)}%` : "–";
  };
  const place = (event) => event.target.closest("[data-autosave]");
  const say = (form, words) => {
    const told = form.querySelector("[data-told]") ?? document.createElement("p");
    told.className = "wf-error";
    told.dataset.told = "";
    told.textContent = words;
    form.querySelector("[data-said]").append(told);
  };
  const retry = (form) => {
    clearTimeout(form.retrying);
    form.retrying = setTimeout(() => htmx.trigger(form, "retry"), RETRY_MS);
  };
  const wait = (form, words) => { say(form, words); retry(form); };

  page.addEventListener("input", (event) => {
    const form = place(event);
    if (!form) return;
    form.dataset.unsaved = "";
    showRate(form);
  });
  page.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (new URL(xhr.responseURL || location.href).pathname.startsWith("/login/")) {
      event.detail.shouldSwap = false;
      const form = place(event);
      if (form) wait(form, SIGNED_OUT);
    } else if (xhr.status === 409 || xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  page.addEventListener("htmx:afterRequest", (event) => {
    const form = place(event);
    const { xhr } = event.detail;
    if (form && xhr.status === 200 && xhr.getResponseHeader("X-Saved")) delete form.dataset.unsaved;
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    page.addEventListener(name, (event) => {
      const form = place(event);
      const status = event.detail.xhr?.status ?? 0;
      if (!form) return;
      if (status === 0 || status >= 500) wait(form, WAITING);
      else say(form, STALE);
    });
  }
  page.addEventListener("htmx:oobAfterSwap", () => {
    const sent = page.querySelector("[data-revision]");
    if (sent) sent.value = document.getElementById("rt-revision").value;
  });
  window.addEventListener("online", () =>
    page.querySelectorAll("[data-autosave]:has([data-told])").forEach((form) => htmx.trigger(form, "retry")));

  const unsent = () => [...page.querySelectorAll("[data-unsent] textarea")].some((area) => area.value.trim());
  let sending = false;
  page.addEventListener("submit", (event) => {
    if (event.target.matches("[data-send]") && page.querySelector("[data-unsaved]")) {
      event.preventDefault();
      page.querySelectorAll("[data-unsaved]").forEach((form) => htmx.trigger(form, "retry"));
      let said = event.target.querySelector("[data-told]");
      if (!said) { said = document.createElement("p"); said.dataset.told = ""; said.className = "wf-help"; event.target.append(said); }
      said.textContent = "Đang lưu những phần vừa ghi; hãy bấm gửi lại sau khi mọi phần đã lưu.";
      return;
    }
    sending = !event.target.matches("[hx-post]");
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && (page.querySelector("[data-unsaved]") || unsent())) event.preventDefault();
  });
  page.querySelector("[data-files] input[type=file]")?.addEventListener("change", ({ target }) => {
    const form = target.form;
    const total = [...target.files].reduce((sum, file) => sum + file.size, 0);
    const tooBig = total > MOST_BYTES;
    form.querySelector("[data-told]").textContent = tooBig
      ? "Tệp lớn hơn 10 MB; hãy giảm dung lượng hoặc gửi từng tệp."
      : "";
    if (tooBig) target.value = "";
    else if (target.files.length) form.requestSubmit();
  });
})();
