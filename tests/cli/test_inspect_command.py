"""`jwt-demo inspect`: what it prints, its status, and that nothing it is given makes it stumble."""

import base64
import json
import os
import pty
import subprocess
import sys

import jwt
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from jwt_demo.cli.inspect_command import inspect
from jwt_demo.tokens.anatomy import encode_segment
from jwt_demo.tokens.finding_codes import CODES

KEY = "k" * 32
TOKEN = jwt.encode({"sub": "1", "exp": 4_000_000_000}, KEY)


def run(*arguments, stdin=b""):
    return CliRunner().invoke(inspect, list(arguments), input=stdin)


def made_of(payload, header=b'{"alg":"HS256"}'):
    return f"{encode_segment(header)}.{encode_segment(payload)}.{encode_segment(b'x' * 32)}"


def test_the_report_has_what_is_promised():
    """One JSON object with six members; the signature is not checked without a key."""
    report = json.loads(run(TOKEN, "--json").stdout)

    assert list(report) == [
        "header",
        "claims",
        "signing_input",
        "signature",
        "signature_verified",
        "findings",
    ]
    assert report["header"] == {"alg": "HS256", "typ": "JWT"}
    assert report["claims"] == {"sub": "1", "exp": 4_000_000_000}
    assert f"{report['signing_input']}.{report['signature']}" == TOKEN
    assert report["signature_verified"] is None
    assert [set(finding) for finding in report["findings"]] == [
        {"code", "severity", "message", "reference"}
    ]


def test_the_status_is_the_verdict():
    """0 when it verifies or nobody asked, 1 when it does not."""
    assert run(TOKEN).exit_code == 0
    assert run(TOKEN, "--key", KEY).exit_code == 0
    assert run(TOKEN, "--key", "another").exit_code == 1
    assert (
        json.loads(run(TOKEN, "--key", "another", "--json").stdout)["signature_verified"] is False
    )


def test_standard_input_is_read_with_and_without_a_dash():
    """The line break at its end is not part of the token."""
    assert run("-", stdin=f"{TOKEN}\n".encode()).exit_code == 0
    assert run(stdin=f"{TOKEN}\r\n".encode()).exit_code == 0


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("", "token"), ("   ", "token"), ("abc", "token"), ("a.b.c.d", "token"), (f"Bearer {TOKEN}", "token"), (f'"{TOKEN}"', "token"),
        (TOKEN[:20] + "\n" + TOKEN[20:], "token"), ("a.b.c.d.e", "token"), ("e30.é.", "payload"), ("€.e30.", "header"), ("e30.e30.a", "signature"),
        ("bm9wZQ.e30.", "header"), ("W10.e30.", "header"), ("_w.e30.", "header"), (TOKEN + "=", "signature"), ("x" * 1_000_000, "token"),
    ],
)  # fmt: skip
def test_what_is_no_token_gets_one_line_and_status_2(text, segment):
    """On standard error, naming the segment and the reason; nothing on standard output."""
    result = run("-", stdin=text.encode())

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"{segment}: ")


@pytest.mark.parametrize("payload", [b"[1]", b'"text"', b"null", b"no json", b"\xff", b""])
def test_a_payload_without_claims_is_shown_with_a_finding(payload):
    """`claims` is null, the rest is reported."""
    result = run(made_of(payload), "--json")
    report = json.loads(result.stdout)

    assert result.exit_code == 0
    assert report["claims"] is None
    assert report["findings"][0]["code"] in ("not-an-object", "not-json", "not-utf8")
    assert run(made_of(payload)).exit_code == 0


def test_a_name_that_stands_twice_is_shown_with_its_last_value():
    """As most readers take it, and the finding says that others do not."""
    report = json.loads(run(made_of(b'{"sub":"1","sub":"2"}'), "--json").stdout)

    assert report["claims"] == {"sub": "2"}
    assert report["findings"][0]["code"] == "duplicate-name"


def test_a_key_from_a_file_is_a_pem_a_jwk_or_a_jwk_set(tmp_path):
    """And anything else is rejected in one line that says where a secret goes."""
    one = {"kty": "oct", "k": encode_segment(KEY.encode())}
    for content in (json.dumps(one), json.dumps({"keys": [one]})):
        (tmp_path / "key").write_text(content)
        assert run(TOKEN, "--key-file", str(tmp_path / "key")).exit_code == 0
    (tmp_path / "key").write_text(KEY)
    refused = run(TOKEN, "--key-file", str(tmp_path / "key"))
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert KEY not in refused.stderr
    assert run(TOKEN, "--key-file", str(tmp_path / "none")).exit_code == 2
    assert run(TOKEN, "--key", KEY, "--key-file", str(tmp_path / "key")).exit_code == 2
    assert run(TOKEN, "--key", "").exit_code == 2


def test_a_pipe_gets_text_without_escapes_and_a_terminal_gets_colour_unless_no_color():
    """The three statements stand in each."""
    assert "\x1b" not in run(TOKEN).stdout
    coloured, plain = (
        in_terminal({"TERM": "xterm-256color"}),
        in_terminal({"TERM": "xterm-256color", "NO_COLOR": "1"}),
    )
    assert "\x1b[1;33m" in coloured
    assert "\x1b[1;33m" not in plain
    for output in (coloured, plain, run(TOKEN).stdout):
        assert all(
            words in output for words in ("readable", "signature verified", "accepted by policy")
        )


def test_a_narrow_window_is_not_overrun():
    """No line is wider than the window."""
    output = in_terminal({"TERM": "dumb", "COLUMNS": "44", "LINES": "20"})
    assert max(map(len, output.splitlines())) <= 44


def in_terminal(environment):
    """What a process of its own writes to a pseudo terminal."""
    leader, follower = pty.openpty()
    command = [
        sys.executable,
        "-c",
        "from jwt_demo.cli.inspect_command import inspect; inspect()",
        TOKEN,
    ]
    surroundings = {
        name: value
        for name, value in os.environ.items()
        if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")
    }
    process = subprocess.Popen(
        command,
        stdout=follower,
        stderr=follower,
        stdin=subprocess.DEVNULL,
        env={**surroundings, **environment},
    )
    os.close(follower)
    pieces = []
    with os.fdopen(leader, "rb", buffering=0) as reader:
        try:
            while piece := reader.read(4096):
                pieces.append(piece)
        except OSError:  # Linux says so when the other side is closed
            pass
    assert process.wait(30) == 0
    return b"".join(pieces).decode()


@settings(max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=80)
        .map(lambda text: made_of(text.encode("utf-8", "surrogatepass")))
        .map(str.encode),
    )
)
def test_noise_gets_a_status_and_never_a_traceback(noise):
    """Whatever comes in: 0 or 2, and one line at most on standard error."""
    result = run("-", "--json", stdin=noise)
    assert result.exit_code in (0, 2)
    assert result.stderr.count("\n") <= 1
    assert (result.exit_code == 0) == bool(result.stdout)


def test_a_secret_in_a_file_needs_its_form(tmp_path):
    """Without it the line says which form fits; with it the signature verifies."""
    path = tmp_path / "my secret"
    for octets, form in (
        (KEY.encode() + b"\n", "text"),
        (KEY.encode().hex().encode(), "hex"),
        (base64.b64encode(KEY.encode()), "base64"),
    ):
        path.write_bytes(octets)
        refused = run(TOKEN, "--key-file", str(path))
        assert refused.exit_code == 2
        assert f"--key-form {form} (read so it fits this token)" in refused.stderr
        assert run(TOKEN, "--key-file", str(path), "--key-form", form).exit_code == 0


def test_a_secret_that_is_no_text(tmp_path):
    """32 random bytes, with a line break at their end that belongs to them."""
    octets = b"\xff\xfa" * 15 + b"\x00\n"
    token = jwt.encode({"sub": "1", "exp": 4_000_000_000}, octets)
    (tmp_path / "secret").write_bytes(octets)
    refused = run(token, "--key-file", str(tmp_path / "secret"))
    assert "--key-form bytes (it fits this token)" in refused.stderr
    assert run(token, "--key-file", str(tmp_path / "secret"), "--key-form", "bytes").exit_code == 0


def test_a_file_that_is_no_key_is_named_with_its_command(tmp_path):
    """One line: what it is, and what to type, with the file's name in quotes where it has a blank."""
    path = tmp_path / "my keys.jks"
    path.write_bytes(b"\xfe\xed\xfe\xed" + bytes(40))
    refused = run(TOKEN, "--key-file", str(path))
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert f"keytool -list -rfc -keystore '{path}' > certificates.pem" in refused.stderr


def test_repair_is_offered_and_done():
    """The refusal names the option; with it the token is read, and what was removed is said."""
    refused = run("-", stdin=f"Authorization: Bearer {TOKEN}".encode())
    assert refused.exit_code == 2
    assert "--repair" in refused.stderr
    done = run("-", "--repair", "--json", stdin=f"Authorization: Bearer {TOKEN}".encode())
    assert done.exit_code == 0
    assert done.stderr == "Removed: `Authorization:`, `Bearer `.\n"
    assert json.loads(done.stdout)["claims"]["sub"] == "1"
    assert "--repair" not in run("-", stdin=b"Bearer null").stderr


@pytest.mark.parametrize("code", ["expired", "EXPIRED", "key_too_short"])
def test_a_finding_is_explained(code):
    """Why, what to do, where to read; no token is needed."""
    answer = run("--explain", code)
    assert answer.exit_code == 0
    for word in ("Why: ", "What to do: ", "Read: RFC"):
        assert word in answer.stdout


def test_an_unknown_finding_names_those_like_it():
    """One line, status 2; `all` lists them all."""
    answer = run("--explain", "expire")
    assert answer.exit_code == 2
    assert "expired" in answer.stderr
    assert "--explain all" in answer.stderr
    assert [line.split()[0] for line in run("--explain", "all").stdout.splitlines()] == list(CODES)


def test_what_fits_another_form_is_a_finding_too():
    """For scripts: status 1, and a code."""
    report = run(TOKEN, "--key", KEY.encode().hex(), "--json")
    assert report.exit_code == 1
    codes = [finding["code"] for finding in json.loads(report.stdout)["findings"]]
    assert "key-in-another-form" in codes


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_input_of_windows_is_read(encoding):
    """As PowerShell writes it into a pipe."""
    assert run("-", stdin=f"{TOKEN}\r\n".encode(encoding)).exit_code == 0
