// Compiles what stands in a folder with the Python that will run it. node bytecode.mjs PYODIDE FOLDER
import { pathToFileURL } from "node:url";

const [pyodide, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${pyodide}/` });
python.FS.mkdir("/work");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/work");
python.runPython(`
import compileall
import sys
import sysconfig
import warnings
from pathlib import Path
from py_compile import PycInvalidationMode

warnings.simplefilter("ignore")
[library] = [path for path in sys.path if path.endswith(".zip")]
for folder in sorted(Path("/work").iterdir()):
    kept = folder.name.startswith("jwt_demo-")
    done = compileall.compile_dir(
        folder, maxlevels=30, quiet=1, legacy=not kept, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        ddir=library if folder.name == "python_stdlib.zip" else sysconfig.get_path("purelib"),
    )
    if not done:
        raise RuntimeError(f"{folder.name} was not compiled")
`);
