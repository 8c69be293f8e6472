"""The two ways most probes run: forged tokens that must be rejected, and good ones in another form that need not be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from .forge import Good
from .model import HOLE, HYGIENE, Broken, NotRun, Probe
from .session import Session

REFUSED = "401 invalid_token"


def signed(
    name: str,
    sent: str,
    reference: str,
    why: str,
    make: Callable[[Good], dict[str, str]] | Callable[[Session], Awaitable[str]],
    severity: str = HOLE,
    *,
    runs: bool = False,
) -> Probe:
    """A probe that changes the good token and signs it again with the server's secret; `runs` where `make` sends it itself."""
    return Probe(
        name,
        f"the good token {sent}; its signature is valid",
        REFUSED,
        reference,
        why,
        make if runs else forged(make),  # type: ignore[arg-type]  # `runs` says which of the two it is
        secret=True,
        severity=severity,
    )


def forged(
    make: Callable[[Good], dict[str, str]], *, allow: tuple[int, ...] = (401,)
) -> Callable[[Session], Awaitable[str]]:
    """Every token of `make(good)`, a dict of labels and tokens, has to be rejected; NotRun from `make` says why there is none."""

    async def run(session: Session) -> str:
        tokens = make(session.good)
        labelled = len(tokens) > 1
        seen = [
            await session.refuses(token, label if labelled else "", allow=allow)
            for label, token in tokens.items()
        ]
        return ", ".join(dict.fromkeys(seen))

    return run


def unharmed(
    statuses: tuple[int, ...], make: Callable[[Good], dict[str, str]]
) -> Callable[[Session], Awaitable[str]]:
    """Every token of `make(good)` must get one of these."""

    async def run(session: Session) -> str:
        seen = []
        for label, token in make(session.good).items():
            request = session.request(token)
            answer = await session.send(request)
            session.sound(request, answer, label)
            if answer.status not in (*statuses, session.usual.status):
                raise Broken(f"{label}: {answer.status}", HYGIENE)
            seen.append(str(answer.status))
        return ", ".join(dict.fromkeys(seen))

    return run


def needs(good: Good, name: str) -> None:
    """NotRun where the server's own tokens lack a claim: then it can't be asked for."""
    if name not in good.claims:
        raise NotRun(f"the tokens here have no {name}")
