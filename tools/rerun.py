"""A notebook as the gate, the refresh tool and nbval see it: run afresh, and compared after sanitising."""

from __future__ import annotations

import asyncio
import copy
import os
import re
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import nbformat.reader
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from jwt_demo.grading.kernel_ports import kernel_settings

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
SANITISE = ROOT / "tests" / "notebooks" / "nbval_sanitize.cfg"
WIDGET = (
    "application/vnd.jupyter.widget-view+json"  # a random id that only a running kernel understands
)
RANDOM_ID = re.compile(r"[0-9a-f]{8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOT_COMPARED = ("execution_count", "traceback", "metadata")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def run(notebook: Any, *, folder: Path = NOTEBOOKS, timeout: int = 60) -> Any:
    """A copy of `notebook`, executed top to bottom in a fresh kernel; a `StoppedRun` where a cell fails that may not."""
    prepare_environment()
    fresh = copy.deepcopy(notebook)
    client = NotebookClient(
        fresh,
        timeout=timeout,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
        config=kernel_settings(),
        extra_arguments=["--IPKernelApp.log_level=40"],  # where it has to use TCP, it warns of that
    )
    try:
        asyncio.run(client.async_execute())
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise StoppedRun(COLOURS.sub("", str(error)).strip()) from None
    return fresh


class StoppedRun(Exception):
    """A cell failed that may not, took too long, or ended its kernel; the text names the cell and the error."""


def prepare_environment() -> None:
    """The same surroundings for every kernel: this checkout's package, no settings of the user, one width, no key from outside."""
    paths = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(filter(None, paths)))
    os.environ["IPYTHONDIR"] = empty_folder()
    os.environ["COLUMNS"] = "100"
    for name in [name for name in os.environ if name.startswith("JWT_")]:
        del os.environ[name]


@cache
def empty_folder() -> str:
    return tempfile.mkdtemp(prefix="ipython-")


def same(some: list[Any], others: list[Any]) -> bool:
    """Whether two lists of outputs differ in nothing but what the rules allow."""
    return [comparable(output) for output in some] == [comparable(output) for output in others]


def comparable(output: Any) -> Any:
    kept = {key: value for key, value in output.items() if key not in NOT_COMPARED}
    if "data" in kept:
        kept["data"] = {mime: value for mime, value in kept["data"].items() if mime != WIDGET}
    return sanitised(kept)


def sanitised(value: Any) -> Any:
    """`value` with every rule applied to every string in it, however deep."""
    if isinstance(value, dict):
        return {key: sanitised(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [sanitised(inner) for inner in value]
    if not isinstance(value, str):
        return value
    for pattern, replacement in rules():
        value = re.sub(pattern, replacement, value)
    return value


@cache
def rules() -> list[tuple[str, str]]:
    """The pairs of the sanitise file, read as nbval reads them."""
    return re.findall(
        "^regex: (.*)$\n^replace: (.*)$", SANITISE.read_text(encoding="utf-8"), re.MULTILINE
    )


def texts(output: Any) -> list[str]:
    """Every string in an output, tracebacks too."""
    if isinstance(output, dict):
        return [text for value in output.values() for text in texts(value)]
    if isinstance(output, list):
        return [text for value in output for text in texts(value)]
    return [output] if isinstance(output, str) else []


def tags(cell: Any) -> list[str]:
    return cell.metadata.get("tags", [])


def code_cells(notebook: Any) -> list[Any]:
    """The cells a kernel runs; one without any source is not run and not counted."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def raised(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def read(path: Path) -> Any:
    """A notebook as the file has it; nbformat's own `read` would give new ids to cells that share one."""
    return nbformat.reader.reads(path.read_text(encoding="utf-8"))


def chosen(arguments: list[str]) -> list[Path]:
    """The notebooks a command line names, by path or by the beginning of their name; all of them when it names none."""
    if not arguments:
        return sorted(NOTEBOOKS.glob("*.ipynb"))
    paths = [
        path
        for argument in arguments
        for path in (
            [Path(argument)]
            if argument.endswith(".ipynb")
            else sorted(NOTEBOOKS.glob(f"{argument}*.ipynb"))
        )
    ]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing or not paths:
        sys.exit(f"No notebook {', '.join(missing or arguments)}.")
    return paths
