// The writing page: keys, what was typed and not yet saved, and the lines of the Word text behind a part.
(() => {
  const root = document.querySelector("[data-writing]");
  if (!root) return;
  const forms = () => [...root.querySelectorAll("form[data-form]")];
  const said = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => name !== "version"));
  const saidFirst = new WeakMap();  // not in attributes: htmx puts those back as it settles
  const isTyped = (form) => form.hasAttribute("data-typed") || said(form) !== saidFirst.get(form);
  const tell = (text) => {
    const notice = document.getElementById("pw-notice");
    notice.replaceChildren(Object.assign(document.createElement("p"), { className: "wf-error", textContent: text }));
  };

  // What a form says is remembered in the moment it comes in: who types at once may type before it has settled.
  const remember = (form) => { if (!saidFirst.has(form)) saidFirst.set(form, said(form)); };
  const visited = new WeakSet();
  const open = (form) => {
    if (visited.has(form)) return;
    visited.add(form);
    if (form.contains(document.activeElement)) return;
    const field = form.querySelector("[aria-invalid=true], textarea, input:not([type=hidden]), select");
    const main = form.querySelector("[aria-invalid=true], [data-field=text], [data-field=body], [data-field=citation], [data-field=name]");
    (main || field)?.focus();
  };
  const cancel = (form) => {
    if (form.hasAttribute("data-new")) form.remove();
    else form.querySelector("[data-cancel]").click();
  };

  // What would replace the whole plan waits until what was typed elsewhere is saved.
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const asks = event.detail.elt;
    if (!asks.closest("[data-whole]")) return;
    const other = forms().find((form) => form !== asks && !form.contains(asks) && isTyped(form));
    if (!other) return;
    event.preventDefault();
    tell("Hãy lưu hoặc thôi sửa phần đang mở trước, để không mất chữ vừa gõ.");
    other.scrollIntoView({ block: "center" });
    other.querySelector("textarea, input:not([type=hidden]), select")?.focus();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (!new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/login/")) return;
    event.detail.shouldSwap = false;
    tell("Phiên làm việc đã hết. Hãy đăng nhập ở một thẻ khác của trình duyệt rồi bấm Lưu lại; chữ vừa gõ vẫn ở đây.");
  });
  ["htmx:responseError", "htmx:sendError"].forEach((name) => document.body.addEventListener(name, () =>
    tell("Chưa làm được: mất kết nối, hoặc phần này không còn. Chữ vừa gõ vẫn ở đây; hãy thử lại.")));

  let saving = "";
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    saving = event.detail.target.matches?.("form[data-form]") ? event.detail.target.dataset.form : "";
  });
  document.body.addEventListener("htmx:afterSwap", () => forms().forEach(remember));
  document.body.addEventListener("htmx:afterSettle", () => {
    forms().forEach(open);
    const part = saving && document.getElementById(`pw-${saving}`);
    if (part) {
      part.classList.add("pw-flash");
      part.querySelector(".pw-text").focus({ preventScroll: true });
    }
    saving = "";
  });
  // After a deletion the keyboard goes on at the part that took the place.
  let place = -1;
  const parts = () => [...root.querySelectorAll("[data-part]")];
  root.addEventListener("focusin", (event) => { place = parts().indexOf(event.target.closest("[data-part]")); });
  document.body.addEventListener("pw:written", (event) => {
    const part = document.getElementById(`pw-${event.detail.focus}`) || parts()[Math.min(place, parts().length - 1)];
    part?.querySelector(".pw-text").focus();
    part?.classList.add("pw-flash");
    part?.scrollIntoView({ block: "nearest" });
  });

  const closeMenus = (but) =>
    root.querySelectorAll(".pw-menu[open]").forEach((menu) => { if (menu !== but) menu.open = false; });
  const acts = { ArrowUp: "len", ArrowDown: "xuong", ArrowRight: "vao", ArrowLeft: "ra" };
  root.addEventListener("keydown", (event) => {
    const form = event.target.closest("form[data-form]");
    if (form) {
      if (event.key === "Escape") cancel(form);
      if (event.key === "Enter" && event.ctrlKey) form.requestSubmit(form.querySelector("[data-save]"));
      return;
    }
    if (event.key === "Escape") closeMenus();
    const part = event.target.closest("[data-part]");
    const act = event.altKey ? acts[event.key] : event.key === "Delete" ? "xoa" : "";
    const button = act && part?.querySelector(`[data-act=${act}]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-cancel]");
    const form = button?.closest("form[data-new]");
    if (form) form.remove();
  });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("summary")?.parentElement));
  window.addEventListener("beforeunload", (event) => {
    if (forms().some(isTyped)) event.preventDefault();
  });
  document.querySelectorAll("form[data-sure]").forEach((form) =>
    form.addEventListener("submit", (event) => {
      if (!window.confirm(form.dataset.sure)) event.preventDefault();
    }));

  // The lines of the Word text that a part came from.
  const lines = document.querySelector(".pw-lines");
  const show = (event) => {
    const part = event.target.closest("[data-lines]");
    if (!lines || !part) return;
    lines.querySelectorAll(".pw-here").forEach((line) => line.classList.remove("pw-here"));
    const found = part.dataset.lines.split(" ").filter(Boolean).map((n) => document.getElementById(`pw-line-${n}`));
    found.forEach((line) => line?.classList.add("pw-here"));
    if (found[0]) lines.scrollTo({ top: found[0].offsetTop - lines.offsetTop - lines.clientHeight / 3 });
  };
  root.addEventListener("focusin", show);
  root.addEventListener("mouseover", show);
})();
