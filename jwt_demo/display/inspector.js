// The page of the live inspector. It judges nothing: each edit goes to Python, and what comes back is shown as text.
// Nothing from a token ever becomes markup; there is no innerHTML in this file, and no address is asked for anything.

const FORMS = [["auto", "any form"], ["text", "text"], ["base64url", "base64url"], ["hex", "hex"], ["pem", "PEM"], ["jwk", "JWK or JWK Set"]];
const ALGORITHMS = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const WORDS = { "✓": "yes", "✗": "no", "○": "open" };
const SEVERITY = { error: "✗ error", warning: "! warning", note: "i note" };

export default { render };

function render({ model, el }) {
  const fields = {}, past = [], future = [];
  let base = "", answered = 0, sent = 0, startedAt = 0, alarm = 0, silence = 0;

  const root = make("section", { class: "jd-inspector jwt-demo tex2jax_ignore", "aria-label": "Token inspector" });
  field("token", "Token", "textarea", { rows: 3 });
  const picture = add(root, "div", { class: "jd-signed" });
  const bar = add(root, "div", { class: "jd-bar", role: "toolbar", "aria-label": "What to do with the token" });
  button("Change one letter", () => edit("tamper"));
  const signAgain = button("Sign again", () => edit("sign"));
  const follow = add(add(bar, "label", {}), "input", { type: "checkbox", checked: "" });
  follow.parentNode.append(" signature follows my edits");
  button("Undo", () => travel(past, future), "Ctrl+Z");
  button("Redo", () => travel(future, past), "Ctrl+Shift+Z");
  button("Copy token", copy);
  const said = add(root, "p", { class: "jd-says", role: "status" });

  const spoken = add(root, "div", { role: "status" });
  const statements = add(spoken, "ul", { class: "jd-statements", "aria-label": "What is known about this token" });
  const findings = add(root, "ul", { class: "jd-findings", "aria-label": "What is odd about it" });
  const columns = add(root, "div", { class: "jd-columns" });
  field("header", "Header", "textarea", { rows: 5 }, columns);
  field("claims", "Claims", "textarea", { rows: 9 }, columns);

  const keyRow = add(root, "div", { class: "jd-columns jd-key-row" });
  const masks = CSS.supports("-webkit-text-security", "disc");
  field("key", "Key", masks ? "textarea" : "input", masks ? { rows: 1, class: "jd-masked" } : { type: "password" }, keyRow);
  fields.key.placeholder = "paste one here, or leave it to Python";
  field("form", "Key is", "select", {}, keyRow);
  for (const [value, words] of FORMS) add(fields.form, "option", { value }, words);
  field("example", "Example", "select", {}, keyRow);
  add(fields.example, "option", { value: "" }, "my own token");
  for (const name of ALGORITHMS) add(fields.example, "option", { value: name }, `new: ${name}`);
  const keySays = add(root, "p", { class: "jd-says", id: id("key-says") });
  fields.key.setAttribute("aria-describedby", keySays.id);

  const server = add(root, "div", { class: "jd-columns jd-server-row" });
  field("path", "Path on the running server", "input", { type: "text" }, server);
  const send = add(server, "button", { type: "button" }, "Send it");
  send.addEventListener("click", () => ask("send"));
  const answer = add(root, "pre", { class: "jd-answer", role: "status", "aria-label": "Answer of the server", tabindex: "0", hidden: "" });
  const meanings = add(root, "table", { class: "jd-meanings" });

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
    ask(name);
    last = snapshot();
  }

  function ask(edited) {
    startedAt = performance.now();
    clearTimeout(silence);
    silence = setTimeout(() => { said.textContent = "The kernel has not answered yet. Is it busy, or gone?"; }, 4000);
    root.dataset.asked = String(++sent);
    model.send({ number: sent, edited, base, follow: follow.checked, ...snapshot().text });
  }

  function travel(from, to) {
    if (!from.length) return;
    to.push(snapshot());
    last = from.pop();
    base = last.base;
    for (const [name, value] of Object.entries(last.text)) fields[name].value = value;
    ask("token");
  }

  function snapshot() {
    return { base, text: Object.fromEntries(Object.entries(fields).map(([name, input]) => [name, input.value])) };
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(fields.token.value);
      said.textContent = "Copied. It is a credential: whoever has it is you, until it expires.";
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
    drawSigned(message.changed);
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

  function drawSigned(changed) {
    const parts = fields.token.value.split(".");
    picture.replaceChildren();
    if (parts.length !== 3) return;
    const line = add(picture, "p", { class: "jd-spelled" });
    let offset = 0;
    parts.forEach((part, place) => {
      const name = ["header", "payload", "signature"][place];
      if (place) line.append(".");
      const span = add(line, "span", { class: `jd-${name}`, title: `${place + 1} ${name}` });
      const ranges = place < 2 && changed ? changed.ranges : [];
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
    const legend = add(picture, "p", { class: "jd-says" });
    ["header", "payload", "signature"].forEach((name, place) => add(legend, "b", { class: `jd-${name}` }, `${place + 1} ${name} `));
    legend.append(changed ? `· ${changed.words} (marked)` : "");
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
    const input = fields[name] = add(box, tag, { id: id(name), spellcheck: "false", autocomplete: "off", autocapitalize: "off", ...attributes });
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

function make(tag, attributes, text) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function add(parent, tag, attributes, text) {
  return parent.appendChild(make(tag, attributes, text));
}
