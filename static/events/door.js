// The door on a phone: scans, takes a typed code or finds by name; goes on without a network and sends afterwards what it kept.
// Kept on the phone: the list (names, seats, gifts, hashes of codes) until the event ends or one signs out; arrivals
// (numbers and times, no names) until the server has them, each under its own key, so that nothing is lost or counted twice.
(() => {
  const closed = document.querySelector("[data-closed]");
  const page = document.querySelector("[data-door]");
  const id = page?.dataset.door ?? closed?.dataset.closed;
  if (!id) return;
  const LIST = `door:list:${id}`, QUEUE = `door:queue:${id}:`, DOOR = "door:name";
  const at = (name) => page.querySelector(`[data-${name}]`);

  // What the phone keeps ---------------------------------------------------------------------------

  const store = {
    get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* a browser that keeps nothing */ } },
    queued: () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(QUEUE)).map((key) => JSON.parse(localStorage.getItem(key))); } catch { return []; } },
  };
  // Other events that have ended since this phone was last at a door.
  try {
    Object.keys(localStorage).filter((key) => key.startsWith("door:list:") && !(store.get(key)?.until > Date.now())).forEach(store.drop);
  } catch { /* a browser that keeps nothing */ }
  const forget = async () => {
    store.drop(LIST);
    if (window.caches) await caches.delete(`cua-${id}`);
    const workers = await navigator.serviceWorker?.getRegistrations() ?? [];
    await Promise.all(workers.filter((one) => one.scope.endsWith(`/su-kien/${id}/cua/`)).map((one) => one.unregister()));
  };
  if (closed) { forget(); return; }

  let list = store.get(LIST), csrf = page.querySelector("[name=csrfmiddlewaretoken]").value;
  let last = null, current = null, sending = null, sent = 0, signedOut = false, isOn = navigator.onLine;
  const number = new Intl.NumberFormat("vi-VN");
  const clock = (ms) => new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" }).format(ms);
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const person = (who) => list?.people.find((one) => one.id === who);
  const keep = () => { if (list) store.set(LIST, list); };
  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
  const newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  // On screen --------------------------------------------------------------------------------------

  const show = (kind, { say = "", name = "", seat = "", gift = "", more = "", key = null } = {}) => {
    const box = at("result");
    box.hidden = false;
    box.dataset.kind = kind;
    at("say").textContent = say;
    at("name").textContent = name;
    at("seat").textContent = seat && `Ghế ${seat}`;
    at("gift").textContent = gift && `Quà: ${gift}`;
    at("more").textContent = more;
    last = key;
    at("mistake").hidden = !key;
    if (kind !== "wait") navigator.vibrate?.(kind === "welcome" ? 80 : [80, 60, 80]);
  };
  const status = () => {
    const waiting = store.queued().length, net = at("net");
    const kept = waiting ? `, ${number.format(waiting)} lượt chờ gửi` : "";
    net.dataset.state = signedOut ? "out" : isOn ? "on" : "off";
    net.textContent = signedOut ? `Phiên làm việc đã hết${kept}; hãy tải lại trang để đăng nhập.` : isOn ? (waiting ? `Đang gửi${kept}` : "Có mạng") : `Mất mạng${kept}`;
    at("came").textContent = list ? number.format(list.people.filter((one) => one.came).length) : "–";
    at("all").textContent = list ? number.format(list.people.length) : "–";
  };
  const doubt = (words) => {
    const item = document.createElement("li");
    item.textContent = words;
    at("doubts").append(item);
    at("doubts-box").hidden = false;
  };
  const welcome = (one, key, more = "") => show("welcome", { say: "Chào mừng đại biểu", name: one.name, seat: one.seat, gift: one.gift, more, key });
  const refuse = (one) => show("refused", {
    say: one.at ? `Đã vào lúc ${clock(one.at)}` : "Đã được ghi có mặt trước đó", name: one.name, seat: one.seat, more: "Không ghi lần nữa.",
  });

  // The server -------------------------------------------------------------------------------------

  const ask = async (address, body) => {
    const options = body === undefined ? { headers: { Accept: "application/json", "X-Poll": "1" } }
      : { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf }, body: JSON.stringify(body) };
    let answer;
    if (!navigator.onLine) { isOn = false; status(); return null; }
    try {
      answer = await fetch(address, { ...options, redirect: "manual", signal: AbortSignal.timeout?.(15000) });
    } catch {
      isOn = false;
      status();
      return null;
    }
    isOn = true;
    if (answer.type === "opaqueredirect") { await leave(); return null; }
    if (answer.status === 403 && body !== undefined && !body.retried) {
      await refresh(true);
      return signedOut ? null : ask(address, { ...body, retried: true });
    }
    if (answer.status === 403 || answer.status === 404) { await leave(); return null; }
    try { return await answer.json(); } catch { return null; }
  };
  const leave = async () => {
    signedOut = true;
    list = null;
    await forget();
    status();
  };
  const mark = (one, came, when) => { if (one) { one.came = came; one.at = when; } };
  const refresh = async (first = false) => {
    const before = sent;
    const answer = await ask(first ? `${page.dataset.list}?lan=dau` : page.dataset.list);
    if (!answer) return;
    signedOut = false;
    csrf = answer.csrf;
    if (answer.closed) {
      list = null;
      await forget();
      show("refused", { say: answer.closed });
    } else if (before === sent) {
      list = { people: answer.people, until: answer.until };
      store.queued().forEach((entry) => mark(person(entry.delegate), true, entry.at));
      keep();
    }
    status();
  };
  // Everything that waits, in one sending at a time; returns what the server said by key.
  const send = () => {
    sending ??= (async () => {
      const said = new Map();
      await null; // an empty queue would end before "sending" is set
      try {
        for (let waiting = store.queued(); waiting.length; waiting = store.queued()) {
          waiting.sort((a, b) => a.at - b.at);
          const answer = await ask(page.dataset.send, { now: Date.now(), arrivals: waiting.slice(0, 200) });
          if (!answer?.results) break;
          sent += 1;
          answer.results.forEach((result) => {
            store.drop(QUEUE + result.key);
            said.set(result.key, result);
            if (result.key === last && result.outcome === "admitted") at("more").textContent = "";
            const came = result.outcome === "admitted" || result.outcome === "repeated";
            mark(person(result.delegate), came, came ? result.at : null);
            if (result.outcome !== "admitted" && result.key !== current) doubt(result.message);
          });
          keep();
        }
      } finally {
        sending = null;
        status();
      }
      return said;
    })();
    return sending;
  };

  // Arriving ---------------------------------------------------------------------------------------

  const arrive = async (one, way) => {
    at("find").value = "";
    at("found").replaceChildren();
    if (one.came) { refuse(one); return; }
    const entry = { key: newKey(), delegate: one.id, at: Date.now(), way, door: at("door-name").value.trim() };
    if (!store.set(QUEUE + entry.key, entry) && !isOn) {
      show("refused", { say: "Máy không lưu được dữ liệu và đang mất mạng nên chưa ghi; hãy ghi vào danh sách giấy.", name: one.name });
      return;
    }
    mark(one, true, entry.at);
    keep();
    status();
    if (!isOn) { welcome(one, entry.key, "Đã giữ trên máy, có mạng lại sẽ gửi."); send(); return; }
    current = entry.key;
    show("wait", { say: "Đang kiểm tra…", name: one.name });
    let result = (await Promise.race([send(), pause(2500)]))?.get(entry.key);
    if (!result && isOn && store.get(QUEUE + entry.key)) result = (await Promise.race([send(), pause(1500)]))?.get(entry.key);
    current = null;
    if (!result || result.outcome === "admitted") welcome(one, entry.key, result ? "" : "Đã giữ trên máy, có mạng lại sẽ gửi.");
    else if (result.outcome === "repeated") refuse({ ...one, at: result.at });
    else show("refused", { say: result.message, name: one.name });
  };
  const plain = (code) => [...code.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1")].filter((sign) => /[0-9A-HJKMNP-TV-Z]/.test(sign)).join("");
  const isCode = (text) => plain(text).length === 12 && (/\d/.test(text) || /^\S{4}-\S{4}-\S{4}$/.test(text.trim()));
  const hash = async (text) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))].map((n) => n.toString(16).padStart(2, "0")).join("");
  const takeCode = async (text, way) => {
    const code = plain(text);
    if (code.length !== 12) { show("refused", { say: "Mã này không phải thẻ đại biểu do hệ thống cấp; hãy xem lại thẻ hoặc tìm theo tên. Chưa ghi ai." }); return; }
    if (crypto.subtle && list) {
      const wanted = await hash(code);
      const one = list.people.find((other) => other.codes.includes(wanted));
      if (one) { await arrive(one, way); return; }
    }
    const answer = isOn || navigator.onLine ? await ask(page.dataset.code, { code }) : null;
    if (!answer) { show("refused", { say: signedOut ? "Phiên làm việc đã hết; hãy tải lại trang để đăng nhập." : "Mã này không có trong danh sách trên máy và đang mất mạng để hỏi; hãy tìm theo tên. Chưa ghi ai." }); return; }
    if (answer.error) { show("refused", { say: answer.error }); return; }
    list ??= { people: [], until: Date.now() + 3600000 };
    const known = person(answer.person.id);
    if (known) Object.assign(known, answer.person); else list.people.push(answer.person);
    await arrive(person(answer.person.id), way);
  };
  const search = () => {
    const text = at("find").value, words = fold(text).split(/\s+/).filter(Boolean);
    const fit = !words.length || isCode(text) || !list ? [] : list.people.filter((one) => words.every((word) => fold(one.name).includes(word)));
    at("found").replaceChildren(...fit.slice(0, 8).map((one) => {
      const item = document.createElement("li"), button = document.createElement("button"), about = document.createElement("small");
      button.type = "button";
      about.textContent = [one.seat && `ghế ${one.seat}`, one.came && (one.at ? `vào ${clock(one.at)}` : "đã vào")].filter(Boolean).join(" · ");
      button.append(one.name, about);
      button.addEventListener("click", () => arrive(one, "name"));
      item.append(button);
      return item;
    }));
    return fit;
  };
  at("find").addEventListener("input", search);
  at("find-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = at("find").value.trim();
    if (!text) return;
    if (isCode(text)) { takeCode(text, "typed"); return; }
    const fit = search();
    if (fit.length === 1) arrive(fit[0], "name");
    else if (!fit.length && plain(text).length === 12 && !/\s/.test(text)) takeCode(text, "typed"); // one code in a hundred has letters alone
    else show("refused", { say: fit.length ? `Có ${number.format(fit.length)} người hợp với “${text}”; hãy chọn một người ở dưới.` : `Không có ai tên “${text}” trong danh sách; hãy xem lại mã hoặc họ tên. Chưa ghi ai.` });
  });
  at("mistake").addEventListener("click", async () => {
    const key = last, entry = store.get(QUEUE + key);
    if (sending) await sending;
    if (entry && store.get(QUEUE + key)) {
      store.drop(QUEUE + key);
      mark(person(entry.delegate), false, null);
      keep();
      status();
      show("wait", { say: "Đã hủy lượt này, chưa gửi đi." });
      return;
    }
    const answer = await ask(page.dataset.undo, { key, reason: "Ghi nhầm ở cửa" });
    if (!answer) show("refused", { say: "Đang mất mạng nên chưa hủy được; hãy thử lại khi có mạng." });
    else {
      show(answer.error ? "refused" : "wait", { say: answer.error || answer.message });
      await refresh();
    }
  });
  at("doubts-seen").addEventListener("click", () => { at("doubts").replaceChildren(); at("doubts-box").hidden = true; });

  // Camera -----------------------------------------------------------------------------------------

  const video = at("video"), canvas = document.createElement("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
  let stream = null, seen = ["", 0];
  const read = (source, width, height) => {
    const scale = Math.min(1, 640 / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
    return jsQR(pixels.data, pixels.width, pixels.height, { inversionAttempts: "dontInvert" })?.data ?? null;
  };
  const trouble = (words) => { at("camera-error").textContent = words; at("camera-error").hidden = !words; };
  const look = async () => {
    if (!stream) return;
    const code = video.readyState >= 2 ? read(video, video.videoWidth, video.videoHeight) : null;
    if (code && (code !== seen[0] || Date.now() - seen[1] > 5000)) {
      seen = [code, Date.now()];
      await takeCode(code, "code");
    } else if (code) seen[1] = Date.now();
    setTimeout(look, 150);
  };
  at("scan").addEventListener("click", async () => {
    trouble("");
    if (stream) {
      stream.getTracks().forEach((track) => track.stop());
      stream = null;
    } else {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
        video.srcObject = stream;
        await video.play();
        look();
      } catch {
        stream = null;
        trouble("Máy không mở được camera: trang phải mở bằng HTTPS và được phép dùng camera. Hãy chụp ảnh mã, nhập mã hoặc tìm theo tên.");
      }
    }
    at("camera").hidden = !stream;
    at("scan").textContent = stream ? "Tắt camera" : "Quét mã bằng camera";
  });
  at("photo").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    trouble("");
    try {
      const picture = await createImageBitmap(file);
      const code = read(picture, picture.width, picture.height);
      if (code) await takeCode(code, "code");
      else trouble("Không thấy mã trong ảnh; hãy chụp gần và rõ hơn, hoặc nhập mã.");
    } catch {
      trouble("Không đọc được ảnh này; hãy chụp lại hoặc nhập mã.");
    }
  });

  // Coming and going -------------------------------------------------------------------------------

  at("door-name").value = store.get(DOOR) ?? "";
  at("door-name").addEventListener("change", () => store.set(DOOR, at("door-name").value.trim()));
  at("leave").addEventListener("submit", async (event) => {
    event.preventDefault();
    await send();
    const waiting = store.queued().length;
    if (waiting) {
      show("refused", { say: `Còn ${number.format(waiting)} lượt chưa gửi; hãy đợi có mạng rồi thoát để không mất lượt nào.` });
      return;
    }
    list = null;
    await forget();
    event.target.querySelector("[name=csrfmiddlewaretoken]").value = csrf;
    event.target.submit();
  });
  window.addEventListener("online", () => { isOn = true; send().then(() => refresh()); });
  window.addEventListener("offline", () => { isOn = false; status(); });
  const tick = async () => {
    if (list && Date.now() > list.until) {
      list = null;
      await forget();
      show("refused", { say: "Đã hết ngày tổ chức; danh sách trên máy đã xóa." });
    }
    if (!signedOut && !document.hidden) {
      if (store.queued().length) await send();
      await refresh();
    }
    status();
    setTimeout(tick, isOn ? 15000 : 5000);
  };
  navigator.serviceWorker?.register(page.dataset.worker, { scope: window.location.pathname }).catch(() => {});
  store.queued().forEach((entry) => mark(person(entry.delegate), true, entry.at));
  status();
  refresh(true).then(() => send()).then(() => setTimeout(tick, isOn ? 15000 : 5000));
})();
