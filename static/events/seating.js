// Who sits where: picked up and put down with the pointer or the keys, two changing places; each move is saved at once.
(() => {
  const page = document.querySelector("[data-seating]");
  if (!page) return;
  let plan = JSON.parse(document.getElementById("seating-plan").textContent);
  const grid = page.querySelector("[data-grid]"), told = page.querySelector("[data-told]");
  const list = page.querySelector("[data-people]"), find = page.querySelector("[data-find]");
  const chosenBox = page.querySelector("[data-chosen]"), onlyUnseated = page.querySelector("[data-only-unseated]");
  const mayMove = "mayMove" in page.dataset;
  const number = new Intl.NumberFormat("vi-VN");
  const SHOWN = 200;
  let at = null, held = null, busy = false;

  const say = (words, wrong = false) => { told.textContent = words; told.classList.toggle("wf-error", wrong); };
  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const label = (r, c) => plan.labels[`${r}/${c}`];
  const sitter = (r, c) => plan.people.find((one) => one.row === r && one.column === c);
  const person = (id) => plan.people.find((one) => one.id === id);
  const seatOf = (one) => (one.row === null ? "" : label(one.row, one.column));

  const cellAt = (r, c) => grid.querySelector(`[data-r="${r}"][data-c="${c}"]`);
  const short = (name) => name.split(" ").slice(-2).join(" ");
  const drawCell = (r, c, cell) => {
    const element = make("span", { className: "st-cell" });
    element.setAttribute("role", "gridcell");
    if (!label(r, c)) {
      element.classList.add(cell === "=" ? "st-stage" : "st-floor");
      return element;
    }
    const one = sitter(r, c);
    element.classList.add("st-seat");
    if (cell !== "o") element.classList.add(`st-block-${cell}`);
    if (one) element.classList.add("st-taken");
    if (one?.fixed) element.classList.add("st-fixed");
    if (one && held === one.id) element.classList.add("st-held");
    element.dataset.r = r;
    element.dataset.c = c;
    element.tabIndex = at && at[0] === r && at[1] === c ? 0 : -1;
    element.title = one ? `${label(r, c)} · ${one.name}, ${one.sender}` : `${label(r, c)}: còn trống`;
    element.setAttribute("aria-label", one ? `${label(r, c)}: ${one.name}, ${one.sender}${one.fixed ? ", giữ chỗ" : ""}` : `${label(r, c)}: còn trống`);
    element.append(make("b", { textContent: label(r, c) }), make("small", { textContent: one ? short(one.name) : "" }));
    return element;
  };
  const draw = () => {
    if (!at) at = Object.keys(plan.labels)[0]?.split("/").map(Number) ?? null;
    grid.style.setProperty("--columns", plan.rows[0].length);
    const hadFocus = grid.contains(document.activeElement);
    grid.replaceChildren(...plan.rows.map((row, r) => {
      const line = make("div", { className: "st-row" });
      line.setAttribute("role", "row");
      const head = make("span", { className: "st-name", textContent: plan.names[r] ?? "" });
      head.setAttribute("role", "rowheader");
      line.append(head, ...[...row].map((cell, c) => drawCell(r, c, cell)));
      return line;
    }));
    if (hadFocus && at) cellAt(...at)?.focus();
    drawPeople();
    drawChosen();
    const without = plan.people.filter((one) => one.row === null).length;
    const count = page.querySelector("[data-count]");
    count.textContent = `${number.format(plan.people.length - without)}/${number.format(plan.people.length)} đại biểu có chỗ, ${number.format(plan.seats)} ghế`;
    count.dataset.state = without || plan.seats < plan.people.length ? "wrong" : "right";
  };
  const drawPeople = () => {
    const words = fold(find.value).split(/\s+/).filter(Boolean);
    const fit = plan.people.filter((one) => (!onlyUnseated.checked || one.row === null)
      && words.every((word) => fold(`${one.name} ${one.sender} ${one.line} ${seatOf(one)}`).includes(word)));
    list.replaceChildren(...fit.slice(0, SHOWN).map((one) => {
      const button = make("button", { type: "button", className: "st-person" },
        make("span", {}, one.name, make("small", { className: "ev-soft", textContent: `${one.sender} · ${one.line}` })),
        make("b", { textContent: seatOf(one) || "chưa có chỗ" }));
      button.setAttribute("aria-pressed", String(held === one.id));
      button.addEventListener("click", () => pick(one));
      return make("li", {}, button);
    }));
    if (fit.length > SHOWN) list.append(make("li", { className: "ev-soft", textContent: `Còn ${number.format(fit.length - SHOWN)} người; hãy tìm theo tên.` }));
    if (!fit.length) list.append(make("li", { className: "ev-soft", textContent: plan.people.length ? "Không có ai." : "Chưa có đại biểu nào được nhận." }));
  };
  const drawChosen = () => {
    const one = held && person(held);
    chosenBox.hidden = !one;
    if (!one) return;
    page.querySelector("[data-chosen-name]").textContent = one.name;
    page.querySelector("[data-chosen-about]").textContent = `${one.sender} · ${one.line} · ${seatOf(one) ? `ghế ${seatOf(one)}` : "chưa có chỗ"}`;
    const fixer = page.querySelector("[data-fix]");
    fixer.textContent = one.fixed ? "Thôi giữ chỗ" : "Giữ chỗ này";
    [fixer, page.querySelector("[data-take-away]")].forEach((button) => { button.hidden = !mayMove || one.row === null; });
  };
  const pick = (one) => {
    held = held === one.id ? null : one.id;
    if (held && one.row !== null) at = [one.row, one.column];
    draw();
    if (held) {
      if (one.row !== null) cellAt(one.row, one.column)?.scrollIntoView({ block: "nearest", inline: "nearest" });
      say(mayMove ? `Đã nhấc ${one.name}; chọn ghế để đặt xuống.` : `${one.name}: ${seatOf(one) ? `ghế ${seatOf(one)}` : "chưa có chỗ"}.`);
    } else say("");
  };
  const ask = async (given) => {
    if (busy) return;
    busy = true;
    say("Đang lưu…");
    try {
      const answer = await fetch(page.dataset.url, {
        method: "POST", headers: { "X-CSRFToken": page.querySelector("[name=csrfmiddlewaretoken]").value },
        body: new URLSearchParams({ "dai-bieu": held, ...given }), redirect: "manual",
      });
      if (!answer.ok) throw new Error();
      const done = await answer.json();
      if (done.error) say(done.error, true);
      else {
        plan = done;
        held = null;
        draw();
        say(done.message);
      }
    } catch {
      say("Chưa lưu được: mất mạng hoặc phiên làm việc đã hết. Hãy tải lại trang rồi thử lại.", true);
    }
    busy = false;
  };
  const touch = (r, c) => {
    at = [r, c];
    const one = sitter(r, c);
    if (held && mayMove && one?.id !== held) { ask({ hang: r, cot: c }); return; }
    if (one) { pick(one); return; }
    draw();
    say(`Ghế ${label(r, c)} còn trống.`);
  };
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-r]");
    if (cell) { cell.focus(); touch(Number(cell.dataset.r), Number(cell.dataset.c)); }
  });
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  grid.addEventListener("keydown", (event) => {
    if (STEPS[event.key] && at) {
      event.preventDefault();
      let [r, c] = at;
      const [down, right] = STEPS[event.key];
      do { r += down; c += right; } while (plan.rows[r]?.[c] !== undefined && !label(r, c));
      if (label(r, c)) {
        cellAt(...at).tabIndex = -1;
        at = [r, c];
        cellAt(r, c).tabIndex = 0;
        cellAt(r, c).focus();
      }
    } else if ((event.key === "Enter" || event.key === " ") && at) {
      event.preventDefault();
      touch(...at);
    } else if (event.key === "Escape" && held) pick(person(held));
  });
  find.addEventListener("input", drawPeople);
  onlyUnseated.addEventListener("change", drawPeople);
  page.querySelector("[data-cancel]").addEventListener("click", () => pick(person(held)));
  page.querySelector("[data-fix]").addEventListener("click", () => ask({ viec: person(held).fixed ? "tha" : "giu" }));
  page.querySelector("[data-take-away]").addEventListener("click", () => ask({ viec: "bo" }));

  draw();
})();
