// The phone in a tab: a small terminal on a canvas. It draws what the phone sends (cursor moves, colours, text), and
// sends keys, clicks and pasted text back as a terminal does. No library, no other host, nothing runs while idle.
"use strict";
(() => {
  const phone = document.getElementById("phone"), words = phone.dataset, keyboard = document.getElementById("keyboard");
  const canvas = phone.querySelector("canvas"), pen = canvas.getContext("2d", { alpha: false });
  const layer = document.getElementById("text"), note = document.getElementById("note");
  const FONT = 'ui-monospace, "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, "Noto Sans Mono", monospace';
  const INK = "#e0e0e0", GROUND = "#16181b", BOLD = 1, DIM = 2, ITALIC = 4, UNDERLINE = 8, REVERSE = 16, STRIKE = 32;
  const SIXTEEN = ("#000000 #cd3131 #0dbc79 #e5e510 #2472c8 #bc3fbc #11a8cd #e5e5e5 " +
    "#666666 #f14c4c #23d18b #f5f543 #3b8eea #d670d6 #29b8db #ffffff").split(" ");

  // -- the grid

  let columns = 0, rows = 0, wide = 8, high = 16, size = 16, base = 12, ratio = 1;  // of a cell, in device pixels
  let cells = [], dirty = new Set(), due = false, x = 0, y = 0;
  let style = { ink: "", ground: "", look: 0 };

  const blank = () => ({ text: " ", ink: style.ink, ground: style.ground, look: 0, span: 1 });

  function fit() {
    ratio = window.devicePixelRatio || 1;
    const width = phone.clientWidth * ratio, height = phone.clientHeight * ratio;
    pen.font = `100px ${FONT}`;
    const advance = pen.measureText("M").width / 100;
    // The largest face of the phone that can still be read; in a small window the smallest one, as large as it goes.
    for (const each of words.sizes.trim().split(" ")) {
      const [across, down] = each.split(",");
      for (size = 24 * ratio; size > 6 * ratio; size -= 0.5) {
        if (width / Math.round(size * advance) >= across && height / Math.round(size * 1.2) >= down) { break; }
      }
      if (size >= 11 * ratio) { break; }
    }
    wide = Math.max(1, Math.round(size * advance));
    high = Math.max(1, Math.round(size * 1.2));
    const before = `${columns},${rows}`;
    columns = Math.min(500, Math.max(10, Math.floor(width / wide)));
    rows = Math.min(200, Math.max(3, Math.floor(height / high)));
    canvas.width = columns * wide;
    canvas.height = rows * high;
    canvas.style.width = `${canvas.width / ratio}px`;
    canvas.style.height = `${canvas.height / ratio}px`;
    Object.assign(layer.style, { width: canvas.style.width, height: canvas.style.height, font: `${high / ratio / 1.2}px ${FONT}` });
    layer.replaceChildren(...Array.from({ length: rows }, () => document.createElement("div")));
    measured.clear();
    pen.font = `${size}px ${FONT}`;
    const box = pen.measureText("Mg"), above = box.fontBoundingBoxAscent, below = box.fontBoundingBoxDescent;
    base = Math.round((high - above - below) / 2 + above);
    if (`${columns},${rows}` !== before) {
      cells = Array.from({ length: rows }, () => Array.from({ length: columns }, blank));
    }
    touch();
    return `${columns},${rows}` !== before;
  }

  function touch(row) {
    if (row === undefined) { cells.forEach((_, each) => dirty.add(each)); } else { dirty.add(row); }
    if (!due) { due = true; soon(); }
  }

  // No frames come while another tab lies over this one.
  const soon = () => document.hidden ? setTimeout(draw, 100) : requestAnimationFrame(draw);
  document.addEventListener("visibilitychange", () => { if (due) { soon(); } });

  // -- drawing

  const measured = new Map();

  function draw() {
    due = false;
    for (const row of dirty) { if (row < rows) { drawRow(row); lay(row); } }
    dirty.clear();
    document.body.style.background = cells[0][0].ground || GROUND;
  }

  function colors(cell) {
    const ink = cell.ink || INK, ground = cell.ground || GROUND;
    return cell.look & REVERSE ? [ground, ink] : [ink, ground];
  }

  function drawRow(row) {
    const top = row * high, line = cells[row];
    for (let start = 0, end; start < columns; start = end) {
      const ground = colors(line[start])[1];
      for (end = start + 1; end < columns && colors(line[end])[1] === ground; end++) { /* one colour */ }
      pen.fillStyle = ground;
      pen.fillRect(start * wide, top, (end - start) * wide, high);
    }
    line.forEach((cell, column) => { if (cell.text !== " " && cell.text) { drawCell(cell, column * wide, top); } });
  }

  // The same text once more, invisible, piece by piece where it is drawn: it can be searched, and programs find it.
  function lay(row) {
    const line = cells[row], spans = [], empty = (at) => at >= columns || line[at].text === " ";
    for (let start = 0, end; start < columns; start = end) {
      const like = line[start];
      end = start + 1;
      if (empty(start)) { continue; }
      while (end < columns && line[end].ink === like.ink && line[end].ground === like.ground && !(empty(end) && empty(end + 1))) { end++; }
      if (empty(end - 1)) { end--; }
      const span = document.createElement("span");
      span.textContent = line.slice(start, end).map((cell) => cell.text).join("");
      span.style.left = `${start * wide / ratio}px`;
      span.style.width = `${(end - start) * wide / ratio}px`;
      spans.push(span);
    }
    layer.children[row].style.top = `${row * high / ratio}px`;
    layer.children[row].replaceChildren(...spans);
  }

  function drawCell(cell, left, top) {
    const width = wide * cell.span;
    pen.fillStyle = pen.strokeStyle = colors(cell)[0];
    pen.globalAlpha = cell.look & DIM ? 0.6 : 1;
    if (!drawBlock(cell.text.codePointAt(0), left, top) && !drawLine(cell.text, left, top)) {
      const font = `${cell.look & ITALIC ? "italic " : ""}${cell.look & BOLD ? "bold " : ""}${size}px ${FONT}`;
      if (pen.font !== font) { pen.font = font; }
      const key = font[0] + (cell.look & BOLD) + cell.text;
      if (!measured.has(key)) { measured.set(key, pen.measureText(cell.text).width); }
      const own = measured.get(key);
      pen.fillText(cell.text, left + Math.max(0, (width - own) / 2), top + base, width);
    }
    if (cell.look & UNDERLINE) { pen.fillRect(left, top + base + 1, width, Math.max(1, ratio)); }
    if (cell.look & STRIKE) { pen.fillRect(left, top + Math.round(high / 2), width, Math.max(1, ratio)); }
    pen.globalAlpha = 1;
  }

  // Block elements are drawn here and not by the font, so that they meet without gaps: U+2580 to U+259F.
  const QUARTERS = { 0x96: 4, 0x97: 8, 0x98: 1, 0x99: 13, 0x9a: 9, 0x9b: 7, 0x9c: 11, 0x9d: 2, 0x9e: 6, 0x9f: 14 };

  function drawBlock(code, left, top) {
    if (code < 0x2580 || code > 0x259f) { return false; }
    const part = code - 0x2500, middle = Math.round(wide / 2), half = Math.round(high / 2);
    const fill = (a, b, width, height) => pen.fillRect(left + a, top + b, width, height);
    if (part === 0x80) { fill(0, 0, wide, half); }
    else if (part <= 0x88) { const tall = part === 0x84 ? high - half : Math.round(high * (part - 0x80) / 8); fill(0, high - tall, wide, tall); }
    else if (part <= 0x8f) { fill(0, 0, part === 0x8c ? middle : Math.max(1, Math.round(wide * (0x90 - part) / 8)), high); }
    else if (part === 0x90) { fill(middle, 0, wide - middle, high); }
    else if (part <= 0x93) { pen.globalAlpha *= (part - 0x90) / 4; fill(0, 0, wide, high); pen.globalAlpha = 1; }
    else if (part === 0x94) { fill(0, 0, wide, Math.max(1, Math.round(high / 8))); }
    else if (part === 0x95) { const thin = Math.max(1, Math.round(wide / 8)); fill(wide - thin, 0, thin, high); }
    else {
      const bits = QUARTERS[part];
      if (bits & 1) { fill(0, 0, middle, half); }
      if (bits & 2) { fill(middle, 0, wide - middle, half); }
      if (bits & 4) { fill(0, half, middle, high - half); }
      if (bits & 8) { fill(middle, half, wide - middle, high - half); }
    }
    return true;
  }

  // Lines: for each character its arms to the left, right, up and down; 1 thin, 2 thick. Round corners are arcs.
  const ARMS = Object.fromEntries(("─1100 ━2200 │0011 ┃0022 ┌0101 ┐1001 └0110 ┘1010 ├0111 ┤1011 ┬1101 ┴1110 ┼1111 " +
    "┏0202 ┓2002 ┗0220 ┛2020 ┣0222 ┫2022 ┳2202 ┻2220 ╋2222 ╴1000 ╵0010 ╶0100 ╷0001 ╸2000 ╹0020 ╺0200 ╻0002 " +
    "╭0101 ╮1001 ╯1010 ╰0110").split(" ").map((each) => [each[0], each.slice(1)]));

  function drawLine(text, left, top) {
    const arms = ARMS[text];
    if (!arms) { return false; }
    const thin = Math.max(1, Math.round(wide / 9)), middle = Math.floor((wide - thin) / 2), half = Math.floor((high - thin) / 2);
    if ("╭╮╯╰".includes(text)) {
      const [a, b] = [left + middle + thin / 2, top + half + thin / 2];
      pen.lineWidth = thin;
      pen.beginPath();
      pen.moveTo(a, arms[3] === "1" ? top + high : top);
      pen.quadraticCurveTo(a, b, arms[1] === "1" ? left + wide : left, b);
      pen.stroke();
      return true;
    }
    const weight = (arm) => thin * arms[arm];
    if (weight(0)) { pen.fillRect(left, top + half - (weight(0) - thin >> 1), middle + thin, weight(0)); }
    if (weight(1)) { pen.fillRect(left + middle, top + half - (weight(1) - thin >> 1), wide - middle, weight(1)); }
    if (weight(2)) { pen.fillRect(left + middle - (weight(2) - thin >> 1), top, weight(2), half + thin); }
    if (weight(3)) { pen.fillRect(left + middle - (weight(3) - thin >> 1), top + half, weight(3), high - half); }
    return true;
  }

  // -- what the phone sends

  const PIECE = /\x1b\[([?<=>]?)([\d;:]*)[ -/]*([@-~])|\x1b\]([^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b[PX^_][^]*?\x1b\\|\x1b[()].|\x1b.|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/gsu;
  const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

  function take(data) {
    for (const piece of data.matchAll(PIECE)) {
      const [text, mark, numbers, final, command] = piece;
      if (final) { if (!mark) { control(final, numbers); } }
      else if (command !== undefined) { system(command); }
      else if (text === "\r") { x = 0; }
      else if (text === "\n") { y = Math.min(rows - 1, y + 1); x = 0; }
      else if (text === "\b") { x = Math.max(0, x - 1); }
      else if (text === "\x07") { flash(); }
      else if (text >= " " && text[0] !== "\x7f") { write(text); }
    }
  }

  function write(text) {
    for (const each of text) {
      if (y >= rows) { return; }
      const line = cells[y];
      if (/\p{M}|[\u200b-\u200f\ufe00-\ufe0f]/u.test(each)) {
        if (x > 0 && x <= columns) { line[x - 1].text += each; }
        continue;
      }
      const span = each > "\u1000" && WIDE.test(each) ? 2 : 1;
      if (x + span > columns) { x = columns; continue; }
      line[x] = { text: each, ink: style.ink, ground: style.ground, look: style.look, span };
      if (span === 2) { line[x + 1] = { ...line[x], text: "", span: 1 }; }
      x += span;
    }
    touch(y);
  }

  function control(final, numbers) {
    const given = numbers.split(";").map((each) => parseInt(each, 10) || 0), first = Math.max(1, given[0]);
    const row = () => cells[y];
    switch (final) {
      case "H": case "f": y = Math.min(rows, first) - 1; x = Math.min(columns, Math.max(1, given[1] || 1)) - 1; break;
      case "A": y = Math.max(0, y - first); break;
      case "B": y = Math.min(rows - 1, y + first); break;
      case "C": x = Math.min(columns - 1, x + first); break;
      case "D": x = Math.max(0, x - first); break;
      case "G": x = Math.min(columns, first) - 1; break;
      case "d": y = Math.min(rows, first) - 1; break;
      case "K": for (let at = given[0] === 0 ? x : 0; at < (given[0] === 1 ? x + 1 : columns); at++) { row()[at] = blank(); } touch(y); break;
      case "J": cells.forEach((line, at) => { if (given[0] > 1 || at > y) { line.forEach((_, each) => { line[each] = blank(); }); } }); touch(); break;
      case "m": paint(numbers.replace(/:/g, ";").split(";").map((each) => parseInt(each, 10) || 0)); break;
    }
  }

  const LOOKS = { 1: BOLD, 2: DIM, 3: ITALIC, 4: UNDERLINE, 7: REVERSE, 9: STRIKE };
  const ENDS = { 22: BOLD | DIM, 23: ITALIC, 24: UNDERLINE, 27: REVERSE, 29: STRIKE };

  function paint(codes) {
    for (let at = 0; at < codes.length; at++) {
      const code = codes[at];
      if (code === 0) { style = { ink: "", ground: "", look: 0 }; }
      else if (LOOKS[code]) { style.look |= LOOKS[code]; }
      else if (ENDS[code]) { style.look &= ~ENDS[code]; }
      else if (code === 38 || code === 48) {
        const color = codes[at + 1] === 2 ? `rgb(${codes.slice(at + 2, at + 5).join()})` : indexed(codes[at + 2]);
        style[code === 38 ? "ink" : "ground"] = color;
        at += codes[at + 1] === 2 ? 4 : 2;
      } else if (code >= 30 && code < 40) { style.ink = code === 39 ? "" : SIXTEEN[code - 30]; }
      else if (code >= 40 && code < 50) { style.ground = code === 49 ? "" : SIXTEEN[code - 40]; }
      else if (code >= 90 && code < 98) { style.ink = SIXTEEN[code - 82]; }
      else if (code >= 100 && code < 108) { style.ground = SIXTEEN[code - 92]; }
    }
  }

  function indexed(number) {
    if (number < 16) { return SIXTEEN[number]; }
    if (number >= 232) { const grey = (number - 232) * 10 + 8; return `rgb(${grey},${grey},${grey})`; }
    const part = (power) => { const step = Math.floor((number - 16) / power) % 6; return step ? step * 40 + 55 : 0; };
    return `rgb(${part(36)},${part(6)},${part(1)})`;
  }

  function system(command) {
    const [number, ...rest] = command.split(";");
    if (number === "0" || number === "2") { document.title = rest.join(";"); }
    if (number === "52" && rest[1]) { copy(new TextDecoder().decode(Uint8Array.from(atob(rest[1]), (each) => each.charCodeAt(0)))); }
  }

  async function copy(text) {
    try { await navigator.clipboard.writeText(text); } catch {  // no secure context: only the old way is left
      keyboard.value = text;
      keyboard.select();
      document.execCommand("copy");
      keyboard.value = "";
    }
  }

  function flash() {
    phone.classList.add("bell");
    setTimeout(() => phone.classList.remove("bell"), 250);
  }

  // -- for those who cannot see it: all lines to read, and what has changed to hear

  let heard = { lines: [], now: null };

  function tell(display) {
    const plain = (line) => line.replace(/\b\d+:\d\d(:\d\d)?\b/g, "");  // a running clock is no news
    const known = new Set(heard.lines.map(plain));
    const news = display.lines.filter((line) => !known.has(plain(line)) && !/^F\d: /.test(line));
    const under = display.now === null ? "" : display.lines[display.now];
    if (under && !news.includes(under) && under !== heard.lines[heard.now]) { news.unshift(under); }
    const list = document.getElementById("lines");
    list.replaceChildren(...display.lines.map((line, at) => {
      const made = document.createElement("p");
      made.textContent = line;
      if (at === display.now) { made.setAttribute("aria-current", "true"); }
      return made;
    }));
    if (news.length) { document.getElementById("now").textContent = news.slice(0, 6).join(". "); }
    document.title = [display.title, words.model].filter(Boolean).join(" - ");
    if (document.documentElement.lang !== display.language) { document.documentElement.lang = display.language; }
    heard = display;
  }

  // -- keys, clicks and pasted text

  const ARROWS = { ArrowUp: "A", ArrowDown: "B", ArrowRight: "C", ArrowLeft: "D", End: "F", Home: "H" };
  const NUMBERED = { Insert: 2, Delete: 3, PageUp: 5, PageDown: 6 };
  const PLAIN = { Enter: "\r", Backspace: "\x7f", Tab: "\t", Escape: "\x1b[27u" };
  const BROWSERS = "cvxrtwnlpf+-=0";  // ctrl with one of these belongs to the browser

  function sequence(event) {
    const { key, code, shiftKey: shift, ctrlKey: ctrl, metaKey: meta } = event;
    const graph = event.getModifierState("AltGraph"), alt = event.altKey && !graph;
    if (meta || event.isComposing || key === "Dead") { return ""; }
    const bits = 1 + (shift ? 1 : 0) + (alt ? 2 : 0) + (ctrl && !graph ? 4 : 0), more = bits > 1 ? `;${bits}` : "";
    if (key === "Tab" && shift) { return "\x1b[Z"; }
    if (PLAIN[key]) { return PLAIN[key]; }
    if (ARROWS[key]) { return `\x1b[${more ? "1" + more : ""}${ARROWS[key]}`; }
    if (NUMBERED[key]) { return `\x1b[${NUMBERED[key]}${more}~`; }
    if (/^F[1-4]$/.test(key)) { return more ? `\x1b[1${more}${"PQRS"[key[1] - 1]}` : `\x1bO${"PQRS"[key[1] - 1]}`; }
    if ([...key].length !== 1) { return ""; }
    const letter = /^Key[A-Z]$/.test(code) && key.charCodeAt(0) > 126 ? code[3].toLowerCase() : key.toLowerCase();
    if (alt && !ctrl) { return `\x1b[${letter.codePointAt(0)};3u`; }
    if (ctrl && !graph) { return BROWSERS.includes(letter) || !/[a-z]/.test(letter) ? "" : String.fromCharCode(letter.charCodeAt(0) & 31); }
    return key;
  }

  keyboard.addEventListener("keydown", (event) => {
    const typed = sequence(event);
    if (typed) { event.preventDefault(); send(`K${typed}`); }
  });
  keyboard.addEventListener("input", (event) => {  // keyboards on glass, and letters that are put together
    if (!event.isComposing && keyboard.value) { send(`K${keyboard.value}`); keyboard.value = ""; }
  });
  keyboard.addEventListener("compositionend", () => { send(`K${keyboard.value}`); keyboard.value = ""; });
  document.addEventListener("paste", (event) => {
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain").replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "").slice(0, 2000);
    if (text) { send(`K\x1b[200~${text}\x1b[201~`); }
  });
  document.addEventListener("keydown", (event) => { if (event.target === document.body) { keyboard.focus(); } });

  let last = "", turned = 0;

  function point(event, button, end) {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) * ratio / wide) + 1, row = Math.floor((event.clientY - box.top) * ratio / high) + 1;
    const code = button + (event.shiftKey ? 4 : 0) + (event.altKey ? 8 : 0) + (event.ctrlKey ? 16 : 0);
    return `K\x1b[<${code};${Math.min(columns, Math.max(1, column))};${Math.min(rows, Math.max(1, row))}${end}`;
  }

  phone.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) { return; }
    event.preventDefault();
    keyboard.focus({ preventScroll: true });
    phone.setPointerCapture(event.pointerId);
    send(point(event, 35, "M"));
    send(last = point(event, 0, "M"));
  });
  phone.addEventListener("pointerup", (event) => { if (event.button === 0) { send(point(event, 0, "m")); } });
  phone.addEventListener("pointermove", (event) => {
    const moved = point(event, event.buttons & 1 ? 32 : 35, "M");
    if (moved !== last) { send(last = moved); }
  });
  phone.addEventListener("wheel", (event) => {
    event.preventDefault();
    turned += event.deltaMode ? event.deltaY * 40 : event.deltaY;
    if (Math.abs(turned) >= 40) { send(point(event, turned > 0 ? 65 : 64, "M")); turned = 0; }
  }, { passive: false });

  // -- the connection

  let socket = null, pause = 500, waiting = 0;

  function send(text) { if (socket && socket.readyState === WebSocket.OPEN) { socket.send(text); } }

  function say(text, again) {
    note.hidden = !text;
    note.firstChild.textContent = text;
    note.lastChild.hidden = !again;
    if (again) { note.lastChild.focus(); }
  }

  async function connect() {
    clearTimeout(waiting);
    try {
      const answer = await fetch(new URL(`${words.path}/ticket`, location.origin), { method: "POST", cache: "no-store" });
      if (!answer.ok) { throw new Error(answer.status); }
      const { ticket } = await answer.json();
      const asked = new URLSearchParams({ ticket, columns, rows });
      socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${words.path}/screen?${asked}`);
    } catch { lost(); return; }
    let closed = false;
    socket.onopen = () => { pause = 500; say(""); keyboard.focus({ preventScroll: true }); };
    socket.onmessage = ({ data }) => {
      const text = data.slice(1);
      if (data[0] === "A") { take(text); }
      else if (data[0] === "D") { tell(JSON.parse(text)); }
      else if (data[0] === "F") { save(JSON.parse(text)); }
      else if (data[0] === "X") { closed = true; }
    };
    socket.onclose = ({ code }) => {
      if (closed) { say(words.closed, true); } else { lost(code === 1013 ? words.full : ""); }
    };
  }

  function save({ name, data }) {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0)), link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  function lost(why) {
    socket = null;
    say(why || words.lost);
    waiting = setTimeout(connect, pause);
    pause = Math.min(5000, pause * 1.5);
  }

  note.lastChild.addEventListener("click", connect);
  let settling = 0;
  window.addEventListener("resize", () => {
    clearTimeout(settling);
    settling = setTimeout(() => { if (fit()) { send(`R${columns},${rows}`); } }, 60);
  });
  fit();
  connect();
})();
