"""What is reached and what is not, before anything is judged. Each fault is one line that names the option that fixes it."""

from __future__ import annotations

from collections.abc import Sequence

from .answers import describe, succeeded
from .issued import elsewhere
from .loopback import CannotProbe
from .model import Probe
from .session import Session

MISSING = (404, 405, 410)


def check(session: Session) -> None:
    """CannotProbe where there is no login, no protected path, no such user, no token, or none that is accepted.

    A crash, a redirect or a server that does not respond is no such fault: it is judged.
    """
    if session.first_use.status in MISSING:
        raise CannotProbe(
            f"GET {session.path} with the good token gets {session.first_use.status}: nothing is there. --path names what only a good token opens"
        )
    if session.token:
        check_given_token(session)
        return
    if session.no_login:
        check_login(session)
    if session.no_good and session.bare.status in MISSING:
        raise CannotProbe(
            f"GET {session.path} gets {session.bare.status}: nothing is there. --path names what only a good token opens"
        )
    if session.no_good and not session.no_login:
        check_use(session)


def check_login(session: Session) -> None:
    answer, login = session.first_login, f"POST {session.login_path}"
    status = answer.status or 0
    if status in MISSING:
        raise CannotProbe(
            f"{login} gets {status}: no login is there. --login-path names it, or --token-file brings a good token"
        )
    if status == 429:
        raise CannotProbe(
            f"{login} gets 429: the server limits logins. --token-file brings a good token without one"
        )
    if succeeded(answer):
        where = elsewhere(answer)
        hint = (
            f"{where} would read one"
            if where
            else "--token-field, --token-header or --token-cookie says where it is"
        )
        raise CannotProbe(f"{login} gets {status}, and no token is found in the response: {hint}")
    if status in (400, 401, 403, 422):
        names = (
            " or ".join(session.login.names)
            if session.login_json
            else "email, username and password"
        )
        raise CannotProbe(
            f"{login} gets {status} for {session.email}: unknown user, wrong password or other fields than {names}. "
            "--email and --password name a user, --login-json gives the whole body, --token-file brings a good token without a login"
        )


def check_given_token(session: Session) -> None:
    use = session.first_use
    if not session.no_good or use.trouble or (use.status or 0) >= 500:
        return
    if use.status is None:
        raise CannotProbe(session.no_good[0].upper() + session.no_good[1:])
    raise CannotProbe(
        f"The token of --token-file is not accepted at GET {session.path} ({describe(use)}): is it in time, and is --path, --scheme or --header right?"
    )


def check_use(session: Session) -> None:
    status = session.first_use.status
    if session.first_use.trouble or (status is not None and (status >= 500 or 300 <= status < 400)):
        return
    if status is None:
        raise CannotProbe(
            f"What POST {session.login_path} gave as a token is none that can be changed: --token-field, --token-header or --token-cookie says where it is"
        )
    raise CannotProbe(
        f"The token of POST {session.login_path} gets {describe(session.first_use)} at GET {session.path}: "
        "--path, --scheme, --header or --token-field is another here"
    )


def logins_ahead(session: Session, probes: Sequence[Probe]) -> int:
    """How many logins these probes make, the ones before and after each login probe counted; asking again comes on top."""
    if session.no_login:
        return 0
    controls = 2 * sum(probe.control == "login" for probe in probes)
    return controls + sum(probe.logins for probe in probes)
