"""A real JupyterHub with the configuration of deploy/, and learners in it, driven over its API as a browser would."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from jwt_demo.grading.room import end_tree
from tests.support.services import ROOT, quiet_ports

DEPLOY = ROOT / "deploy"
PROXY = DEPLOY / "node_modules" / ".bin" / "configurable-http-proxy"
DRIVEN = """\
load_subconfig({config!r})
c.JupyterHub.services.append({{"name": "driver", "api_token": {token!r}}})
c.JupyterHub.load_roles.append({{
    "name": "driver", "scopes": ["admin:users", "admin:servers", "access:servers"], "services": ["driver"],
}})
"""


def what_is_missing() -> str:
    """Why no hub can be started here, or ''."""
    try:
        import firstuseauthenticator  # noqa: F401
        import jupyterhub  # noqa: F401
        import jupyterhub_idle_culler  # noqa: F401
    except ImportError as error:
        return f"{error} (pip install -r deploy/requirements.txt)"
    return "" if PROXY.exists() else "no configurable-http-proxy (npm install in deploy/)"


@contextlib.contextmanager
def hub(folder: Path, names: list[str], *, one_user: bool = False) -> Iterator[Hub]:
    """The hub with these learners, their folders below `folder`."""
    port, api, proxy = quiet_ports(3)
    token, url = secrets.token_hex(16), f"http://127.0.0.1:{port}"
    (folder / "names").write_text("\n".join(names))
    config = folder / "driven.py"
    config.write_text(DRIVEN.format(config=str(DEPLOY / "jupyterhub_config.py"), token=token))
    surroundings = {
        **os.environ,
        "CLASS_HOMES": str(folder / "homes"),
        "CLASS_LIST": str(folder / "names"),
        "HUB_URL": url,
        "HUB_API_URL": f"http://127.0.0.1:{api}",
        "HUB_PROXY_URL": f"http://127.0.0.1:{proxy}",
        "PYTHONPATH": str(ROOT),
        "CLASS_USERS": "one" if one_user else "",
    }
    log = folder / "hub.log"
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(config)],
            cwd=folder,
            env=surroundings,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        while f"JupyterHub is now running at {url}" not in log.read_text():
            if process.poll() is not None:
                raise RuntimeError(f"the hub did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.2)
        yield Hub(url, token, folder / "homes", process.pid, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:  # on a machine that is very busy
            end_tree(process.pid)
            process.wait()


@dataclass
class Hub:
    """A running hub."""

    url: str
    token: str
    homes: Path
    pid: int
    log: Path

    def client(self) -> aiohttp.ClientSession:
        """A client with all rights that the driver has."""
        return aiohttp.ClientSession(
            headers={"Authorization": f"token {self.token}"},
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=300),
        )

    async def log_in(self, name: str, password: str) -> int:
        """The status of the login form for this name and password; 302 is a success."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as browser:
            async with browser.get(f"{self.url}/hub/login") as page:
                await page.read()
            xsrf = next(cookie.value for cookie in jar if cookie.key == "_xsrf")
            fields = {"username": name, "password": password, "_xsrf": xsrf}
            async with browser.post(
                f"{self.url}/hub/login", data=fields, allow_redirects=False
            ) as answer:
                return answer.status

    async def start_server(self, name: str, limit: float = 240) -> float:
        """Start a learner's server; the seconds until it answers. RuntimeError where it does not."""
        began = time.monotonic()
        user = f"{self.url}/hub/api/users/{name}"
        async with self.client() as client:
            async with client.post(f"{user}/server") as answer:
                if answer.status not in (201, 202):
                    raise RuntimeError(f"{name}: {answer.status} {await answer.text()}")
            while time.monotonic() - began < limit:
                async with client.get(user) as answer:
                    known = await answer.json()
                if known["server"]:
                    return time.monotonic() - began
                if not known["pending"]:
                    raise RuntimeError(
                        f"the server of {name} failed:\n{self.log.read_text()[-3000:]}"
                    )
                await asyncio.sleep(0.3)
        raise RuntimeError(f"no server for {name} after {limit:g} s")

    @contextlib.asynccontextmanager
    async def notebook(self, name: str, path: str) -> AsyncIterator[Notebook]:
        """A notebook of a learner, open with a kernel."""
        root = f"{self.url}/user/{name}"
        async with self.client() as client:
            async with client.get(f"{root}/lab") as page:
                await page.read()
            # a cookie of the page: what it sends back shows that the request is its own
            xsrf = [cookie.value for cookie in client.cookie_jar if cookie.key == "_xsrf"]
            client.headers["X-XSRFToken"] = xsrf[-1] if xsrf else ""
            async with client.get(f"{root}/api/contents/{path}") as answer:
                cells = (await answer.json())["content"]["cells"]
            wanted = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
            async with client.post(f"{root}/api/sessions", json=wanted) as answer:
                session = await answer.json()
            kernel = f"{root}/api/kernels/{session['kernel']['id']}"
            async with client.ws_connect(f"{kernel}/channels", max_msg_size=0) as channels:
                yield Notebook(name, cells, channels, session["id"])


@dataclass
class Notebook:
    """A notebook of a learner with its kernel."""

    learner: str
    cells: list[dict[str, Any]]
    channels: aiohttp.ClientWebSocketResponse = field(repr=False)
    session: str

    async def run(self, source: str, limit: float = 120) -> tuple[str, str]:
        """What a cell printed or returned, and the name and words of its error ('' where it has none)."""
        number, said, error = uuid.uuid4().hex, "", ""
        waiting = {"idle", "reply"}
        await self.channels.send_json(request(number, self.session, source))
        while waiting:
            message = json.loads((await asyncio.wait_for(self.channels.receive(), limit)).data)
            if message["parent_header"].get("msg_id") != number:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                waiting.discard("idle")
            elif kind == "execute_reply":
                waiting.discard("reply")
            elif kind == "error":
                error = f"{content['ename']}: {content['evalue']}"
            elif kind == "stream":
                said += content["text"]
            elif kind == "execute_result":
                said += content["data"].get("text/plain", "")
        return said, error


def request(number: str, session: str, source: str) -> dict[str, Any]:
    return {
        "header": {
            "msg_id": number,
            "msg_type": "execute_request",
            "username": "",
            "session": session,
            "version": "5.3",
            "date": "",
        },
        "parent_header": {},
        "metadata": {},
        "channel": "shell",
        "buffers": [],
        "content": {
            "code": source,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        },
    }
