"""The tests stand as the package does: a module's tests are in the file of its name, in the folder of its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from rerun import ROOT

PACKAGE, TESTS = ROOT / "jwt_demo", ROOT / "tests"
ELSEWHERE = {  # a module or a folder without a test file of its name, and the file that tests it
    "__main__.py": ("cli/test_main.py", "one line, run as `python -m jwt_demo` by every test there"),
    "course/lab.py": ("cli/test_main.py", "asked as a command; started for real in tools/test_setup.py"),
    "cli/serve_command.py": ("cli/test_main.py", "asked as a command; its servers are tested in stages/"),
    "cli/probe_config.py": ("cli/test_probe_command.py", "given and written as an option of the command"),
    "course/doctor_card.py": ("course/test_doctor.py", "what the diagnosis shows in a notebook"),
    "course/trust.py": ("course/test_working_copy.py", "what is signed is a file of the copy"),
    "server/line_clock.py": ("server/test_memory_transport.py", "it is needed where a server runs in memory"),
    "server/runtime.py": ("course/test_tab.py", "what it decides is tried in a process without threads"),
    "server/tab_programs.py": ("course/test_tab.py", "its commands are typed in a process without programs"),
    "server/listeners.py": ("server/test_memory_transport.py", "every test of a server runs over both kinds"),
    "cli/export_command.py": ("grading/test_export.py", "asked as a command, with what it writes"),
    "display/": ("display/test_show.py", "drawn through `show`, by which alone readers reach it"),
    "exercises/": ("exercises/test_checker.py", "each exercise is judged with right and wrong answers"),
    "frameworks/": ("frameworks/test_frameworks.py", "three services, each a process, are probed"),
    "grading/": ("grading/test_batch.py", "every notebook is judged in a process of its own"),
    "probes/": ("probes/test_holes.py", "each attack finds the server with its hole, and no other"),
    "probes/exam/": ("probes/exam/test_exam.py", "the paper, its attacks and its checklist together"),
    "server/exchange.py": ("server/test_client.py", "a value; the client fills it"),
    "stages/article/": ("stages/test_article.py", "a server in several files, as the article had it"),
    "stages/naive_cookies.py": ("browser/test_cookies.py", "attacked in a browser, beside the server that is not naive"),
    "stages/parts/": ("stages/test_decorator.py", "what servers share is tested through the servers"),
    "tokens/": ("tokens/test_findings.py", "what a token is taken apart with shows in its findings and signatures"),
}  # fmt: skip
MODULES = sorted(
    path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"
)


def own_test(module: Path) -> Path:
    return TESTS / module.parent / f"test_{module.name}"


def elsewhere(module: Path) -> str | None:
    """The entry for a module, or for the nearest folder that has one."""
    if module.as_posix() in ELSEWHERE:
        return module.as_posix()
    folders = (f"{folder.as_posix()}/" for folder in module.parents)
    return next((folder for folder in folders if folder in ELSEWHERE), None)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_each_module_has_its_test_file_or_a_reason(module: Path) -> None:
    """Whoever changes a module finds its tests without searching."""
    assert own_test(module).is_file() or elsewhere(module) is not None


@pytest.mark.parametrize("entry", ELSEWHERE)
def test_an_exception_is_still_one(entry: str) -> None:
    """It names what is there, where its tests are and why."""
    tests, reason = ELSEWHERE[entry]
    assert (PACKAGE / entry).exists()
    assert (TESTS / tests).is_file()
    assert " " in reason
