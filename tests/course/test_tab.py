"""The course where there are no threads, no programs, no Argon2 and no cryptography: one process that is as a tab is, asked once."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from jwt_demo.course import tab as tab_module
from jwt_demo.files import STATE
from rerun import ROOT

PROGRAM = """
import contextlib, io, json, os, sys, tempfile, warnings
from tests.support import tab
tab.become_a_tab()
warnings.simplefilter("ignore")
said = {}

async def main():
    from jwt_demo import Users, serve, probe, show, inspector
    from jwt_demo.course.doctor import examine
    from jwt_demo.exercises import registry
    from jwt_demo.exercises.checker import judge
    from jwt_demo.exercises.progress import progress, remember
    from jwt_demo.server.processes import run, start
    from jwt_demo.stages import decorator
    from jwt_demo.stages.parts.secret_key import new_key
    from jwt_demo.tokens.signatures import KeyUnreadable, read_keys, verify
    from jwt_demo.tokens.anatomy import Token
    from tests.exercises.trying import defined

    said["doctor"] = str(examine())
    said["solutions"], said["stubs"] = {}, {}
    for name, exercise in registry.exercises().items():
        if name[:2] <= "08":
            said["solutions"][name] = str(await judge(exercise, defined(exercise, exercise.solution)))
    exercise = registry.exercises()["02-login"]
    endless = "async def login(request):\\n    while True:\\n        pass\\n"
    said["endless"] = str(await judge(exercise, defined(exercise, endless)))
    wrong = exercise.solution.replace("401", "403")
    said["wrong"] = str(await judge(exercise, defined(exercise, wrong)))

    gunicorn = await start("gunicorn jwt_demo.stages.login:app --bind localhost:0", until="Booting")
    form = "email=user@email.com password=password"
    said["httpie"] = repr(await run(f"http -f post {gunicorn.address}/login {form}"))
    await gunicorn.stop()
    served = await start("jwt-demo serve logout --port 0", until="responds", environment={"JWT_SECRET": new_key(), "JWT_DEMO_STORE": "memory:"})
    said["served"] = repr(await run(f"http -f post {served.address}/login {form}"))
    await served.stop()
    said["other program"] = repr(await run("curl http://127.0.0.1"))

    key = new_key()
    server = await serve(decorator.make_app(key=key))
    token = (await server.post("/login", data={"email": "user@email.com", "password": "password"})).json()["token"]
    report = await probe(server, secret=key, only=["alg-none", "header-jwk", "header-jku", "good-token", "foreign-algorithm"])
    said["probe"] = {result.probe.name: result.verdict for result in report}
    said["inspector"] = inspector(token, key=key).answer({"edited": "start"})["statements"]
    rs256 = "eyJhbGciOiJSUzI1NiJ9." + token.split(".")[1] + ".AAAA"
    said["rs256"] = verify(Token.parse(rs256), read_keys(key)).reason
    try:
        read_keys("-----BEGIN PUBLIC KEY-----\\nMIIB\\n-----END PUBLIC KEY-----")
    except KeyUnreadable as error:
        said["pem"] = str(error)
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config
    import jwt_demo.display.show
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    jwt_demo.display.show.register()
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in ("from cryptography.hazmat import primitives as p", "p.x", "print(6 * 7)", "import flask"):
            await shell.run_cell_async(cell, transformed_cell=cell)
    said["cells"] = printed.getvalue().splitlines()
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        open("02_login.ipynb", "w").close()
        remember(exercise)
        said["kept"] = os.listdir(".jwt_demo/progress"), str(progress("02"))
        os.chdir(before)
    said["hash"] = (await Users().create("a@email.com", "password")).password_hash
    await server.stop()

tab.loop.run_until_complete(main())
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the process said, by subject."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "JWT_SECRET" not in done.stderr  # the log of a program is not in the cell that starts it
    return json.loads(done.stdout.splitlines()[-1])


def test_every_solution_of_the_steps_that_run_there_is_judged_correct(said) -> None:
    """Steps 0 to 8, on one loop."""
    assert len(said["solutions"]) >= 18
    assert {name: text for name, text in said["solutions"].items() if "✓" not in text} == {}


def test_a_wrong_answer_is_refused_and_an_endless_one_ended(said) -> None:
    """The time limit needs no thread."""
    assert "✗" in said["wrong"]
    assert "blocks the event loop" in said["endless"] or "No response" in said["endless"]


def test_what_is_other_there_is_said_before_it_happens(said) -> None:
    """Ready, with what a tab cannot do as remarks."""
    assert said["doctor"].endswith("Ready.")
    assert "○ a cell that never ends cannot be stopped here" in said["doctor"]
    assert "PBKDF2" in said["doctor"]
    assert "✗" not in said["doctor"]


def test_programs_say_in_one_line_what_is_done_instead(said) -> None:
    """The request of HTTPie is sent and shown all the same; any other program is not run."""
    assert "A browser tab has no HTTPie" in said["httpie"]
    assert "HTTP/1.1 200 OK" in said["served"]
    assert "HTTP/1.1 200 OK" in said["httpie"]
    assert '    "token": ' in said["httpie"]
    assert "Connection:" not in said["httpie"]
    assert "this command was not run" in said["other program"]


def test_probes_attack_a_server_in_memory(said) -> None:
    """A header that says where its key is leads to a server in memory too."""
    assert said["probe"] == dict.fromkeys(
        ("good-token", "alg-none", "header-jwk", "header-jku", "foreign-algorithm"), "held"
    )


def test_keys_that_cannot_be_used_there_are_named_and_never_taken_for_secrets(said) -> None:
    """A public key is no HMAC secret (RFC 8725 §2.1), and a signature that is not checked is not called wrong."""
    assert [one["mark"] for one in said["inspector"]] == ["✓", "✓", "✓"]
    assert said["rs256"].startswith("not checked: RS256 needs the package `cryptography`")
    assert "needs the package `cryptography`" in said["pem"]


def test_a_cell_that_wants_what_is_not_there_is_left_out(said) -> None:
    """By the kernel itself, from the import of the course on; the next cell runs."""
    first, second, third, fourth = said["cells"]
    assert first.startswith("A browser tab has no `cryptography`: this cell was not run. ")
    assert "it uses `p`" in second
    assert third == "42"
    assert "no `flask`" in fourth


def test_progress_is_kept_beside_the_notebooks(said) -> None:
    """In the folder that the browser keeps; no copy has to be made first."""
    names, shown = said["kept"]
    assert names == ["02-login.json"]
    assert "saved in the folder .jwt_demo/progress" in shown


def test_passwords_have_a_hash_that_says_what_it_is(said) -> None:
    """Not under Argon2's name."""
    assert said["hash"].startswith("$pbkdf2-sha256$i=")


def test_a_copy_goes_out_and_comes_back(tmp_path: Path) -> None:
    """Notebooks and progress; what stands there is replaced, and nothing is written elsewhere."""
    (tmp_path / "01_setup.ipynb").write_text("mine")
    (tmp_path / STATE / "progress").mkdir(parents=True)
    (tmp_path / STATE / "progress" / "02-login.json").write_text("{}")
    packed = tab_module.pack(tmp_path)
    (tmp_path / "01_setup.ipynb").write_text("another")
    assert sorted(tab_module.unpack(tmp_path)) == [
        f"{STATE}/progress/02-login.json",
        "01_setup.ipynb",
    ]
    assert (tmp_path / "01_setup.ipynb").read_text() == "mine"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../outside.txt", "x")
    with pytest.raises(ValueError, match="outside the copy"):
        tab_module.unpack(tmp_path)
    assert not (tmp_path.parent / "outside.txt").exists()
