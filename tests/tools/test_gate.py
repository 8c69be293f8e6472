"""The gate itself: each defect is planted in a small notebook and must be seen; each sanitise rule has something to match."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import refresh
from gate import examine, examine_run
from rerun import ROOT, read, rules, same, sanitised


def notebook(*cells: Any, kernel: str = "python3") -> Any:
    """A good notebook of a heading and a cell, and the given cells after them."""
    good = [new_markdown_cell("# Two and two", id="00-title"), code("2 + 2", plain("4"), count=1)]
    made = new_notebook(
        metadata={"kernelspec": {"name": kernel, "display_name": "Python 3", "language": "python"}}
    )
    made.cells = [*good, *cells]
    return made


def code(
    source: str,
    *outputs: Any,
    count: int | None = 2,
    id: str = "",
    tags: tuple[str, ...] = (),
    **metadata: Any,
) -> Any:
    cell = new_code_cell(
        source, execution_count=count, outputs=list(outputs), id=id or f"00-cell-{count or 'new'}"
    )
    cell.metadata.update({"tags": list(tags)} if tags else {}, **metadata)
    return cell


def words(source: str = "So it is.", id: str = "00-words") -> Any:
    return new_markdown_cell(source, id=id)


def plain(text: str, **mimes: str) -> Any:
    return new_output(
        "execute_result",
        data={
            "text/plain": text,
            **{name.replace("_", "/"): value for name, value in mimes.items()},
        },
        execution_count=1,
    )


def printed(text: str, name: str = "stdout") -> Any:
    return new_output("stream", name=name, text=text)


FAILURE = new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])

STORED = {  # rule → notebooks that break it
    "never-run": [notebook(words(), code("3", count=None))],
    "counts": [
        notebook(words(), code("3", plain("3"), count=3)),
        notebook(words(), code("3", plain("3"), count=1, id="00-x")),
    ],
    "silent": [notebook(words(), code("3", plain("3"), tags=("raises-exception",)))],
    "failed": [notebook(words(), code("3", FAILURE))],
    "kernel": [notebook(kernel="my-env")],
    "ids": [
        notebook(words(id="a3b2c1d4")),
        notebook(words(id="0b5c3a44-5a0e-4f5f-9b5d-3c1f6a1f0e11")),
        notebook(words(id="00-title")),
        notebook(words(id="My_Cell")),
    ],
    "metadata": [
        notebook(
            words(), code("3", plain("3"), execution={"iopub.status.busy": "2026-01-01T00:00:00Z"})
        ),
        new_notebook(
            metadata={"kernelspec": {"name": "python3", "display_name": ""}, "widgets": {}}
        ),
    ],
    "length": [notebook(words(), code("\n".join(["1"] * 26), plain("1")))],
    "prose": [
        notebook(
            code("3", plain("3")), code("4", plain("4"), count=3), code("5", plain("5"), count=4)
        )
    ],
    "stderr": [notebook(words(), code("3", printed("DeprecationWarning: old", "stderr")))],
    "path": [
        notebook(words(), code("3", printed("/home/ada/course/x.py"))),
        notebook(words(), code("3", plain("'/tmp/tmpab12/store.sqlite'"))),
        notebook(words(), code("3", printed("C:\\Users\\ada\\x.py"))),
        notebook(words(), code("3", plain("ok", text_html="<p>/usr/lib/python3/json.py</p>"))),
        notebook(
            words(),
            code(
                "3",
                new_output("error", ename="E", evalue="x", traceback=["File /root/x.py"]),
                tags=("raises-exception",),
            ),
        ),
    ],
    "user": [notebook(words(), code("3", printed("owner: mustermann")))],
    "address": [
        notebook(words(), code("3", plain("('127.0.0.1', 40123)"))),
        notebook(words(), code("3", printed("listening on 192.168.17.4"))),
        notebook(words(), code("3", printed("port 45123"))),
    ],
    "secret": [
        notebook(
            words(),
            code(
                "3",
                printed(
                    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIiwiaWF0IjoxfQ.cT7XDnHhcAbUWPAHKfaNVDdbPL33sgLnJPlfqpUHSiM"
                ),
            ),
        ),
        notebook(words(), code("3", printed("-----BEGIN PRIVATE KEY-----"))),
        notebook(
            words(), code("3", printed('JWT_SECRET="x0mJ4JrVq3bq8Yv1mX6b5iB0r3nS2kLwQvTzUaYcEfg"'))
        ),
        notebook(
            words(),
            code("3", plain("{'kty': 'oct', 'k': 'x0mJ4JrVq3bq8Yv1mX6b5iB0r3nS2kLwQvTzUaYcEfg'}")),
        ),
    ],
    "alt": [
        notebook(words("![](picture.png)")),
        notebook(words('<img src="picture.png">')),
        notebook(words(), code("3", plain("<Image object>", image_png="aGk="))),
        notebook(words(), code("3", plain("bars", text_html="<svg><rect/></svg>"))),
    ],
}


@pytest.mark.parametrize(
    ("rule", "planted"),
    [(rule, planted) for rule, notebooks in STORED.items() for planted in notebooks],
)
def test_a_planted_defect_is_seen(rule: str, planted: Any) -> None:
    """Of a stored notebook with one defect the gate says that one thing."""
    assert {finding.rule for finding in examine(planted, user="mustermann")} == {rule}


GOOD = [
    printed("http://127.0.0.1:40123/login answers"),
    printed("<Token at 0x7f0011223344>"),
    printed("/login and /get-user, ~/jwt-course, https://example.org/home/x"),
    plain(
        "bars",
        text_html='<svg role="img" aria-label="three parts"><rect/></svg><img alt="a key" src="x">',
    ),
    plain("a bar chart: 3 good, 1 bad", image_png="aGk="),
    printed("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIiwiaWF0IjoxfQ.••••••"),
    printed("the key has 32 bytes; key: from JWT_SECRET"),
]


@pytest.mark.parametrize("output", GOOD)
def test_what_a_lesson_may_show_passes(output: Any) -> None:
    """Sanitised addresses, routes, masked tokens and pictures with words are no defects."""
    assert examine(notebook(words(), code("show()", output)), user="mustermann") == []


def test_a_name_the_lesson_uses_is_no_trace() -> None:
    """A maintainer who is called like somebody in the story can refresh outputs too."""
    assert examine(notebook(words("Meet ada."), code("3", printed("ada"))), user="ada") == []


RUNS = {
    "run": [
        notebook(code("%nosuchmagic\nraise ValueError('no')")),
        notebook(code("raise ValueError('no')")),
        notebook(code("input()")),
        notebook(code("import os; os._exit(3)")),
    ],
    "silent": [
        notebook(code("3", tags=("raises-exception",))),
        notebook(code("%nosuchmagic\nraise ValueError('no')", tags=("raises-exception",))),
    ],
    "stderr": [notebook(code("import sys; print('careful', file=sys.stderr)"))],
}


@pytest.mark.parametrize(
    ("rule", "planted"),
    [(rule, planted) for rule, notebooks in RUNS.items() for planted in notebooks],
)
def test_a_fresh_run_tells_what_the_stored_outputs_hide(
    rule: str, planted: Any, tmp_path: Path
) -> None:
    """What nbval lets through stops the gate: a magic nobody knows, a failure that does not come, a dead kernel."""
    assert rule in {finding.rule for finding in examine_run(planted, folder=tmp_path, timeout=20)}


def test_a_fresh_run_of_a_good_notebook_finds_nothing(tmp_path: Path) -> None:
    """Also where a cell fails on purpose."""
    assert (
        examine_run(
            notebook(code("raise ValueError('no')", tags=("raises-exception",))), folder=tmp_path
        )
        == []
    )


SANITISED = [  # one per rule, in the order of the file: (before, after)
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-na_ture", "TOKEN"),
    ("eyJzdWIiOiIxIiwiZXhwIjoxNzk1NjQ2NDc3LjI2NjMyOH0", "SEGMENT"),
    ("7c9e6679-7425-40de-944b-e07fc1f90ae7", "UUID"),
    ("x0mJ4JrVq3bq8Yv1mX6b5iB0r3nS2kLwQvTzUaYcEfg", "RANDOM"),
    (
        "<code>jti</code></th><td><code>&quot;OVIZeSoA9bFkLPdDiv7Slg&quot;",
        "<code>jti</code></th><td><code>&quot;ID&quot;",
    ),
    ("http://127.0.0.1:40123/login", "http://127.0.0.1:PORT/login"),
    ("Date: Wed, 25 Nov 2026 22:41:02 GMT", "Date: DATE"),
    ("2026-11-25 22:41:02 UTC", "TIME"),
    ("'exp': 1795646468.26, 'iat': 1795646468", "'exp': EPOCH, 'iat': EPOCH"),
    ("expires in 4 min 58 s", "expires in A WHILE"),
    ("issued 1 day 2 h ago", "issued A WHILE ago"),
    ("2026-11-25 22:41:02 UTC, now", "TIME, A WHILE ago"),
    ("Server: Python/3.11 aiohttp/3.14.5", "Server: Python/X aiohttp/X"),
    ("<object at 0x7f396717e990>", "<object at 0xADDRESS>"),
    ('<div class="jwt-demo x">\n<style>\n.a{color:red}\n</style></div>\n', "OUR HTML"),
]


def test_every_sanitise_rule_matches_something() -> None:
    """A rule nobody needs would only hide a difference."""
    assert len(SANITISED) == len(rules())
    for (before, after), (_, replacement) in zip(SANITISED, rules(), strict=True):
        assert sanitised(before) == after
        assert replacement.replace("\\1", "") in after


@pytest.mark.parametrize(
    "text", ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.••••••", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0."]
)
def test_a_masked_token_equals_a_whole_one(text: str) -> None:
    """So that what is stored can hide a signature that a run shows."""
    assert sanitised(text) == "TOKEN"


@pytest.mark.parametrize(
    "text",
    [
        "lasts 5 min",
        "401 Unauthorized",
        "eyJzdWIiOiIxIn0",
        "sha256 0a1b2c3d4e5f",
        "1234567890123456789",
    ],
)
def test_what_must_not_change_is_compared(text: str) -> None:
    """Lifetimes, states, short segments and long numbers stay as they are."""
    assert sanitised(text) == text


def test_strings_inside_json_are_sanitised() -> None:
    """nbval leaves application/json alone; the refresh tool does not."""
    outputs = [
        [new_output("display_data", data={"application/json": {"url": f"http://127.0.0.1:{port}"}})]
        for port in (40001, 40002)
    ]
    assert same(*outputs)


class TestRefresh:
    """`make notebooks`."""

    def write(self, folder: Path, *cells: Any) -> Path:
        path = folder / "00_small.ipynb"
        nbformat.write(notebook(words(), *cells), path)
        return path

    def test_a_new_token_is_no_news(self, tmp_path: Path) -> None:
        """A cell whose output differs only in what the rules allow keeps its outputs, byte for byte."""
        path = self.write(tmp_path, code("import time; time.time()", count=None, id="00-now"))
        assert refresh.main([str(path)]) == 0
        before = path.read_bytes()
        assert refresh.main([str(path)]) == 0
        assert path.read_bytes() == before
        assert examine(read(path)) == []

    def test_real_news_is_stored(self, tmp_path: Path) -> None:
        """Where the output says something else, it is rewritten, and only there."""
        path = self.write(tmp_path, code("3 + 3", plain("7")))
        refresh.main([str(path)])
        cells = read(path).cells
        assert cells[3].outputs[0].data["text/plain"] == "6"
        assert [cell.get("execution_count") for cell in cells] == [None, 1, None, 2]

    def page(self, words: str) -> str:
        """The source of a cell with HTML of ours, beside a text that is always the same."""
        html = f'<div class="jwt-demo x"><style>.x{{}}</style><p>{words}</p></div>'
        return f"from IPython.display import display\ndisplay({{'text/plain': '', 'text/html': {html!r}}}, raw=True)"

    def test_new_words_in_a_page_are_news(self, tmp_path: Path) -> None:
        """The hint of a check is in its page alone: where it changes, the cell is rewritten."""
        path = self.write(tmp_path, code(self.page("the old hint"), count=None, id="00-page"))
        refresh.main([str(path)])
        notebook = read(path)
        notebook.cells[3].source = self.page("the new hint")
        nbformat.write(notebook, path)
        refresh.main([str(path)])
        assert "the new hint" in read(path).cells[3].outputs[0].data["text/html"]

    def test_a_new_id_in_a_page_is_no_news(self, tmp_path: Path) -> None:
        """The rules hold for the words of a page as well, and a rule that spans elements spans them there."""
        path = self.write(
            tmp_path,
            code(
                "import secrets\n"
                + self.page("jti</p><p>&quot;ID&quot;").replace(
                    "}, raw", ".replace('ID', secrets.token_urlsafe(16))}, raw"
                ),
                count=None,
                id="00-page",
            ),
        )
        refresh.main([str(path)])
        before = path.read_bytes()
        refresh.main([str(path)])
        assert path.read_bytes() == before

    def test_addresses_of_one_run_are_stored_together(self, tmp_path: Path) -> None:
        """A port alone is no news; but where one cell with an address is rewritten, no other keeps the port of an older run."""
        path = self.write(
            tmp_path,
            code("address", id="00-one"),
            code("address + '/loot'", plain("'old'"), id="00-two"),
        )
        notebook = read(path)
        notebook.cells[
            1
        ].source = "import random; address = f'http://127.0.0.1:{random.randrange(20_000, 60_000)}'"
        notebook.cells[3].outputs = [plain("'http://127.0.0.1:5'")]
        nbformat.write(notebook, path)
        refresh.main([str(path)])
        first, second = (cell.outputs[0].data["text/plain"] for cell in read(path).cells[3:])
        assert second == f"{first[:-1]}/loot'"

    def test_an_error_leaves_the_file_alone(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """An error in a cell that may not fail stops the tool; so does the absence of one that was promised."""
        for cell in (code("1 / 0"), code("3", tags=("raises-exception",))):
            path = self.write(tmp_path, cell)
            before = path.read_bytes()
            assert refresh.main([str(path)]) == 1
            assert path.read_bytes() == before
        assert "ZeroDivisionError" in capsys.readouterr().err

    def test_tracebacks_carry_no_paths(self, tmp_path: Path) -> None:
        """Frames of libraries, and with them the places they are installed in, are not stored."""
        path = self.write(
            tmp_path, code("import json; json.loads('{')", tags=("raises-exception",))
        )
        refresh.main([str(path)])
        error = read(path).cells[3].outputs[0]
        assert error.ename == "JSONDecodeError"
        assert error.traceback[-1].startswith("JSONDecodeError: Expecting")
        assert "\x1b" not in "".join(error.traceback)
        assert examine(read(path)) == []

    def test_signatures_and_random_ids_go(self, tmp_path: Path) -> None:
        """A stored token opens no door, and a new cell gets a lasting name."""
        path = self.write(
            tmp_path, code("import jwt; jwt.encode({'sub': '1'}, 'k' * 32)", id="a3b2c1d4")
        )
        refresh.main([str(path)])
        cell = read(path).cells[3]
        assert cell.outputs[0].data["text/plain"].endswith(".••••••'")
        assert cell.id == "00-import-jwt-jwt-encode"
        assert examine(read(path)) == []


def test_the_rules_file_is_where_the_makefile_looks() -> None:
    """One file of rules for nbval and for us."""
    assert "tests/notebooks/nbval_sanitize.cfg" in (ROOT / "Makefile").read_text(encoding="utf-8")
