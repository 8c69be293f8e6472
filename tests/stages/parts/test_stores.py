"""The three stores keep one contract; what only one of them can do has its own tests."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from jwt_demo.stages.parts.secret_key import ConfigurationError
from jwt_demo.stages.parts.stores import MemoryStore, SQLiteStore, StoreUnavailable, open_store
from jwt_demo.stages.parts.stores.errors import CLOCK_JUMP
from tests.support.services import ROOT, free_port, redis

SOON = int(time.time()) + 600


@pytest.fixture(params=["memory", "sqlite", "redis"])
async def store(request, tmp_path):
    """Each kind of store in turn, empty."""
    if request.param == "redis":
        with redis(request.getfixturevalue("redis_server"), tmp_path) as address:
            store = open_store(address)
            yield store
            await store.close()
        return
    store = open_store(
        {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path}/store.sqlite"}[request.param]
    )
    yield store
    await store.close()


async def test_a_family_rotates_from_one_refresh_token_to_the_next(store):
    """Each refresh token works once, and the one that replaced it works next."""
    await store.start_family("family", "first", until=SOON)
    assert await store.rotate("family", "first", "second")
    assert await store.rotate("family", "second", "third")
    assert not await store.denied("family")


async def test_a_refresh_token_used_again_ends_its_family_and_no_other(store):
    """Reuse: the family is denied and its newest refresh token is dead as well; the other login of the same user goes on."""
    await store.start_family("family", "first", until=SOON)
    await store.start_family("other", "first", until=SOON)
    assert await store.rotate("family", "first", "second")
    assert not await store.rotate("family", "first", "stolen")
    assert await store.denied("family")
    assert not await store.rotate("family", "second", "third")
    assert await store.rotate("other", "first", "second")
    assert not await store.denied("other")


async def test_a_family_nobody_started_does_not_rotate_and_leaves_no_trace(store):
    """Whoever invents families cannot fill the denylist."""
    assert not await store.rotate("nobody's", "first", "second")
    await store.end_family("nobody's")
    assert not await store.denied("nobody's")


async def test_of_hundreds_of_rotations_at_once_one_is_granted(store):
    """300 tasks bring the same refresh token at the same time: one pair is handed out, and the family is dead after it."""
    await store.start_family("family", "first", until=SOON)
    granted = await asyncio.gather(
        *(store.rotate("family", "first", f"next {number}") for number in range(300))
    )
    assert Counter(granted) == {True: 1, False: 299}
    assert await store.denied("family")


async def test_the_denylist_knows_what_it_was_told_and_nothing_else(store):
    """One denied id among several asked for is enough; ids are data and never SQL or a pattern."""
    await store.deny("x' OR '1'='1", until=SOON)
    assert await store.denied("something", "x' OR '1'='1")
    assert not await store.denied("something", "*", "%", "x")


async def test_a_new_epoch_is_for_one_user(store):
    """Everybody begins in the same epoch; a change moves one user to another one, and the next change to yet another."""
    before, none = await store.account("1")
    await store.change_account("1")
    after, still_none = await store.account("1")
    await store.change_account("1")
    assert len({before, after, (await store.account("1"))[0]}) == 3
    assert none is None
    assert still_none is None
    assert await store.account("2") == (before, None)


async def test_a_new_password_begins_a_new_epoch_and_outlives_the_next(store):
    """Hash and epoch change together; logging out everywhere later keeps the hash."""
    before, _ = await store.account("1")
    await store.change_account("1", password_hash="hash")
    after, password_hash = await store.account("1")
    await store.change_account("1")
    assert after != before
    assert password_hash == "hash"
    assert (await store.account("1"))[1] == "hash"


async def test_a_closed_store_opens_again_by_itself(store):
    """close() lets go of files and connections, not of the state."""
    await store.deny("id", until=SOON)
    await store.close()
    assert await store.denied("id")


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_the_denylist_forgets_what_has_expired(kind, tmp_path):
    """An entry is kept until its token has expired by itself, in a file for a day more, and goes with the next entry."""
    now = 1000
    longer = CLOCK_JUMP if kind == "sqlite" else 0
    store = (
        MemoryStore(clock=lambda: now)
        if kind == "memory"
        else SQLiteStore(tmp_path / "store.sqlite", clock=lambda: now)
    )
    await store.start_family("family", "first", until=1060)
    await store.end_family("family")
    await store.start_family("unused", "first", until=1060)
    for number in range(100):
        await store.deny(f"id {number}", until=1060)
    now = 1059 + longer
    await store.deny("late", until=1200)
    assert await store.denied("id 7")
    assert await store.denied("family")
    now = 1060 + longer
    await store.deny("later", until=1200)
    assert not await store.denied("family", *(f"id {number}" for number in range(100)))
    assert await store.denied("late")
    assert not await store.rotate("unused", "first", "second")
    await store.close()


async def test_redis_forgets_by_itself(redis_server, tmp_path):
    """Every key but the epochs carries the moment it may go; an ended family is denied for as long as it could have lived."""
    with redis(redis_server, tmp_path) as address:
        store = open_store(address)
        await store.start_family("family", "first", until=SOON)
        await store.rotate("family", "first", "second")
        await store.end_family("family")
        await store.deny("id", until=SOON)
        client = store._redis._client
        assert [
            await client.expiretime(f"jwt-demo:denied:{name}") for name in ("family", "id")
        ] == [SOON + CLOCK_JUMP] * 2
        assert await client.exists("jwt-demo:family:family") == 0
        await store.close()


ROTATE_A_HUNDRED_TIMES = """
import asyncio, sys
from jwt_demo.stages.parts.stores import SQLiteStore

async def rotate(path, name):
    store = SQLiteStore(path)
    await store.account("")
    print("ready", flush=True)
    sys.stdin.readline()
    granted = await asyncio.gather(*(store.rotate("family", "first", f"{name} {number}") for number in range(100)))
    await store.close()
    print(sum(granted))

asyncio.run(rotate(*sys.argv[1:]))
"""


async def test_processes_that_share_a_file_grant_one_rotation(tmp_path):
    """Three processes bring the same refresh token a hundred times each; none begins before all are there."""
    path = tmp_path / "store.sqlite"
    store = SQLiteStore(path)
    await store.start_family("family", "first", until=SOON)
    await store.close()
    processes = [
        python(ROTATE_A_HUNDRED_TIMES, path, name, stdin=subprocess.PIPE) for name in "abc"
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert sum(int(process.communicate()[0]) for process in processes) == 1
    assert [process.returncode for process in processes] == [0, 0, 0]


def python(code, *arguments, **streams):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        **streams,
    )


def test_many_processes_may_make_the_file_at_once(tmp_path):
    """Twelve workers start on an empty directory: all of them agree on the store's first epoch."""
    code = "import asyncio, sys; from jwt_demo.stages.parts.stores import SQLiteStore; print(asyncio.run(SQLiteStore(sys.argv[1]).account('1'))[0])"
    workers = [python(code, tmp_path / "store.sqlite") for _ in range(12)]
    assert len({worker.communicate()[0] for worker in workers}) == 1
    assert {worker.returncode for worker in workers} == {0}


async def test_a_file_that_vanishes_is_a_store_that_is_away(tmp_path):
    """Moved away: nothing is answered from the open file and no new one is made. Moved back: everything is still there."""
    store = SQLiteStore(tmp_path / "store.sqlite")
    await store.deny("id", until=SOON)
    (tmp_path / "store.sqlite").rename(tmp_path / "elsewhere")
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=r"store\.sqlite"):
            await store.denied("id")
    assert not (tmp_path / "store.sqlite").exists()
    (tmp_path / "elsewhere").rename(tmp_path / "store.sqlite")
    assert await store.denied("id")
    await store.close()


async def test_a_new_empty_file_knows_none_of_the_old_epochs(tmp_path):
    """State lost for good and made again: tokens from before carry an epoch that is gone, so revoked ones do not come back to life."""
    epochs = []
    for _ in range(2):
        store = SQLiteStore(tmp_path / "store.sqlite")
        epochs.append((await store.account("1"))[0])
        await store.close()
        (tmp_path / "store.sqlite").unlink()
    assert epochs[0] != epochs[1]


async def test_an_emptied_redis_knows_none_of_the_old_epochs(redis_server, tmp_path):
    """FLUSHALL takes the denylist along, and the epoch that the denied tokens carry."""
    with redis(redis_server, tmp_path) as address:
        store = open_store(address)
        before, _ = await store.account("1")
        assert (await store.account("2"))[0] == before
        await store._redis._client.flushall()
        assert (await store.account("1"))[0] != before
        await store.close()


@pytest.mark.parametrize("damage", ["not a database", "no directory", "a directory"])
async def test_a_file_that_is_no_store_is_unavailable(damage, tmp_path):
    """Whatever stands at the path, the answer is StoreUnavailable with the path in it."""
    path = tmp_path / "store.sqlite"
    if damage == "not a database":
        path.write_bytes(b"something else entirely " * 100)
    elif damage == "a directory":
        path.mkdir()
    else:
        path = tmp_path / "nowhere" / "store.sqlite"
    store = SQLiteStore(path)
    with pytest.raises(StoreUnavailable, match=r"store\.sqlite"):
        await store.account("1")
    await store.close()


async def test_a_writer_that_does_not_let_go_is_waited_for_only_so_long(tmp_path, monkeypatch):
    """Another program holds the lock: readers read on, a writer gives up with StoreUnavailable, and half a write is no write."""
    monkeypatch.setattr("jwt_demo.stages.parts.stores.sqlite_file.PATIENCE", 0.05)
    store = SQLiteStore(tmp_path / "store.sqlite")
    await store.start_family("family", "first", until=SOON)
    other = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        await store.rotate("family", "first", "second")
    assert not await store.denied("family")
    other.execute("ROLLBACK")
    other.close()
    assert await store.rotate("family", "first", "second")
    await store.close()


async def test_the_event_loop_serves_others_while_sqlite_waits(tmp_path):
    """A write that waits for a lock waits on its own thread: the loop itself is what opens the lock, so it did turn."""
    store = SQLiteStore(tmp_path / "store.sqlite")
    await store.account("1")
    other = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(store.deny("id", until=SOON))
    await asyncio.sleep(0)
    other.execute("ROLLBACK")
    other.close()
    await writing
    assert threading.current_thread() is threading.main_thread()
    assert await store.denied("id")
    await store.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
async def test_the_file_is_for_its_owner_only(tmp_path):
    """It holds password hashes."""
    store = SQLiteStore(tmp_path / "store.sqlite")
    await store.change_account("1", password_hash="hash")
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    await store.close()


async def test_nobody_at_the_address_of_redis_is_unavailable():
    """A refused connection names the address and not the password in it."""
    port = free_port()
    store = open_store(f"redis://:open-sesame@127.0.0.1:{port}/0")
    with pytest.raises(StoreUnavailable, match=str(port)) as raised:
        await store.denied("id")
    assert "sesame" not in str(raised.value)
    await store.close()


async def test_redis_that_comes_back_works_at_once(redis_server, tmp_path):
    """Stopped and started again with its file: the first question is answered, from what was known before."""
    port = free_port()
    with redis(redis_server, tmp_path, port=port) as address:
        store = open_store(address)
        epoch = await store.account("1")
        await asyncio.gather(*(store.deny(f"id {number}", until=SOON) for number in range(20)))
    with pytest.raises(StoreUnavailable):
        await store.denied("id 7")
    with redis(redis_server, tmp_path, port=port):
        assert await store.denied("id 7")
        assert await store.account("1") == epoch
        await store.close()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sqlite",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://store.sqlite",
        "memory",
        "mysql://h/db",
    ],
)
def test_an_address_that_is_none_says_which_ones_are(address):
    """The message shows the three forms, and of the address only what cannot be a password."""
    with pytest.raises(ConfigurationError, match="Use sqlite:///"):
        open_store(address)
