"""A stage's key: long enough, never printed, never the same twice."""

import pytest

from jwt_demo.stages import login
from jwt_demo.stages.parts.secret_key import ConfigurationError, key_from, new_key


@pytest.mark.parametrize("secret", ["x" * 32, "ä" * 16, "x" * 1000])
def test_a_secret_of_32_bytes_or_more_is_taken_as_it_is(secret):
    """Bytes are counted, not characters."""
    assert key_from({"JWT_SECRET": secret}) == secret


@pytest.mark.parametrize("secret", ["", "secret", "x" * 31, "ä" * 15])
def test_a_shorter_one_is_refused_with_the_command_that_makes_a_good_one(secret):
    """The message says how many bytes are needed and how to make them, and does not repeat the secret."""
    with pytest.raises(
        ConfigurationError, match=r"needs at least 32\. Make a key: python -c"
    ) as caught:
        key_from({"JWT_SECRET": secret})
    assert not secret or secret not in str(caught.value).replace("JWT_SECRET", "").replace(
        "secrets", ""
    )


def test_bytes_that_are_no_text_are_refused():
    """An environment may hold any bytes; a key that cannot be used at the first login is rejected at the start."""
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        key_from({"JWT_SECRET": "\udcff" * 40})


def test_without_a_secret_a_random_key_is_made_and_said_so(capsys):
    """Each time another one of 32 random bytes; the notice does not print it."""
    first, second = key_from({}), key_from({})
    assert first != second
    assert len(first) == 43
    notice = capsys.readouterr().err
    assert "JWT_SECRET is not set" in notice
    assert first not in notice


def test_new_keys_differ():
    """A hundred keys, a hundred values."""
    assert len({new_key() for _ in range(100)}) == 100


async def test_a_server_with_a_short_secret_does_not_start(serving, monkeypatch):
    """The cell shows the message; nothing listens."""
    monkeypatch.setenv("JWT_SECRET", "secret")
    with pytest.raises(ConfigurationError, match="JWT_SECRET has 6 bytes"):
        await serving(login.make_app())


def test_make_app_refuses_a_short_key_too():
    """A key given in code is held to the same rule, before anything is served."""
    with pytest.raises(ConfigurationError, match="key has 6 bytes"):
        login.make_app(key="secret")
