// The quota's sheet: lines down, units across; typed, pasted and moved about by keys, summed as it is typed, saved in one piece.
(() => {
  const sheet = document.querySelector("[data-quota]");
  if (!sheet) return;
  const json = (id) => JSON.parse(document.getElementById(id).textContent);
  const told = sheet.querySelector("[data-told]");
  const newTotal = sheet.querySelector("[name=expected]");
  const table = sheet.querySelector("table");
  const number = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 0 });
  let { version, expected, lines, held } = json("quota-sheet");
  let stored = expected;
  let units = json("quota-units"), further = json("quota-further");
  let base = JSON.stringify(lines);
  let undone = [], place = [0, 0], editor = null;

  // Numbers and sums -----------------------------------------------------------------------------

  const read = (value) => {
    let text = String(value ?? "").trim().replaceAll(/\s/g, "");
    if (/^\d{1,3}(\.\d{3})+$/.test(text)) text = text.replaceAll(".", "");
    if (text === "") return 0;
    return /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  };
  const count = (value) => read(value) || 0;
  const shown = (value) => {
    const n = read(value);
    return Number.isNaN(n) ? String(value) : n ? number.format(n) : "";
  };
  const end = (r) => {
    let next = r + 1;
    while (next < lines.length && lines[next].depth > lines[r].depth) next += 1;
    return next;
  };
  const children = (r) => {
    const depth = r < 0 ? 0 : lines[r].depth + 1, stop = r < 0 ? lines.length : end(r), found = [];
    for (let at = r + 1; at < stop; at += 1) if (lines[at].depth === depth) found.push(at);
    return found;
  };
  const adding = (r) => children(r).filter((at) => !lines[at].overlay);
  const parent = (r) => {
    for (let at = r - 1; at >= 0; at -= 1) if (lines[at].depth < lines[r].depth) return at;
    return -1;
  };
  const given = (r) => Object.values(lines[r].cells).reduce((sum, n) => sum + count(n), 0) + (lines[r].guests || 0);
  const ofUnit = (r, unit) => {
    const under = adding(r);
    return under.length ? under.reduce((sum, at) => sum + ofUnit(at, unit), 0) : count(lines[r].cells[unit]);
  };
  const difference = (sum, wanted) => (sum === wanted ? ["khớp", "right"]
    : sum > wanted ? [`thừa ${number.format(sum - wanted)}`, "wrong"] : [`thiếu ${number.format(wanted - sum)}`, "wrong"]);
  const verdict = (r) => {
    const line = lines[r], under = adding(r), wanted = count(line.count), up = parent(r);
    if (line.overlay) {
      const most = up < 0 ? expected : count(lines[up].count);
      if (wanted > most) return [number.format(wanted), `quá ${number.format(most)}`, "wrong"];
    }
    if (under.length) {
      const sum = under.reduce((total, at) => total + count(lines[at].count), 0);
      if (given(r)) return [number.format(sum), "ghi ở dòng con", "wrong"];
      return [number.format(sum), ...difference(sum, wanted)];
    }
    const sum = given(r);
    if (line.guests && sum < wanted) return [number.format(sum), `chưa ghi ${number.format(wanted - sum)}`, ""];
    return sum ? [number.format(sum), ...difference(sum, wanted)] : ["", line.overlay ? "" : "không chia", ""];
  };
  const whole = () => adding(-1).reduce((sum, at) => sum + count(lines[at].count), 0);

  // Columns and cells ----------------------------------------------------------------------------

  const columns = () => [
    { kind: "name", label: "Thành phần" }, { kind: "count", label: "Số đại biểu" },
    ...units.map((unit) => ({ kind: "unit", unit: unit.id, label: unit.name })), { kind: "note", label: "Ghi chú" },
  ];
  const value = (r, column) => {
    if (column.kind === "unit") return shown(lines[r].cells[column.unit]);
    return column.kind === "count" ? shown(lines[r].count) : lines[r][column.kind] || "";
  };
  const put = (r, column, text) => {
    if (column.kind === "unit") {
      if (text.trim() === "" || read(text) === 0) delete lines[r].cells[column.unit];
      else lines[r].cells[column.unit] = text.trim();
    } else lines[r][column.kind] = column.kind === "count" ? text.trim() : text.replaceAll(/\s+/g, " ").trim();
  };
  const isWrong = (r, column) => {
    if (column.kind === "name") return !lines[r].name;
    if (column.kind === "note") return false;
    if (Number.isNaN(read(column.kind === "count" ? lines[r].count : lines[r].cells[column.unit]))) return true;
    const firm = column.kind === "unit" && held[lines[r].id]?.[column.unit]?.[0];
    if (firm && count(lines[r].cells[column.unit]) < firm) return true;
    const up = lines[r].overlay && column.kind === "unit" ? parent(r) : -1;
    return up >= 0 && count(lines[r].cells[column.unit]) > ofUnit(up, column.unit);
  };
  const baseOf = () => new Map(JSON.parse(base).map((line) => [line.id, line]));
  const isChanged = (r, column, before) => {
    const old = before.get(lines[r].id);
    if (!old || !lines[r].id) return value(r, column) !== "";
    if (column.kind === "unit") return count(old.cells[column.unit]) !== count(lines[r].cells[column.unit]);
    return column.kind === "count" ? count(old.count) !== count(lines[r].count) : (old[column.kind] || "") !== (lines[r][column.kind] || "");
  };
  const element = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, text]) => text !== false && text !== null && made.setAttribute(name, text));
    made.append(...inside);
    return made;
  };

  const draw = () => {
    const shownColumns = columns(), before = baseOf();
    const heads = shownColumns.map((column) => element("th", { scope: "col", class: `ev-head-${column.kind}`, title: column.label }, column.label));
    heads.splice(2, 0, element("th", { scope: "col", class: "ev-head-given" }, "Đã chia"));
    table.tHead.replaceChildren(element("tr", {}, ...heads));
    table.tBodies[0].replaceChildren(...lines.map((line, r) => drawLine(line, r, shownColumns, before)));
    drawFoot(shownColumns);
    place = [Math.min(place[0], Math.max(lines.length - 1, 0)), Math.min(place[1], shownColumns.length - 1)];
    cellAt(...place)?.setAttribute("tabindex", "0");
    sheet.querySelector("[data-empty]").hidden = lines.length > 0;
    table.hidden = !lines.length;
    drawTools();
  };
  const drawLine = (line, r, shownColumns, before) => {
    const cells = shownColumns.map((column, c) => {
      const cell = element(column.kind === "name" ? "th" : "td", {
        "data-c": c, class: `ev-${column.kind}${isChanged(r, column, before) ? " pg-changed" : ""}${isWrong(r, column) ? " pg-wrong" : ""}`,
        scope: column.kind === "name" ? "row" : null,
        title: column.kind === "unit" ? `${column.label}: ${line.name}` : null,
      }, value(r, column));
      if (column.kind === "name") {
        cell.style.setProperty("--depth", line.depth);
        if (line.overlay) cell.dataset.overlay = "";
      }
      const firm = column.kind === "unit" && held[line.id]?.[column.unit];
      if (firm) cell.append(element("small", { title: "đã đề cử" }, ` ${number.format(firm[1])}✓`));
      return cell;
    });
    const [sum, words, state] = verdict(r);
    cells.splice(2, 0, element("td", { class: "ev-given", "data-state": state }, element("strong", {}, sum), element("span", {}, words)));
    return element("tr", { "data-r": r, class: `${line.overlay ? "ev-overlay " : ""}${line.depth ? "" : "ev-top"}` }, ...cells);
  };
  const drawFoot = (shownColumns) => {
    const sum = whole(), [words, state] = difference(sum, expected);
    const cells = shownColumns.map((column) => {
      if (column.kind === "name") return element("th", { scope: "row", class: "ev-name" }, "Tổng cộng");
      if (column.kind === "count") return element("td", {}, number.format(sum));
      if (column.kind === "note") return element("td", {});
      const total = adding(-1).reduce((all, at) => all + ofUnit(at, column.unit), 0);
      return element("td", {}, total ? number.format(total) : "");
    });
    cells.splice(2, 0, element("td", { class: "ev-given", "data-state": state },
      element("strong", {}, `dự kiến ${number.format(expected)}`), element("span", {}, words)));
    table.tFoot.replaceChildren(element("tr", {}, ...cells));
    const wrong = lines.filter((_, r) => verdict(r)[2] === "wrong").length + (state === "wrong" ? 1 : 0);
    const all = sheet.querySelector("[data-whole]");
    all.textContent = wrong ? `Còn ${wrong} chỗ chưa khớp` : "Phân bổ đã khớp";
    all.dataset.state = wrong ? "wrong" : "right";
  };
  const cellAt = (r, c) => table.querySelector(`tr[data-r="${r}"] [data-c="${c}"]`);
  const refreshCells = () => { const focused = table.contains(document.activeElement); draw(); if (focused) cellAt(...place)?.focus(); };

  // Changing, undoing ----------------------------------------------------------------------------

  const change = (act) => {
    const before = JSON.stringify(lines);
    act();
    if (JSON.stringify(lines) === before) return false;
    undone.push(before);
    if (undone.length > 100) undone.shift();
    refreshCells();
    return true;
  };
  const undo = () => {
    const last = undone.pop();
    if (!last) return;
    lines = JSON.parse(last);
    refreshCells();
  };
  const say = (text, isError = false) => {
    told.textContent = text;
    told.classList.toggle("wf-error", isError);
  };
  const fresh = (depth) => ({ id: null, depth, name: "", count: "", overlay: false, fits: "", note: "", cells: {}, guests: 0 });

  const acts = {
    add: () => {
      const at = lines.length ? end(place[0]) : 0;
      change(() => lines.splice(at, 0, fresh(lines.length ? lines[place[0]].depth : 0)));
      go(at, 0); edit("");
    },
    addUnder: () => {
      if (!lines.length) { acts.add(); return; }
      const at = end(place[0]);
      change(() => lines.splice(at, 0, fresh(lines[place[0]].depth + 1)));
      go(at, 0); edit("");
    },
    up: () => {
      const [r, c] = place;
      let before = r - 1;
      while (before >= 0 && lines[before].depth > lines[r].depth) before -= 1;
      if (before < 0 || lines[before].depth < lines[r].depth) return;
      change(() => lines.splice(before, 0, ...lines.splice(r, end(r) - r)));
      go(before, c);
    },
    down: () => {
      const [r, c] = place, next = end(r);
      if (next >= lines.length || lines[next].depth < lines[r].depth) return;
      const size = end(next) - next;
      change(() => lines.splice(r, 0, ...lines.splice(next, size)));
      go(r + size, c);
    },
    inside: () => {
      const [r] = place;
      if (r === 0 || lines[r - 1].depth < lines[r].depth) return;
      change(() => { for (let at = r, stop = end(r); at < stop; at += 1) lines[at].depth += 1; });
    },
    outside: () => {
      const [r] = place;
      if (!lines[r]?.depth) return;
      const stop = end(r);
      change(() => { for (let at = r; at < stop; at += 1) lines[at].depth -= 1; });
    },
    overlay: () => change(() => { lines[place[0]].overlay = !lines[place[0]].overlay; }),
    sum: () => change(() => {
      const under = adding(place[0]);
      lines[place[0]].count = String(under.length ? under.reduce((s, at) => s + count(lines[at].count), 0) : given(place[0]));
    }),
    remove: () => {
      const [r] = place, size = end(r) - r;
      if (!lines.length) return;
      change(() => lines.splice(r, size));
      say(`Đã bỏ ${number.format(size)} dòng, chưa lưu. Ctrl+Z để lấy lại.`);
    },
    fill: () => {
      const each = sheet.querySelector("[data-each]").value;
      if (Number.isNaN(read(each)) || !read(each)) { say("Hãy ghi mỗi đơn vị bao nhiêu người, ví dụ 2.", true); return; }
      change(() => {
        units.forEach((unit) => { lines[place[0]].cells[unit.id] = each.trim(); });
        lines[place[0]].count = String(given(place[0]));
      });
      say(`Đã điền mỗi đơn vị ${number.format(read(each))} người cho “${lines[place[0]].name}”, chưa lưu.`);
    },
  };
  const fits = sheet.querySelector("[data-fits]");
  fits.addEventListener("change", () => change(() => { lines[place[0]].fits = fits.value; }));
  sheet.querySelectorAll("[data-act]").forEach((button) => button.addEventListener("click", () => {
    leave(true);
    if (lines.length || button.dataset.act.startsWith("add")) acts[button.dataset.act]();
  }));
  sheet.querySelector("[data-each]").addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); acts.fill(); }
  });
  const drawTools = () => {
    const line = lines[place[0]];
    sheet.querySelector("[data-current]").textContent = line ? line.name || "(dòng mới)" : "chưa có dòng nào";
    fits.value = line?.fits || "";
    fits.disabled = !line;
    sheet.querySelector("[data-act=overlay]").setAttribute("aria-pressed", String(Boolean(line?.overlay)));
  };

  // Moving and typing ----------------------------------------------------------------------------

  const go = (r, c) => {
    if (!lines.length) return;
    cellAt(...place)?.removeAttribute("tabindex");
    place = [Math.min(Math.max(r, 0), lines.length - 1), Math.min(Math.max(c, 0), columns().length - 1)];
    const cell = cellAt(...place);
    cell.tabIndex = 0;
    cell.focus();
    drawTools();
  };
  const along = (by) => {
    const [r, c] = place, next = c + by, width = columns().length;
    if (next >= 0 && next < width) go(r, next);
    else if (r + by >= 0 && r + by < lines.length) go(r + by, by > 0 ? 0 : width - 1);
    else return false;
    return true;
  };
  const edit = (text) => {
    const cell = cellAt(...place), column = columns()[place[1]];
    if (!cell) return;
    const isText = ["name", "note"].includes(column.kind);
    const input = element("input", { "aria-label": `${lines[place[0]].name || "Dòng mới"}: ${column.label}`, inputmode: isText ? "text" : "numeric", maxlength: 300 });
    input.value = text ?? (isText ? lines[place[0]][column.kind] || "" : value(place[0], column));
    cell.replaceChildren(input);
    editor = { input, r: place[0], column };
    input.addEventListener("blur", () => leave(true));
    input.focus();
    if (text === undefined) input.select();
  };
  const leave = (keep) => {
    if (!editor) return;
    const { input, r, column } = editor;
    editor = null;
    if (!keep || !change(() => put(r, column, input.value))) draw();
  };
  const moves = {
    ArrowUp: () => go(place[0] - 1, place[1]), ArrowDown: () => go(place[0] + 1, place[1]),
    ArrowLeft: () => go(place[0], place[1] - 1), ArrowRight: () => go(place[0], place[1] + 1),
    Home: () => go(place[0], 0), End: () => go(place[0], columns().length - 1),
    PageUp: () => go(place[0] - 10, place[1]), PageDown: () => go(place[0] + 10, place[1]),
  };
  const altMoves = { ArrowUp: acts.up, ArrowDown: acts.down, ArrowLeft: acts.outside, ArrowRight: acts.inside };
  const whileEditing = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") { leave(false); go(...place); }
    else if (event.key === "Enter" || event.key === "ArrowDown") { leave(true); go(place[0] + 1, place[1]); }
    else if (event.key === "ArrowUp") { leave(true); go(place[0] - 1, place[1]); }
    else if (event.key === "Tab") { leave(true); if (!along(event.shiftKey ? -1 : 1)) go(...place); }
    else return;
    event.preventDefault();
  };
  const whileMoving = (event) => {
    const isText = ["name", "note"].includes(columns()[place[1]].kind);
    if (event.altKey && altMoves[event.key]) altMoves[event.key]();
    else if (event.key === "Escape") sheet.querySelector("button[type=submit]").focus();
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") undo();
    else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") acts.add();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (moves[event.key]) moves[event.key]();
    else if (event.key === "Tab") { if (!along(event.shiftKey ? -1 : 1)) return; }
    else if (event.key === "Enter" || event.key === "F2") edit();
    else if (event.key === "Insert") acts.add();
    else if (event.key === "Delete" || event.key === "Backspace") change(() => put(place[0], columns()[place[1]], isText && columns()[place[1]].kind === "name" ? lines[place[0]].name : ""));
    else if (isText ? event.key.length === 1 : /^\d$/.test(event.key)) edit(event.key);
    else return;
    event.preventDefault();
  };
  const placeOf = (target) => {
    const cell = target.closest?.("[data-c]");
    return cell && table.contains(cell) ? [Number(cell.closest("tr").dataset.r), Number(cell.dataset.c)] : null;
  };
  table.addEventListener("keydown", (event) => {
    if (editor) whileEditing(event);
    else if (placeOf(event.target)) whileMoving(event);
  });
  table.addEventListener("mousedown", (event) => {
    if (editor && event.target !== editor.input) { const next = placeOf(event.target); leave(true); if (next) { event.preventDefault(); go(...next); } }
  });
  table.addEventListener("click", (event) => {
    const clicked = placeOf(event.target);
    if (!clicked || editor) return;
    go(...clicked);
    if (window.matchMedia("(pointer: coarse)").matches) edit();
  });
  table.addEventListener("dblclick", (event) => { if (placeOf(event.target) && !editor) edit(); });
  table.addEventListener("copy", (event) => {
    if (editor || !placeOf(event.target)) return;
    event.clipboardData.setData("text/plain", value(place[0], columns()[place[1]]));
    event.preventDefault();
  });
  table.addEventListener("paste", (event) => {
    const start = placeOf(event.target);
    if (!start) return;
    const rows = event.clipboardData.getData("text/plain").replace(/[\r\n]+$/, "").split(/\r?\n/).map((row) => row.split("\t"));
    if (editor && rows.length === 1 && rows[0].length === 1) return;
    event.preventDefault();
    leave(true);
    let done = 0, out = 0;
    change(() => rows.forEach((row, n) => {
      const r = start[0] + n;
      if (r >= lines.length && start[1] === 0) lines.push(fresh(lines.length ? lines.at(-1).depth : 0));
      row.forEach((text, c) => {
        const column = columns()[start[1] + c];
        if (r < lines.length && column) { put(r, column, text); done += 1; } else out += 1;
      });
    }));
    go(...start);
    say(`Đã dán ${number.format(done)} ô, chưa lưu.${out ? ` ${number.format(out)} ô nằm ngoài bảng nên bỏ qua.` : ""}`, out > 0);
  });

  // Units: found without accents, or given a column ----------------------------------------------

  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const finder = sheet.querySelector("[data-unit-find]"), offered = sheet.querySelector("[data-units]");
  const matching = () => {
    const words = fold(finder.value.trim()).split(/\s+/).filter(Boolean);
    return words.length ? [...units, ...further].filter((unit) => words.every((word) => fold(unit.name).includes(word))).slice(0, 8) : [];
  };
  const pick = (unit) => {
    finder.value = "";
    offered.hidden = true;
    if (further.includes(unit)) {
      further = further.filter((other) => other !== unit);
      units = [...units, unit];
      draw();
      say(`Đã thêm cột ${unit.name}.`);
    }
    if (lines.length) go(place[0], 2 + units.indexOf(unit));
  };
  finder.addEventListener("input", () => {
    const found = matching();
    offered.replaceChildren(...found.map((unit) => {
      const button = element("button", { type: "button" }, unit.name, element("small", {}, further.includes(unit) ? "thêm cột" : "đã có cột"));
      button.addEventListener("click", () => pick(unit));
      return element("li", {}, button);
    }));
    if (finder.value.trim() && !found.length) offered.replaceChildren(element("li", { class: "wf-help" }, "Không có đơn vị nào có tên như vậy."));
    offered.hidden = !finder.value.trim();
  });
  finder.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { finder.value = ""; offered.hidden = true; }
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (matching().length) pick(matching()[0]);
  });

  // Saving, fresh numbers, a workbook ------------------------------------------------------------

  const ask = async (url, options = {}) => {
    const answer = await fetch(url, { ...options, headers: { Accept: "application/json", ...options.headers } }).catch(() => null);
    if (!answer) return { error: "Không nối được với máy chủ; các số vừa nhập vẫn còn đây, hãy thử lại sau ít phút." };
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
      return { error: answer.redirected
        ? "Phiên làm việc đã hết. Hãy đăng nhập ở một thẻ khác rồi bấm Lưu lại; các số vừa nhập vẫn còn đây."
        : "Máy chủ chưa nhận được; các số vừa nhập vẫn còn đây, hãy bấm lại." };
    }
    return answer.json();
  };
  const token = () => new FormData(sheet).get("csrfmiddlewaretoken");
  const take = (answer) => {
    ({ version, expected, lines, held } = answer);
    stored = expected;
    if (newTotal) newTotal.value = "";
    base = JSON.stringify(lines);
    undone = [];
  };
  const save = async () => {
    leave(true);
    const wrong = table.querySelector(".pg-wrong");
    if (wrong) {
      go(...placeOf(wrong));
      say(wrong.classList.contains("ev-name") ? "Có dòng chưa ghi tên thành phần; hãy ghi tên hoặc xóa dòng đó."
        : "Ô này không lưu được: hãy ghi số nguyên không âm, không ít hơn số đã được nhận, và phần trong đó không quá số của dòng trên.", true);
      return;
    }
    const sent = new FormData(sheet);
    const revision = sheet.querySelector("[name=number]") && Object.fromEntries(["number", "on", "reason", "expected"].map((name) => [name, sent.get(name)]));
    say("Đang lưu…");
    const answer = await ask(window.location.pathname, {
      method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ version, lines, revision }),
    });
    if (answer.error) { say(answer.error, true); return; }
    take(answer);
    draw();
    say(answer.message, answer.mismatches > 0);
  };
  const refresh = async () => {
    leave(true);
    const answer = await ask(window.location.href);
    if (answer.error) { say(answer.error, true); return; }
    const before = baseOf(), mine = lines;
    take(answer);
    let kept = 0;
    mine.forEach((line, r) => {
      const now = lines.find((other) => other.id && other.id === line.id), old = before.get(line.id);
      if (!line.id) {
        const above = lines.findIndex((other) => other.id === mine[r - 1]?.id);
        lines.splice(above < 0 ? lines.length : above + 1, 0, line);
        kept += 1;
      } else if (now && old) {
        ["name", "count", "overlay", "fits", "note"].forEach((name) => { if (String(line[name]) !== String(old[name])) { now[name] = line[name]; kept += 1; } });
        new Set([...Object.keys(line.cells), ...Object.keys(old.cells)]).forEach((unit) => {
          if (count(line.cells[unit]) === count(old.cells[unit])) return;
          if (line.cells[unit] === undefined) delete now.cells[unit]; else now.cells[unit] = line.cells[unit];
          kept += 1;
        });
      }
    });
    draw();
    say(kept ? `Đã lấy số mới; ${number.format(kept)} ô bạn sửa vẫn giữ, chưa lưu.` : "Đã lấy số mới.");
  };
  newTotal?.addEventListener("input", () => { expected = count(newTotal.value) || stored; draw(); });
  sheet.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = sheet.querySelector("button[type=submit]");
    button.disabled = true;
    await save();
    button.disabled = false;
  });
  sheet.querySelector("[data-refresh]").addEventListener("click", refresh);
  const file = sheet.querySelector("[data-file]");
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    const body = new FormData();
    body.append("file", file.files[0]);
    say("Đang đọc tệp…");
    const answer = await ask(file.dataset.url, { method: "POST", headers: { "X-CSRFToken": token() }, body });
    file.value = "";
    if (answer.error) { say(answer.error, true); return; }
    const guests = new Map(lines.map((line) => [line.id, line.guests]));
    answer.units.forEach((id) => {
      const unit = further.find((other) => other.id === id);
      if (unit) { units = [...units, unit]; further = further.filter((other) => other !== unit); }
    });
    change(() => { lines = answer.lines.map((line) => ({ ...line, guests: guests.get(line.id) || 0 })); });
    say(answer.told);
  });
  window.addEventListener("beforeunload", (event) => { if (JSON.stringify(lines) !== base) event.preventDefault(); });

  draw();
})();
