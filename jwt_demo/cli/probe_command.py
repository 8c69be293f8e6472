"""`jwt-demo probe`: the probes from a terminal; the report goes to standard output, progress to standard error."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from . import interrupts, probe_config
from .console import fail, progress_bar
from .probe_files import read, readable, write

FILE = click.Path(path_type=Path)
CONTRADICTIONS = (  # one of the left with one of the right; why they can't be together
    ("token_file", "login_json login_path token_field token_header", "a token that is given is not fetched by a login"),
    ("login_json", "email password", "the JSON has both already"),
    ("token_field", "token_header token_cookie", "a token is in one place"),
    ("token_header", "token_cookie", "a token is in one place"),
    ("token_cookie", "header scheme", "a token in a cookie has no header and no scheme"),
    ("wait", "token_file", "after the end of a token that is given no good one is left to compare with"),
    ("wait", "expired_token_file secret_file", "there is no need to wait then"),
)  # fmt: skip


def option(*names: str, **settings: Any) -> Callable[[Any], Any]:
    return click.option(*names, **settings)


@click.command()
@click.argument("url", required=False)
@option("--email", default="user@email.com", show_default=True, help="Who may log in there.")
@option("--password", default="password", show_default=True)
@option(
    "--login-json",
    metavar="JSON",
    help='The whole body of a login: \'{"username": …, "password": …}\'.',
)
@option("--path", default="/get-user", show_default=True, help="What only a good token opens.")
@option("--login-path", default="/login", show_default=True)
@option(
    "--scope-path",
    default="/admin",
    show_default=True,
    help="What this user's token does not open.",
)
@option(
    "--refresh-path",
    default="/refresh",
    show_default=True,
    help="'POST /path json:field' (form:field, header, cookie:name).",
)
@option(
    "--logout-path",
    default="/logout",
    show_default=True,
    help="'POST /path header' (json:field, form:field, cookie:name).",
)
@option(
    "--openapi",
    metavar="FILE|URL",
    help="An OpenAPI document that names the paths; /openapi.json is looked for.",
)
@option(
    "--token-field",
    metavar="NAME",
    help="The field of the login's response that has the token; dots go deeper.",
)
@option("--token-header", metavar="NAME", help="The header of the login's response that has it.")
@option(
    "--token-cookie", metavar="NAME", help="The cookie that has it, and carries it to the server."
)
@option(
    "--header",
    default="Authorization",
    show_default=True,
    help="The request header that carries the token.",
)
@option(
    "--scheme",
    default="Bearer",
    show_default=True,
    help="What stands before the token; '' for nothing.",
)
@option(
    "--jwks-url", metavar="URL", help="Where the JWK Set is: a path, or an address on this machine."
)
@option(
    "--ca-file",
    metavar="FILE",
    type=FILE,
    help="Who vouches for the certificate of https:// (PEM).",
)
@option(
    "--secret-file",
    "--key-file",
    metavar="FILE",
    type=FILE,
    help="The key the server signs with: a secret (text, base64, hex, JWK) or a private key (PEM, DER, JWK).",
)
@option(
    "--public-key-file",
    metavar="FILE",
    type=FILE,
    help="The server's public key, where it publishes none.",
)
@option(
    "--token-file",
    metavar="FILE",
    type=FILE,
    help="A good token, for a server that gives none itself.",
)
@option(
    "--expired-token-file",
    metavar="FILE",
    type=FILE,
    help="A token of the server's own that has expired.",
)
@option(
    "--other-audience-token-file",
    metavar="FILE",
    type=FILE,
    help="A good token for another service.",
)
@option(
    "--other-issuer-token-file", metavar="FILE", type=FILE, help="A good token of another issuer."
)
@option(
    "--wait",
    metavar="SECONDS",
    default=0.0,
    type=click.FloatRange(0, 86400),
    help="Wait so long for a token to expire.",
)
@option(
    "--wordlist",
    metavar="FILE",
    type=FILE,
    help="Words to try as the secret, one a line, beside the built-in ones.",
)
@option(
    "--limit",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0.1, 60),
    help="Seconds a response may take.",
)
@option(
    "--only",
    metavar="NAME",
    multiple=True,
    help="Run this probe; may be given several times. login-limit is run only so.",
)
@option(
    "--skip",
    metavar="NAME",
    multiple=True,
    help="Leave this probe out; may be given several times.",
)
@option(
    "--fail-on",
    metavar="SEVERITIES",
    default="hole,crash",
    show_default=True,
    help="hole, crash, must, hygiene, or none: what ends with 1.",
)
@option(
    "--baseline", metavar="FILE", type=FILE, help="Findings that are accepted, each with a reason."
)
@option(
    "--write-baseline", metavar="FILE", type=FILE, help="Write what is broken now as such a file."
)
@option("--junit", metavar="FILE", type=FILE, help="Write the report as JUnit XML.")
@option("--sarif", metavar="FILE", type=FILE, help="Write the report as SARIF.")
@option("--json", "as_json", is_flag=True, help="One JSON object.")
@option(
    "--config",
    metavar="FILE",
    type=FILE,
    is_eager=True,
    callback=probe_config.load,
    help="Settings in TOML.",
)
@option(
    "--save-config",
    metavar="FILE",
    type=FILE,
    help="Write the settings of this run as such a file.",
)
@option(
    "--explain",
    metavar="NAME",
    help="Print the page of this probe: what it sends, why, how to fix it.",
)
@click.pass_context
def probe(context: click.Context, /, url: str | None, **options: Any) -> None:
    """Attack a server on this machine and judge its responses.

    URL is its address, http://127.0.0.1:8080 say. Ends with 0 when nothing bad is found, 1 when something is (see --fail-on), 2 when
    nothing could be run.
    """
    from ..probes import CannotProbe, Report, attack, choose, report_of

    if options["explain"]:
        explain(options["explain"])
        return
    results: dict[str, Any] = {}
    interrupted = False
    try:
        if not url:
            raise CannotProbe("Which server? jwt-demo probe http://127.0.0.1:8080")
        contradictions(context)
        outcome = Outcome(url, options)
        chosen = choose(options["only"] or None, options["skip"] or None)
        settings = settings_of(context, options)
        if options["save_config"]:
            probe_config.save(context, options["save_config"])
        with Bars(chosen, options["wordlist"]) as bars:
            settings["tell_words"] = bars.tell_words
            interrupts.run(attack(url, chosen, results, bars.tell, bars.announce, **settings))
    except CannotProbe as error:
        fail(str(error))
    except KeyboardInterrupt:
        interrupted = True

    report: Report = report_of(chosen, results)
    if options["as_json"]:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo(report.text(whole_paths=True))
    try:
        failing = outcome.of(report)
    except CannotProbe as error:
        fail(str(error))
    if interrupted:
        click.echo("Interrupted; this is what is known so far.", err=True)
    judged = bool(report.held_or_broken) and not interrupted
    sys.exit(1 if failing else 0 if judged else 2)


class Outcome:
    """What a run ends with: the findings that fail it, and the files that were asked for."""

    def __init__(self, url: str, options: dict[str, Any]):
        from ..probes import ALL_PROBES
        from ..probes.baseline import Baseline

        self.url, self.options = url, options
        self.fail_on = severities(options["fail_on"])
        known = {each.name for each in ALL_PROBES}
        path = options["baseline"]
        self.baseline = Baseline.read(path, known) if path else Baseline()

    def of(self, report: Any) -> set[str]:
        """The names that fail the run; files are written, and stale entries of the baseline are named."""
        from ..probes.baseline import template
        from ..probes.junit import junit
        from ..probes.sarif import sarif

        accepted = self.baseline.accepted(report)
        failing = {
            result.probe.name
            for result in report.of_severity(*self.fail_on)
            if result.probe.name not in accepted
        }
        if accepted:
            click.echo(f"Accepted by the baseline: {', '.join(accepted)}", err=True)
        if stale := self.baseline.stale(report):
            click.echo(f"Stale in the baseline, no longer found: {', '.join(stale)}", err=True)
        write(self.options["junit"], "--junit", lambda: junit(report, failing, accepted))
        write(
            self.options["sarif"],
            "--sarif",
            lambda: json.dumps(sarif(report, self.url, accepted), indent=2),
        )
        write(self.options["write_baseline"], "--write-baseline", lambda: template(report))
        return failing


def severities(text: str) -> tuple[str, ...]:
    from ..probes.loopback import CannotProbe
    from ..probes.model import SEVERITIES

    names = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = set(names) - {*SEVERITIES, "none"}
    if unknown or not names:
        raise CannotProbe(
            f"--fail-on: {', '.join(sorted(unknown)) or 'nothing'} is no severity. There are: {', '.join(SEVERITIES)}, none"
        )
    return tuple(name for name in names if name != "none")


def contradictions(context: click.Context) -> None:
    """CannotProbe for two options that exclude each other, whether given here or in a file."""
    from ..probes.loopback import CannotProbe

    given = {name for name in context.params if is_given(context, name)}
    for name, others, why in CONTRADICTIONS:
        for other in others.split():
            if name in given and other in given:
                raise CannotProbe(f"{dashed(name)} and {dashed(other)} exclude each other: {why}")


def is_given(context: click.Context, name: str) -> bool:
    value = context.params[name]
    source = context.get_parameter_source(name)
    return source is not ParameterSource.DEFAULT and value not in (None, (), 0.0)


def dashed(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def settings_of(context: click.Context, options: dict[str, Any]) -> dict[str, Any]:
    """What the session is told: only what was given, so that an OpenAPI document can fill in the rest."""
    from ..probes.samples import OPTIONS, checked

    plain = (
        "email", "password", "login_json", "path", "login_path", "scope_path", "refresh_path", "logout_path", "openapi", "token_field",
        "token_header", "token_cookie", "header", "scheme", "jwks_url", "ca_file", "wordlist", "limit", "wait",
    )  # fmt: skip
    settings = {name: options[name] for name in plain if is_given(context, name)}
    if context.get_parameter_source("scheme") is not ParameterSource.DEFAULT:
        settings["scheme"] = options["scheme"]
    for name, option_name in (
        ("secret", "secret_file"),
        ("token", "token_file"),
        ("public_key", "public_key_file"),
    ):
        if options[option_name] is not None:
            settings[name] = read(options[option_name], dashed(option_name))
    samples = {}
    for name, flag in OPTIONS.items():
        path = options[flag.removeprefix("--").replace("-", "_")]
        if path is not None:
            samples[name] = checked(name, str(read(path, flag)))
    if options["wordlist"] is not None:
        readable(options["wordlist"])
    return settings | ({"samples": samples} if samples else {})


def explain(name: str) -> None:
    from ..probes.pages import page_of

    page = page_of(name, whole=True)
    if not page or not name.replace("-", "").isalnum():
        fail(f"No probe is called {name}")
    click.echo(Path(page).read_text(encoding="utf-8"), nl=False)


class Bars:
    """A bar while words are tried, then one while probes run; only one is on the screen at a time."""

    def __init__(self, probes: list[Any], wordlist: Path | None):
        from ..probes import ON_REQUEST

        self.total, self.wordlist = len(probes), wordlist
        self.to_the_limit = [probe.name for probe in probes if probe in ON_REQUEST]
        self.stack = contextlib.ExitStack()
        self.step: Callable[[int], None] | None = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    def tell_words(self, done: int) -> None:
        if self.step is None and self.wordlist is not None:
            with self.wordlist.open("rb") as file:
                lines = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
            self.step = self.stack.enter_context(progress_bar("Trying", lines, "words"))
        if self.step is not None:
            self.step(done)

    def announce(self, logins: int) -> None:
        """How many logins will follow, so that nobody is surprised by an account that is locked."""
        self.stack.close()
        if logins:
            then = "The first 429 ends them."
            if self.to_the_limit:
                then = f"{', '.join(self.to_the_limit)} goes on after a 429: the account may be locked for a while."
            click.echo(
                f"Up to {logins} login attempts follow, more where a response is asked for again. {then}",
                err=True,
            )
        self.step = self.stack.enter_context(progress_bar("Probing", self.total, "probes"))

    def tell(self, done: int) -> None:
        if self.step is not None:
            self.step(done)
