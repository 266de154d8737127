// The hall drawn on a grid with the pointer or the keys; blocks of seats, for whom they are kept; saved in one piece.
(() => {
  const hall = document.querySelector("[data-hall]");
  if (!hall) return;
  const json = (id) => JSON.parse(document.getElementById(id).textContent);
  const grid = hall.querySelector("[data-grid]"), told = hall.querySelector("[data-told]");
  const lines = json("hall-lines"), letters = json("hall-letters");
  const number = new Intl.NumberFormat("vi-VN");
  let { version, rows, blocks, leading } = json("hall-drawing");
  const WORDS = { ".": "lối đi", "=": "sân khấu", o: "ghế" };
  const isSeat = (cell) => cell === "o" || letters.includes(cell);
  let brush = "o", at = [0, 0], undone = [], painting = null;
  const state = () => JSON.stringify({ rows, blocks, leading });
  let base = state();

  const say = (words, wrong = false) => { told.textContent = words; told.classList.toggle("wf-error", wrong); };
  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const remember = () => { undone = [...undone.slice(-49), state()]; };

  // The grid ---------------------------------------------------------------------------------------

  const cellAt = (r, c) => grid.children[r]?.children[c];
  const name = (cell) => WORDS[cell] || `ghế khối ${cell}`;
  const dress = (element, r, c) => {
    const cell = rows[r][c];
    element.className = `st-cell ${isSeat(cell) ? "st-seat" : cell === "=" ? "st-stage" : "st-floor"} ${letters.includes(cell) ? `st-block-${cell}` : ""}`;
    element.textContent = letters.includes(cell) ? cell : "";
    element.setAttribute("aria-label", `Hàng ${r + 1}, cột ${c + 1}: ${name(cell)}`);
    element.tabIndex = r === at[0] && c === at[1] ? 0 : -1;
  };
  const draw = () => {
    at = [Math.min(at[0], rows.length - 1), Math.min(at[1], rows[0].length - 1)];
    grid.style.setProperty("--columns", rows[0].length);
    grid.replaceChildren(...rows.map((row, r) => {
      const line = make("div", { className: "st-row" });
      line.setAttribute("role", "row");
      [...row].forEach((_, c) => {
        const cell = make("span");
        cell.setAttribute("role", "gridcell");
        cell.dataset.r = r;
        cell.dataset.c = c;
        dress(cell, r, c);
        line.append(cell);
      });
      return line;
    }));
    hall.querySelector("[data-rows]").value = rows.length;
    hall.querySelector("[data-columns]").value = rows[0].length;
    count();
  };
  const count = () => {
    const seats = rows.reduce((sum, row) => sum + [...row].filter(isSeat).length, 0);
    const expected = Number(hall.dataset.expected), guests = Number(hall.dataset.guests);
    const output = hall.querySelector("[data-count]");
    const short = seats < guests ? `thiếu ${number.format(guests - seats)} ghế cho ${number.format(guests)} đại biểu đã nhận`
      : seats < expected ? `ít hơn ${number.format(expected)} đại biểu dự kiến` : `đủ cho ${number.format(expected)} đại biểu dự kiến`;
    output.textContent = `${number.format(seats)} ghế, ${short}`;
    output.dataset.state = seats < expected || seats < guests ? "wrong" : "right";
    blocks.forEach((block) => {
      const of = hall.querySelector(`[data-block="${block.letter}"] [data-seats]`);
      if (of) of.textContent = `${number.format(rows.reduce((sum, row) => sum + [...row].filter((cell) => cell === block.letter).length, 0))} ghế`;
    });
  };
  const paint = (r, c, cell = brush) => {
    if (rows[r]?.[c] === undefined || rows[r][c] === cell) return;
    rows[r] = rows[r].slice(0, c) + cell + rows[r].slice(c + 1);
    dress(cellAt(r, c), r, c);
    count();
  };
  const go = (r, c) => {
    if (rows[r]?.[c] === undefined) return;
    const before = at;
    at = [r, c];
    dress(cellAt(...before), ...before);
    dress(cellAt(r, c), r, c);
    cellAt(r, c).focus();
  };
  const place = (element) => [Number(element.dataset.r), Number(element.dataset.c)];
  const start = (cell) => {
    remember();
    go(...place(cell));
    const [r, c] = place(cell);
    painting = rows[r][c] === brush && brush !== "." ? "." : brush;
    paint(r, c, painting);
  };
  grid.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest("[data-r]");
    if (!cell || event.button || event.pointerType === "touch") return;
    event.preventDefault();
    start(cell);
  });
  grid.addEventListener("click", (event) => {  // a finger moves the hall about; a tap paints
    const cell = event.target.closest("[data-r]");
    if (!cell || event.pointerType !== "touch") return;
    start(cell);
    painting = null;
  });
  grid.addEventListener("pointermove", (event) => {
    if (painting === null) return;
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-r]");
    if (cell && grid.contains(cell)) paint(...place(cell), painting);
  });
  window.addEventListener("pointerup", () => { painting = null; });
  window.addEventListener("pointercancel", () => { painting = null; });
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  grid.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key.toLowerCase() === "z") { event.preventDefault(); undo(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (STEPS[event.key]) {
      event.preventDefault();
      const [down, right] = STEPS[event.key];
      if (event.shiftKey) { remember(); paint(...at); }
      go(at[0] + down, at[1] + right);
      if (event.shiftKey) paint(...at);
    } else if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      remember();
      paint(...at);
    } else {
      const wanted = { 1: "o", 2: ".", 3: "=" }[event.key] || event.key.toUpperCase();
      if (hall.querySelector(`[data-brush="${wanted}"]`)) { event.preventDefault(); choose(wanted); }
    }
  });

  // Brushes, size, undo ----------------------------------------------------------------------------

  const choose = (cell) => {
    brush = cell;
    hall.querySelectorAll("[data-brush]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.brush === cell)));
    say(`Đang vẽ: ${name(cell)}.`);
  };
  hall.addEventListener("click", (event) => {
    const button = event.target.closest("[data-brush]");
    if (button) choose(button.dataset.brush);
  });
  const undo = () => {
    if (!undone.length) { say("Không còn gì để hoàn tác."); return; }
    ({ rows, blocks, leading } = JSON.parse(undone.pop()));
    draw();
    drawBlocks();
    say("Đã hoàn tác.");
  };
  hall.querySelector("[data-undo]").addEventListener("click", undo);
  const resize = (height, width) => {
    if (![height, width].every((n) => Number.isInteger(n) && n >= 1 && n <= 60)) { say("Số hàng và số cột từ 1 đến 60.", true); draw(); return; }
    remember();
    rows = Array.from({ length: height }, (_, r) => (rows[r] ?? "o".repeat(width)).slice(0, width).padEnd(width, r < rows.length ? rows[r].at(-1) : "o"));
    draw();
  };
  hall.querySelector("[data-rows]").addEventListener("change", (event) => resize(Number(event.target.value), rows[0].length));
  hall.querySelector("[data-columns]").addEventListener("change", (event) => resize(rows.length, Number(event.target.value)));

  // Blocks -----------------------------------------------------------------------------------------

  const choices = (chosen, changed) => lines.map((line) => {
    const box = make("input", { type: "checkbox", checked: chosen.includes(line.id) });
    box.addEventListener("change", () => { remember(); changed(line.id, box.checked); });
    const label = make("label", { className: "st-line" }, box, `${line.name} (${number.format(line.count)})`);
    label.style.setProperty("--depth", line.depth);
    return label;
  });
  const toggled = (list, id, on) => (on ? [...list, id] : list.filter((other) => other !== id));
  const drawBlocks = () => {
    hall.querySelector("[data-blocks]").replaceChildren(...blocks.map((block) => {
      const title = make("input", { className: "ev-input", value: block.name, maxLength: 80, required: true });
      title.setAttribute("aria-label", `Tên khối ${block.letter}`);
      title.addEventListener("input", () => { block.name = title.value; summary.data = ` ${title.value || "chưa có tên"} · `; });
      const use = make("button", { className: "wf-button ev-small", type: "button" }, `Tô khối ${block.letter}`);
      use.dataset.brush = block.letter;
      use.setAttribute("aria-pressed", String(brush === block.letter));
      const drop = make("button", { className: "wf-button ev-small wf-danger", type: "button" }, "Xóa khối");
      drop.addEventListener("click", () => {
        remember();
        rows = rows.map((row) => row.replaceAll(block.letter, "o"));
        blocks = blocks.filter((other) => other !== block);
        if (brush === block.letter) choose("o");
        draw();
        drawBlocks();
      });
      const summary = document.createTextNode(` ${block.name || "chưa có tên"} · `);
      const lined = make("details", {}, make("summary", {}, `Dành cho ${block.lines.length ? `${block.lines.length} thành phần` : "mọi người"}`),
        ...choices(block.lines, (id, on) => { block.lines = toggled(block.lines, id, on); lined.firstChild.textContent = `Dành cho ${block.lines.length ? `${block.lines.length} thành phần` : "mọi người"}`; }));
      const seats = make("span", { className: "ev-soft" });
      seats.dataset.seats = "";
      const card = make("fieldset", { className: "st-block" },
        make("legend", {}, make("span", { className: `st-cell st-seat st-block-${block.letter}`, textContent: block.letter }), summary, seats),
        title, make("div", { className: "ev-chips" }, use, drop), lined);
      card.dataset.block = block.letter;
      return card;
    }));
    if (!blocks.length) hall.querySelector("[data-blocks]").append(make("p", { className: "ev-soft", textContent: "Chưa có khối nào." }));
    hall.querySelector("[data-leading]").replaceChildren(...choices(leading, (id, on) => { leading = toggled(leading, id, on); }));
    count();
  };
  hall.querySelector("[data-add-block]").addEventListener("click", () => {
    const letter = letters.find((one) => !blocks.some((block) => block.letter === one));
    if (!letter) { say(`Nhiều nhất ${letters.length} khối.`, true); return; }
    remember();
    blocks = [...blocks, { letter, name: "", lines: [] }];
    drawBlocks();
    choose(letter);
    hall.querySelector(`[data-block="${letter}"] .ev-input`).focus();
  });

  // Saving -----------------------------------------------------------------------------------------

  hall.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = hall.querySelector("button[type=submit]");
    button.disabled = true;
    say("Đang lưu…");
    const sent = state();
    try {
      const answer = await fetch(window.location.pathname, {
        method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": hall.querySelector("[name=csrfmiddlewaretoken]").value },
        body: JSON.stringify({ version, ...JSON.parse(sent) }), redirect: "manual",
      });
      if (!answer.ok) throw new Error();
      const saved = await answer.json();
      if (saved.error) say(saved.error, true);
      else { version = saved.version; base = sent; say(saved.message); }
    } catch {
      say("Chưa lưu được: mất mạng hoặc phiên làm việc đã hết. Sơ đồ vẫn còn trên màn hình; hãy bấm Lưu lại sau ít phút.", true);
    }
    button.disabled = false;
  });
  window.addEventListener("beforeunload", (event) => { if (state() !== base) event.preventDefault(); });

  draw();
  drawBlocks();
})();
