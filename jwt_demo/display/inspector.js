// The page of the live inspector. It judges nothing: each edit goes to Python, and what comes back is shown as text.
// Nothing from a token ever becomes markup; there is no innerHTML in this file, and no address is asked for anything.

const FORMS = [["auto", "any form"], ["text", "text"], ["base64", "base64"], ["base64url", "base64url"], ["hex", "hex"], ["pem", "PEM"], ["jwk", "JWK or JWK Set"]];
const WORDS = { "✓": "yes", "✗": "no", "○": "open" };
const SEVERITY = { error: "✗ error", warning: "! warning", note: "i note" };

const SEGMENTS = ["header", "payload", "signature"];
const PAINTED = ["token", "header", "claims"];
const JSON_PARTS = /("(?:[^"\\\n]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g;

export default { render };

function render({ model, el }) {
  const fields = {}, paints = {}, past = [], future = [];
  let base = "", answered = 0, sent = 0, startedAt = 0, alarm = 0, silence = 0, changed = null, sentToServer = null;

  const root = make("section", { class: "jd-inspector jd-live jwt-demo tex2jax_ignore", "aria-label": "Token inspector" });
  field("token", "Token", "textarea", { rows: 3 });
  const legend = add(add(root, "div", { class: "jd-signed" }), "p", { class: "jd-says" });
  const bar = add(root, "div", { class: "jd-bar", role: "toolbar", "aria-label": "What to do with the token" });
  button("Change one letter", () => edit("tamper"));
  const signAgain = button("Sign again", () => edit("sign"));
  const follow = add(add(bar, "label", {}), "input", { type: "checkbox", checked: "" });
  follow.parentNode.append(" signature follows my edits");
  button("Undo", () => travel(past, future), "Ctrl+Z");
  button("Redo", () => travel(future, past), "Ctrl+Shift+Z");
  const repair = button("Repair", () => edit("repair"));
  repair.hidden = true;
  button("Copy token", copy);
  button("Clear", clear);
  const said = add(root, "p", { class: "jd-says", role: "status" });

  const spoken = add(root, "div", { role: "status" });
  const statements = add(spoken, "ul", { class: "jd-statements", "aria-label": "What is known about this token" });
  const findings = add(root, "ul", { class: "jd-findings", "aria-label": "What is odd about it" });
  const columns = add(root, "div", { class: "jd-columns" });
  field("header", "Header", "textarea", { rows: 5 }, columns);
  field("claims", "Claims", "textarea", { rows: 9 }, columns);

  const keyRow = add(root, "div", { class: "jd-columns jd-key-row" });
  field("key", "Key", "textarea", { rows: 2, class: "jd-masked" }, keyRow);
  fields.key.placeholder = "paste a secret, PEM, JWK, JWK Set, or a JWK Set's address on this machine; or leave it to Python";
  const eye = add(fields.key.parentNode, "button", { type: "button", "aria-pressed": "false" }, "Show key");
  eye.addEventListener("click", () => {
    const masked = fields.key.classList.toggle("jd-masked");
    eye.setAttribute("aria-pressed", String(!masked));
  });
  field("form", "Key is", "select", {}, keyRow);
  for (const [value, words] of FORMS) add(fields.form, "option", { value }, words);
  field("example", "Example", "select", {}, keyRow);
  add(fields.example, "option", { value: "" }, "my own token");
  for (const name of model.get("algorithms")) add(fields.example, "option", { value: name }, `new: ${name}`);
  const keySays = add(root, "p", { class: "jd-says", id: id("key-says") });
  fields.key.setAttribute("aria-describedby", keySays.id);

  const server = add(root, "div", { class: "jd-columns jd-server-row" });
  field("path", "Path on the running server", "input", { type: "text" }, server);
  const send = add(server, "button", { type: "button" }, "Send it");
  send.addEventListener("click", () => ask("send"));
  const answer = add(root, "pre", { class: "jd-answer", role: "status", "aria-label": "Response of the server", tabindex: "0", hidden: "" });
  const meanings = add(root, "table", { class: "jd-claims jd-meanings" });

  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    event.shiftKey ? travel(future, past) : travel(past, future);
  });
  // Or JupyterLab takes `d d` for "delete this cell". Its rules look at the focused element first, so each carries the mark.
  for (const control of root.querySelectorAll("textarea, input, select, button, pre")) control.dataset.lmSuppressShortcuts = "true";
  model.on("msg:custom", hear);
  el.append(root);
  let last = snapshot();
  ask("start");
  return () => { model.off("msg:custom", hear); clearTimeout(alarm); clearTimeout(silence); };

  // --- what the page does ---

  function edit(name) {
    past.push(last);
    if (past.length > 300) past.shift();
    future.length = 0;
    changed = null; // marks belong to the text they were made for
    paintAll();
    ask(name);
    last = snapshot();
  }

  function clear() {
    past.push(last);
    future.length = 0;
    for (const name of ["token", "header", "claims", "key", "example"]) fields[name].value = "";
    base = "";
    changed = null;
    paintAll();
    ask("token");
    last = snapshot();
    fields.token.focus();
  }

  function ask(edited) {
    startedAt = performance.now();
    clearTimeout(silence);
    silence = setTimeout(() => { said.textContent = "The kernel has not answered yet. Is it busy, or gone?"; }, 4000);
    root.dataset.asked = String(++sent);
    if (edited === "send") sentToServer = fields.token.value;
    dimStale();
    model.send({ number: sent, edited, base, follow: follow.checked, ...snapshot().text });
  }

  function travel(from, to) {
    if (!from.length) return;
    to.push(snapshot());
    last = from.pop();
    base = last.base;
    for (const [name, value] of Object.entries(last.text)) fields[name].value = value;
    changed = null;
    paintAll();
    ask("token");
  }

  function snapshot() {
    return { base, text: Object.fromEntries(Object.entries(fields).map(([name, input]) => [name, input.value])) };
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(fields.token.value);
      said.textContent = "Copied. It is a credential: anyone who has it can act as you, until it expires.";
    } catch {
      fields.token.select();
      said.textContent = "The browser does not let this page copy. The token is selected: press Ctrl+C.";
    }
  }

  // --- what comes back ---

  function hear(message) {
    clearTimeout(silence);
    if ("exchange" in message) {
      answer.hidden = false;
      answer.textContent = message.exchange;
      dimStale();
      return;
    }
    if (message.number < answered) return; // overtaken by a later edit
    answered = message.number;
    base = message.base ?? base;
    if (message.path !== undefined && document.activeElement !== fields.path) fields.path.value = message.path;
    for (const name of ["token", "header", "claims"]) {
      // The field that is being typed in stays as it is; an answer to an older edit changes none.
      if (message.number === sent && message[name] !== undefined && fields[name] !== document.activeElement) fields[name].value = message[name];
    }
    said.textContent = message.said ?? "";
    keySays.textContent = message.key_says ?? "";
    signAgain.disabled = !message.signs;
    follow.disabled = !message.signs;
    repair.hidden = !message.repairs;
    repair.title = message.repairs ?? "";
    changed = message.number === sent ? message.changed : null;
    paintAll();
    drawLegend(message.changed);
    dimStale();
    const news = message.statements.map((one) => `${one.mark} ${one.name}: ${WORDS[one.mark]} ${one.words}`).join();
    // Said aloud by a screen reader, so only when it is news.
    if (news !== statements.dataset.news) statements.replaceChildren(...message.statements.map((one) => {
      const item = make("li", { class: `jd-${WORDS[one.mark]}` });
      add(item, "b", {}, `${one.mark} ${one.name}: ${WORDS[one.mark]}`);
      add(item, "span", {}, one.words);
      return item;
    }));
    statements.dataset.news = news;
    findings.replaceChildren(...message.findings.map((one) => {
      const item = make("li", { class: `jd-${one.severity}` });
      add(item, "b", {}, SEVERITY[one.severity]);
      add(add(item, "span", {}, `${one.message} `), "small", {}, one.reference);
      return item;
    }));
    findings.hidden = !message.findings.length;
    drawMeanings(message.rows);
    if (message.number === sent) last = snapshot();
    clearTimeout(alarm);
    if (message.wake > 0 && message.wake < 86400) alarm = setTimeout(() => ask("token"), message.wake * 1000 + 200);
    root.dataset.milliseconds = (performance.now() - startedAt).toFixed(1);
    root.dataset.answered = String(answered);
  }

  // What the server said belongs to the token that was sent, not to the one that stands here now.
  function dimStale() {
    const stale = sentToServer !== null && sentToServer !== fields.token.value;
    answer.classList.toggle("jd-stale", stale);
    answer.setAttribute("aria-label", stale ? "Response of the server to an earlier token" : "Response of the server");
    answer.dataset.note = stale ? "This is the response to an earlier token." : "";
  }

  function drawLegend(difference) {
    legend.replaceChildren();
    const parts = fields.token.value.split(".");
    if (parts.length !== 3) return;
    SEGMENTS.forEach((name, place) => add(legend, "b", { class: `jd-${name}` }, `${place + 1} ${name} `));
    legend.append(difference ? `· ${difference.words} (marked)` : "");
  }

  function paintAll() {
    paintToken(paints.token, fields.token.value, changed ? changed.ranges : []);
    for (const name of ["header", "claims"]) paintJSON(paints[name], fields[name].value);
    for (const name of Object.keys(paints)) paints[name].scrollTop = fields[name].scrollTop;
  }

  function drawMeanings(rows) {
    meanings.replaceChildren();
    meanings.hidden = !rows.length;
    add(meanings, "caption", {}, "What the names mean");
    const head = add(add(meanings, "thead", {}), "tr", {});
    for (const title of ["name", "value", "meaning", "reference"]) add(head, "th", { scope: "col" }, title);
    const body = add(meanings, "tbody", {});
    for (const one of rows) {
      const row = add(body, "tr", { class: `jd-${one.part === "claims" ? "payload" : one.part}` });
      add(add(row, "th", { scope: "row" }), "code", {}, one.name);
      const value = add(row, "td", {});
      add(value, "code", {}, one.value);
      if (one.time) add(value, "div", {}, one.time);
      add(row, "td", {}, one.meaning);
      add(add(row, "td", {}), "small", {}, one.reference);
    }
  }

  // --- making the page ---

  function field(name, label, tag, attributes, where = root) {
    const box = add(where, "div", { class: `jd-field jd-field-${name}` });
    add(box, "label", { for: id(name) }, label);
    const painted = PAINTED.includes(name);
    const place = painted ? add(box, "div", { class: "jd-editor" }) : box;
    if (painted) paints[name] = add(place, "pre", { class: "jd-paint", "aria-hidden": "true" });
    const input = fields[name] = add(place, tag, { id: id(name), spellcheck: "false", autocomplete: "off", autocapitalize: "off", ...attributes });
    if (painted) input.addEventListener("scroll", () => { paints[name].scrollTop = input.scrollTop; });
    input.addEventListener(tag === "select" ? "change" : "input", () => {
      if (name === "example") fields.key.value = ""; // its key is made and kept in Python
      edit(name === "form" ? "key" : name);
    });
  }

  function button(words, action, keys) {
    const one = add(bar, "button", { type: "button", ...(keys ? { title: keys, "aria-keyshortcuts": keys.replace("Ctrl", "Control") } : {}) }, words);
    one.addEventListener("click", action);
    return one;
  }

  function id(name) {
    return `${model.model_id ?? "jd"}-${el.dataset.jdView ??= Math.random().toString(36).slice(2)}-${name}`;
  }
}

// Under each editor lies the same text in colours; the editor's own letters are transparent.
function paintToken(paint, text, ranges) {
  paint.replaceChildren();
  let offset = 0;
  text.split(".").forEach((part, place) => {
    if (place) paint.append(".");
    const span = add(paint, "span", { class: `jd-${SEGMENTS[place] ?? "dim"}` });
    let at = 0;
    for (const [start, end] of ranges) {
      const from = Math.max(start - offset, at), to = Math.min(end - offset, part.length);
      if (from >= to) continue;
      span.append(part.slice(at, from));
      add(span, "mark", {}, part.slice(from, to));
      at = to;
    }
    span.append(part.slice(at));
    offset += part.length + 1;
  });
  paint.append("\n"); // an editor has room for its last line, also where it is empty
}

function paintJSON(paint, text) {
  paint.replaceChildren();
  let at = 0;
  for (const match of text.matchAll(JSON_PARTS)) {
    const [whole, string, colon, number] = match;
    paint.append(text.slice(at, match.index));
    if (string !== undefined) {
      add(paint, "span", { class: colon ? "jd-function" : "jd-string" }, string);
      paint.append(colon ?? "");
    } else add(paint, "span", { class: number !== undefined ? "jd-number" : "jd-keyword" }, whole);
    at = match.index + whole.length;
  }
  paint.append(text.slice(at), "\n");
}

function make(tag, attributes, text) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function add(parent, tag, attributes, text) {
  return parent.appendChild(make(tag, attributes, text));
}
