"""The pages of the site: lessons as they are stored, the documents, and reference pages made from the program itself."""

from __future__ import annotations

import inspect
import json
import re
import shutil
from pathlib import Path
from typing import Any

import click

import jwt_demo
from jwt_demo.cli.main import main as program

from . import lite
from .commands import python

HERE = Path(__file__).parent
ROOT = HERE.parent
DOCUMENTS = ("glossary", "cheatsheet", "findings", "probing", "servers", "teaching", "exercises")
WIDGET = "application/vnd.jupyter.widget-view+json"
HERE_IT_RUNS = (
    '<p class="run-here"><a class="run-here" href="../lite/lab/index.html?path={name}">▶ Run this lesson in your browser</a> '
    "Nothing is installed and nothing leaves the browser.</p>"
)
NOT_HERE = '<p class="run-here">This lesson runs on a machine (<code>make lab</code>), not in a browser tab: it wants cryptography.</p>'


def build(work: Path, target: Path, *, hosted: bool) -> None:
    """All pages into `target`, which is emptied first."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    source = work / "source"
    (source / "notebooks").mkdir(parents=True)
    (source / "docs").mkdir()
    (source / "reference").mkdir()
    running = {path.name for path in lite.lessons(lite.steps(hosted=hosted))}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        lesson = readable(json.loads(path.read_text("utf-8")), path.name, runs=path.name in running)
        (source / "notebooks" / path.name).write_text(json.dumps(lesson), "utf-8")
    for name in DOCUMENTS:
        shutil.copy(ROOT / "docs" / f"{name}.md", source / "docs")
    shutil.copytree(
        ROOT / "jwt_demo" / "probes" / "pages",
        source / "probes",
        ignore=shutil.ignore_patterns("*.py", "__pycache__"),
    )
    (source / "probes.md").write_text(probes(source / "probes"), "utf-8")
    (source / "reference" / "commands.md").write_text(commands(), "utf-8")
    (source / "reference" / "python.md").write_text(public_names(), "utf-8")
    shutil.copy(HERE / "index.md", source)
    shutil.copytree(HERE / "static", source / "static")
    python("-m", "sphinx", "-q", "-b", "html", "-c", HERE, "-d", work / "doctrees", source, target)


def readable(notebook: dict[str, Any], name: str, *, runs: bool) -> dict[str, Any]:
    """A lesson without what only a kernel can show, and with a way to run it."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [one for one in cell["outputs"] if WIDGET not in one.get("data", {})]
    button = HERE_IT_RUNS.format(name=name) if runs else NOT_HERE
    cell = {"cell_type": "markdown", "id": "run-here", "metadata": {}, "source": button}
    notebook["cells"].insert(1, cell)
    return notebook


def commands() -> str:
    """The page of the command line: what `--help` says, of each command."""
    parts = [
        "# The command line\n\nWhat `jwt-demo COMMAND --help` prints. `python -m jwt_demo` is the same program.\n"
    ]
    context = click.Context(program, info_name="jwt-demo")
    parts.append(f"```text\n{program.get_help(context)}\n```\n")
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command is not None
        own = click.Context(command, info_name=name, parent=context)
        parts.append(f"## jwt-demo {name}\n\n```text\n{command.get_help(own)}\n```\n")
    return "\n".join(parts)


def public_names() -> str:
    """The page of the public API: signature and documentation of each name that `from jwt_demo import …` gives."""
    parts = ["# The names in Python\n\n`from jwt_demo import …` gives these, and they stay.\n"]
    for name in jwt_demo.__all__:
        value = getattr(jwt_demo, name)
        parts.append(
            f"## {name}\n\n```python\n{signature(name, value)}\n```\n\n{documentation(value)}\n"
        )
        if inspect.isclass(value):
            for method, function in sorted(vars(value).items()):
                if not method.startswith("_") and inspect.isfunction(
                    inspect.unwrap(getattr(function, "__func__", function))
                ):
                    parts.append(
                        f"**`{method}{signature('', getattr(value, method))}`** {documentation(getattr(value, method))}\n"
                    )
    return "\n".join(parts)


def signature(name: str, value: Any) -> str:
    try:
        words = str(inspect.signature(value))
    except (TypeError, ValueError):
        words = "(…)"
    return f"{name}{words}"


def documentation(value: Any) -> str:
    """A docstring; its examples become code."""
    text = inspect.getdoc(value) or ""
    prose, mark, example = text.partition(">>> ")
    return prose + (f"\n```python\n{mark}{example}\n```" if mark else "")


def probes(folder: Path) -> str:
    """The list of the pages of the probes, by name."""
    names = sorted(path.stem for path in folder.glob("*.md"))
    entries = "\n".join(f"probes/{name}" for name in names)
    return f"# The probes\n\nA page for each attack: what is sent, what is expected, and the fix.\n\n```{{toctree}}\n:maxdepth: 1\n\n{entries}\n```\n"


def outside(folder: Path) -> list[str]:
    """Pages that load something from another machine; links that a reader may click are none."""
    loads = re.compile(
        r"""<(?:script|img|iframe|source)[^>]+src=["']https?:"""
        r"""|<link[^>]+rel=["'](?:stylesheet|preload)["'][^>]+href=["']https?:"""
        r"""|@import ["']?https?:|url\(["']?https?:"""
    )
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*.html"))
        if loads.search(path.read_text("utf-8", "replace"))
    ]
