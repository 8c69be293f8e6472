// The inspector without a notebook: the same page and the same Python, in this tab. Nothing leaves it; see the policy in inspector.html.
import inspector from "./inspector.js";

const PYTHON = new URL("../lite/static/pyodide/", import.meta.url);
const status = document.querySelector("#status"), place = document.querySelector("#inspector");
const NEEDED = ["pyjwt", "jwt-demo"], USEFUL = ["cryptography"];

try {
  await begin();
} catch (error) {
  status.textContent = `Python did not start in this browser: ${error.message}. It needs WebAssembly, and a web server: a page opened as a file may load nothing.`;
}

async function begin() {
  const { loadPyodide } = await import(new URL("pyodide.mjs", PYTHON));
  const list = await (await fetch(new URL("pyodide-lock.json", PYTHON))).json();
  const found = USEFUL.filter((name) => name in list.packages);
  const wheels = NEEDED.map(async (name) => (await fetch(new URL(list.packages[name].file_name, PYTHON))).arrayBuffer());
  const python = await loadPyodide({ indexURL: PYTHON.href, packages: found });
  for (const wheel of wheels) python.unpackArchive(await wheel, "wheel");
  const answer = await python.runPythonAsync(`
import json

from jwt_demo.display.inspector_session import USABLE, InspectorSession

session = InspectorSession()

def answer(text):
    return json.dumps(session.answer(json.loads(text)))

answer
`);
  const listeners = new Set();
  const model = {
    model_id: "page",
    get: (name) => (name === "algorithms" ? python.globals.get("USABLE").toJs() : undefined),
    on: (name, listener) => listeners.add(listener),
    off: (name, listener) => listeners.delete(listener),
    send: (message) => {
      const told = isAddress(message.key) ? { ...ask({ ...message, key: "" }), key_says: NO_ADDRESS } : ask(message);
      for (const listener of listeners) queueMicrotask(() => listener(told));
    },
  };
  const ask = (message) => JSON.parse(answer(JSON.stringify(message)));
  status.hidden = true;
  inspector.render({ model, el: place });
  document.documentElement.dataset.ready = String(performance.now() | 0);
}

function isAddress(key) {
  return /^\s*https?:\/\//i.test(key ?? "");
}
const NO_ADDRESS = "Not fetched: this page asks no address. Open it, and paste the JWK Set itself.";
