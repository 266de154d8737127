// The share-out sheet: moved about by keys, typed and pasted into, summed as it is typed, saved in one piece.
(() => {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  const table = sheet.querySelector("table");
  const told = sheet.querySelector("[data-told]");
  const columns = [...sheet.querySelectorAll("[data-target]")].map((head) => ({
    id: head.dataset.target,
    name: head.title,
    wanted: Number(head.dataset.wanted),
    most: head.dataset.max ? Number(head.dataset.max) : head.dataset.comparator === "=" ? Number(head.dataset.wanted) : Infinity,
    isCeiling: ["<=", "<"].includes(head.dataset.comparator),
    propose: head.querySelector("[data-propose]"),
    sum: 0,
    given: 0,
  }));
  const rows = [...sheet.querySelectorAll("tr[data-unit]")];
  const cells = rows.map((row) => [...row.querySelectorAll("td:not(.pg-members)")]);
  const saved = new Map(); // of each cell that differs from the server's: what the server holds
  const undone = [];
  let version = Number(sheet.dataset.version);
  let place = [0, 0];
  let editor = null;
  const number = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 2 });

  // Numbers --------------------------------------------------------------------------------------

  // "1.200,5" is typed with Vietnamese marks; a lone dot before other than three digits is a decimal point.
  const read = (text) => {
    if (text === "") return 0;
    if (/^\d{1,3}(\.\d{3})+(,\d{1,2})?$/.test(text)) text = text.replaceAll(".", "");
    return /^\d{1,13}([.,]\d{1,2})?$/.test(text) ? Number(text.replace(",", ".")) : NaN;
  };
  const shown = (text) => {
    const value = read(text);
    return Number.isNaN(value) ? text : value ? number.format(value) : "";
  };

  // Sums -----------------------------------------------------------------------------------------

  const sums = [...sheet.querySelectorAll("[data-sum]")].map((cell) => [cell.querySelector("[data-total]"), cell.querySelector("[data-verdict]")]);
  const verdict = ({ sum, given, wanted, most, isCeiling }) => {
    if (!given) return ["chưa giao", ""];
    if (sum > (isCeiling ? wanted : most)) return [`thừa ${number.format(sum - (isCeiling ? wanted : most))}`, "wrong"];
    return sum < wanted && !isCeiling ? [`còn thiếu ${number.format(wanted - sum)}`, "wrong"] : ["khớp", "right"];
  };
  const showSum = (c) => {
    const [words, state] = verdict(columns[c]);
    sums[c][0].textContent = number.format(columns[c].sum);
    sums[c][1].textContent = words;
    sums[c][1].parentElement.dataset.state = state;
  };
  const cents = (text) => Math.round((read(text) || 0) * 100);
  const add = (r, c, before, after) => {
    const column = columns[c];
    column.sum = (Math.round(column.sum * 100) + cents(after) - cents(before)) / 100;
    if (r > 0) column.given += (cents(after) > 0) - (cents(before) > 0);
  };

  // Cells ----------------------------------------------------------------------------------------

  const put = (r, c, text) => {
    const cell = cells[r][c], before = cell.textContent, after = shown(text.trim());
    if (before === after) return null;
    if (!saved.has(cell)) saved.set(cell, before);
    if (saved.get(cell) === after) saved.delete(cell);
    add(r, c, before, after);
    cell.textContent = after;
    cell.classList.toggle("pg-changed", saved.has(cell));
    cell.classList.toggle("pg-wrong", Number.isNaN(read(after)));
    showSum(c);
    return [r, c, before];
  };
  const putAll = (wanted) => {
    const done = wanted.map(([r, c, text]) => put(r, c, text)).filter(Boolean);
    if (done.length) undone.push(done);
    return done.length;
  };
  const undo = () => (undone.pop() || []).forEach(([r, c, text]) => put(r, c, text));

  const say = (text, isWrong = false) => {
    told.textContent = text;
    told.classList.toggle("wf-error", isWrong);
  };

  // Moving and typing ----------------------------------------------------------------------------

  const isShown = (r) => !rows[r].hidden;
  const step = (r, by) => {
    let next = r + by;
    while (next >= 0 && next < rows.length && !isShown(next)) next += by;
    return next >= 0 && next < rows.length ? next : r;
  };
  const go = (r, c) => {
    cells[place[0]][place[1]].removeAttribute("tabindex");
    place = [r, Math.min(Math.max(c, 0), columns.length - 1)];
    const cell = cells[place[0]][place[1]];
    cell.tabIndex = 0;
    cell.focus();
  };
  const along = (by) => {
    const [r, c] = place, next = c + by;
    if (next >= 0 && next < columns.length) go(r, next);
    else if (step(r, by) !== r) go(step(r, by), by > 0 ? 0 : columns.length - 1);
    else return false;
    return true;
  };
  const edit = (text) => {
    const cell = cells[place[0]][place[1]];
    editor = document.createElement("input");
    editor.inputMode = "decimal";
    editor.setAttribute("aria-label", `${rows[place[0]].querySelector("th").textContent.trim()}: ${columns[place[1]].name}`);
    editor.value = text ?? cell.textContent;
    editor.dataset.was = cell.textContent;
    cell.textContent = "";
    cell.append(editor);
    editor.addEventListener("blur", () => leave(true));
    editor.focus();
    if (text === undefined) editor.select();
  };
  const leave = (keep) => {
    if (!editor) return;
    const { value, dataset, parentElement: cell } = editor;
    editor = null;
    cell.textContent = dataset.was;
    if (keep) putAll([[...placeOf(cell), value]]);
  };

  const moves = {
    ArrowUp: () => go(step(place[0], -1), place[1]),
    ArrowDown: () => go(step(place[0], 1), place[1]),
    ArrowLeft: () => go(place[0], place[1] - 1),
    ArrowRight: () => go(place[0], place[1] + 1),
    Home: () => go(place[0], 0),
    End: () => go(place[0], columns.length - 1),
    PageUp: () => { for (let n = 0; n < 10; n += 1) moves.ArrowUp(); },
    PageDown: () => { for (let n = 0; n < 10; n += 1) moves.ArrowDown(); },
  };
  const whileEditing = (event) => {
    if (event.key === "Escape") { leave(false); go(...place); }
    else if (event.key === "Enter" || event.key === "ArrowDown") { leave(true); moves.ArrowDown(); }
    else if (event.key === "ArrowUp") { leave(true); moves.ArrowUp(); }
    else if (event.key === "Tab") { leave(true); if (!along(event.shiftKey ? -1 : 1)) go(...place); }
    else return;
    event.preventDefault();
  };
  const whileMoving = (event) => {
    if (event.key === "Escape") { sheet.querySelector("button[type=submit]").focus(); }
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (moves[event.key]) moves[event.key]();
    else if (event.key === "Tab") { if (!along(event.shiftKey ? -1 : 1)) return; }
    else if (event.key === "Enter" || event.key === "F2") edit();
    else if (event.key === "Delete" || event.key === "Backspace") putAll([[...place, ""]]);
    else if (/^\d$/.test(event.key)) edit(event.key);
    else return;
    event.preventDefault();
  };
  const placeOf = (target) => {
    const cell = target.closest?.("td:not(.pg-members)");
    const r = cell ? rows.indexOf(cell.parentElement) : -1;
    return r < 0 ? null : [r, cells[r].indexOf(cell)];
  };
  table.addEventListener("keydown", (event) => {
    if (editor) whileEditing(event);
    else if (placeOf(event.target)) whileMoving(event);
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
    event.clipboardData.setData("text/plain", cells[place[0]][place[1]].textContent);
    event.preventDefault();
  });
  table.addEventListener("paste", (event) => {
    if (!placeOf(event.target)) return;
    const lines = event.clipboardData.getData("text/plain").replace(/[\r\n]+$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    if (editor && lines.length === 1 && lines[0].length === 1) return;
    event.preventDefault();
    leave(true);
    const wanted = [], start = place;
    let r = start[0], left = 0;
    lines.forEach((line, n) => {
      line.forEach((text, c) => {
        if (r < rows.length && start[1] + c < columns.length) wanted.push([r, start[1] + c, text.replaceAll(/\s/g, "")]);
        else left += 1;
      });
      if (n < lines.length - 1) r = step(r, 1) === r ? rows.length : step(r, 1);
    });
    putAll(wanted);
    go(...start);
    say(`Đã dán ${number.format(wanted.length)} ô, chưa lưu.${left ? ` ${number.format(left)} ô nằm ngoài bảng nên bỏ qua.` : ""}`, left > 0);
  });

  // Finding a unit -------------------------------------------------------------------------------

  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const names = rows.map((row) => fold(row.querySelector("th").textContent));
  sheet.querySelector("[data-filter]").addEventListener("input", ({ target }) => {
    const wanted = fold(target.value.trim());
    rows.forEach((row, r) => { row.hidden = !names[r].includes(wanted) && !("own" in row.dataset && !wanted); });
    sheet.querySelector("[data-none]").hidden = rows.some((row) => !row.hidden);
  });
  sheet.querySelector("[data-filter]").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = rows.findIndex((row) => !row.hidden);
    if (first >= 0) go(first, place[1]);
  });

  // Proposals, saving, and the numbers as they are now -------------------------------------------

  const ask = async (url, options = {}) => {
    const headers = { Accept: "application/json", ...options.headers };
    const answer = await fetch(url, { ...options, headers }).catch(() => null);
    if (!answer) return { error: "Không nối được với máy chủ; các số vừa nhập vẫn còn đây, hãy thử lại sau ít phút." };
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
      return { error: answer.redirected
        ? "Phiên làm việc đã hết. Hãy đăng nhập ở một thẻ khác rồi bấm Lưu lại; các số vừa nhập vẫn còn đây."
        : "Máy chủ chưa nhận được; các số vừa nhập vẫn còn đây, hãy bấm Lưu lại." };
    }
    return answer.json();
  };
  columns.forEach((column, c) => {
    column.propose.addEventListener("change", async () => {
      const label = column.propose.selectedOptions[0].textContent;
      const answer = await ask(`${column.propose.value}?tu-lam=${read(cells[0][c].textContent) || ""}`);
      column.propose.value = "";
      if (answer.error) { say(answer.error, true); return; }
      putAll(rows.flatMap((row, r) => (row.dataset.unit in answer.cells && r > 0 ? [[r, c, answer.cells[row.dataset.unit]]] : [])));
      say(`Đã điền đề xuất “${label.toLowerCase()}”, chưa lưu. Sửa nếu cần rồi bấm Lưu phần giao.`);
    });
  });
  const refresh = async () => {
    const answer = await ask(window.location.href);
    if (answer.error) { say(answer.error, true); return false; }
    version = answer.version;
    rows.forEach((row, r) => columns.forEach((column, c) => {
      const now = answer.cells[row.dataset.unit]?.[column.id];
      if (now === undefined) return;
      const cell = cells[r][c];
      if (!saved.has(cell)) { put(r, c, now); saved.delete(cell); }
      else if (cell.textContent === now) saved.delete(cell);
      else saved.set(cell, now);
      cell.classList.toggle("pg-changed", saved.has(cell));
    }));
    undone.length = 0;
    return true;
  };
  const collect = () => {
    const found = {};
    rows.forEach((row, r) => columns.forEach((column, c) => {
      if (saved.has(cells[r][c])) (found[column.id] ??= {})[row.dataset.unit] = String(read(cells[r][c].textContent) || "");
    }));
    return found;
  };
  const save = async () => {
    leave(true);
    const wrong = sheet.querySelector(".pg-wrong");
    if (wrong) {
      go(...placeOf(wrong));
      say(`“${wrong.textContent}” không phải là số; hãy nhập như 12 hoặc 1.200 (số lẻ sau dấu phẩy, tối đa hai chữ số).`, true);
      return;
    }
    if (!saved.size) { say("Chưa có ô nào thay đổi."); return; }
    const sent = new Map([...saved.keys()].map((cell) => [cell, cell.textContent]));
    const given = new FormData(sheet);
    const decision = { number: given.get("number"), on: given.get("on"), document: given.get("document") };
    say("Đang lưu…");
    const answer = await ask(window.location.pathname, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": given.get("csrfmiddlewaretoken") },
      body: JSON.stringify({ version, cells: collect(), decision }),
    });
    if (answer.error) { say(answer.error, true); return; }
    sent.forEach((text, cell) => { if (cell.textContent === text) saved.delete(cell); });
    if (await refresh()) say(answer.message, Object.keys(answer.mismatches).length > 0);
  };
  sheet.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = sheet.querySelector("button[type=submit]");
    button.disabled = true;
    await save();
    button.disabled = false;
  });
  sheet.querySelector("[data-refresh]").addEventListener("click", async () => {
    leave(true);
    if (await refresh()) say(saved.size ? `Đã lấy số mới; ${number.format(saved.size)} ô bạn sửa vẫn giữ, chưa lưu.` : "Đã lấy số mới.");
  });
  window.addEventListener("beforeunload", (event) => { if (saved.size) event.preventDefault(); });

  cells.forEach((row, r) => row.forEach((cell, c) => add(r, c, "", cell.textContent)));
  columns.forEach((_, c) => showSum(c));
  cells[0][0].tabIndex = 0;
})();
