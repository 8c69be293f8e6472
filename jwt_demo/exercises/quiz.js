// The page of a quiz. It knows no right answer: each choice goes to Python, and what comes back is shown as text.

export default { render };

function render({ model, el }) {
  const quiz = model.get("question");
  const root = add(el, "div", { class: "jd-live jwt-demo tex2jax_ignore mathjax_ignore" });
  const card = add(root, "div", { class: "jd-card jd-told jd-quiz" });
  const title = add(card, "div", { class: "jd-title" });
  add(title, "b", {}, "Question");
  add(title, "small", { class: "jd-name" }, quiz.name);

  const group = add(card, "fieldset", {});
  sentence(add(group, "legend", {}), quiz.question);
  const name = Math.random().toString(36).slice(2); // radio buttons of one view belong together
  const rows = {};
  for (const [letter, text] of Object.entries(quiz.options)) rows[letter] = option(letter, text);
  const status = add(card, "p", { role: "status" });
  let silence = 0;

  for (const one of quiz.answered) mark(one);
  if (quiz.answered.length) say(quiz.answered.at(-1));
  model.on("msg:custom", hear);
  return () => { model.off("msg:custom", hear); clearTimeout(silence); };

  function option(letter, text) {
    const label = add(group, "label", { class: "jd-option" });
    const input = add(label, "input", { type: "radio", name, value: letter });
    input.dataset.lmSuppressShortcuts = "true"; // or JupyterLab takes the arrow keys for its cells
    add(label, "b", { "aria-hidden": "true" }, letter);
    sentence(add(label, "span", {}), text);
    const verdict = add(label, "em", {});
    input.addEventListener("change", () => {
      clearTimeout(silence);
      silence = setTimeout(() => { status.textContent = "The kernel has not answered yet. Is it busy, or not running?"; }, 4000);
      model.send({ answer: letter });
    });
    return { label, input, verdict };
  }

  function hear(message) {
    clearTimeout(silence);
    mark(message);
    say(message);
  }

  function mark(message) {
    const { label, input, verdict } = rows[message.letter];
    label.classList.add(message.right ? "jd-yes" : "jd-no");
    verdict.textContent = message.verdict;
    input.checked = true;
  }

  function say(message) {
    status.replaceChildren();
    sentence(status, message.text);
  }
}

// Text in which `code` is marked; nothing in it becomes markup.
function sentence(element, text) {
  text.split(/`([^`]+)`/).forEach((part, place) => place % 2 ? add(element, "code", {}, part) : element.append(part));
}

function add(parent, tag, attributes, text) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return parent.appendChild(element);
}
