"""`python -m jwt_demo.probes.pages` writes the page of each probe from the probe itself and from `fixes`."""

from __future__ import annotations

from .. import ALL_PROBES, ON_REQUEST
from ..model import SEVERITIES, Probe
from . import FOLDER
from .fixes import FIXES, LIBRARIES, subject_of


def page(probe: Probe) -> str:
    """The text of a page, in Markdown."""
    rule, *fixes = FIXES[subject_of(probe.name)]
    key = (
        "The server's key (`--secret-file`), because this probe signs its tokens."
        if probe.secret
        else "No key."
    )
    if probe.logins or probe.control == "login":
        key += " A login, so it is not run with `--token-file`."
    if probe in ON_REQUEST:
        key += f" It is run only with `--only {probe.name}`, because the server may lock an account or an address for some time afterwards."
    parts = [
        f"# {probe.name}",
        f"**Sent:** {probe.sent}.",
        f"**Expected:** {probe.expected} ({probe.reference}).",
        f"**Why:** {probe.why}",
        f"**Severity:** `{probe.severity}` if the server accepts what it should reject: {SEVERITIES[probe.severity]}. "
        "A 5xx status, no response in time or a dropped connection is a `crash`.",
        f"**Needs:** {key}",
        f"## How to fix it\n\n{rule}",
        "\n".join(f"- **{library}:** {fix}" for library, fix in zip(LIBRARIES, fixes, strict=True)),
        f"Run it alone: `jwt-demo probe URL --only {probe.name}`.",
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write every page, and delete those of probes that are gone."""
    names = {probe.name for probe in ALL_PROBES}
    for path in FOLDER.glob("*.md"):
        if path.stem not in names:
            path.unlink()
    for probe in ALL_PROBES:
        (FOLDER / f"{probe.name}.md").write_text(page(probe), encoding="utf-8")


if __name__ == "__main__":
    main()
