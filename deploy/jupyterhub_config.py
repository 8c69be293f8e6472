"""A hub for a class on one machine: `jupyterhub -f jupyterhub_config.py`, as root.

Before: `pip install -r requirements.txt "jwt_demo[all]"` into an environment that everybody may read, `npm install` beside this file, and a file
with the learners' names, one a line. Each learner chooses a password when they first log in. `teacher` is the administrator: log in as that first.

Each learner has a Unix user id of their own, without an account on the machine: the owner of their folder under CLASS_HOMES. So nobody reads
another's files, kernels or login tokens, and the notebooks' servers refuse the other learners. Started by another user than root, all are one
user and nothing separates them; the log says so.

Settings, from the environment: CLASS_HOMES (folders of the learners), CLASS_LIST (the names), CLASS_MEMORY (MiB for each process of a learner),
HUB_URL (where the hub listens; put TLS in front of anything but 127.0.0.1), CLASS_USERS=one (one user for all, also as root).
"""

import asyncio
import os
import sys
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner

from jwt_demo.course.lab import environment

HERE = Path(__file__).resolve().parent
HOMES = Path(os.environ.get("CLASS_HOMES", "/srv/jwt-class"))
NAMES = Path(os.environ.get("CLASS_LIST", HOMES / "names.txt"))
MEMORY = (
    int(os.environ.get("CLASS_MEMORY", "2048")) << 20
)  # bytes of addresses; a kernel uses 65 MiB of it
MOST_PROCESSES = 200  # of a learner, threads included
FIRST_UID = 200_000  # above the ids of people and of systemd's services
FOLDER = "jwt-course"
ONE_USER = os.geteuid() != 0 or os.environ.get("CLASS_USERS") == "one"


class OneUserEach(SimpleLocalProcessSpawner):
    """Starts a learner's server in their folder, as the user who owns it, with limits."""

    def make_preexec_fn(self, name):
        home, uid = self.home_dir, os.stat(self.home_dir).st_uid

        def become():
            import resource

            os.umask(0o077)
            if not ONE_USER:
                resource.setrlimit(resource.RLIMIT_NPROC, (MOST_PROCESSES, MOST_PROCESSES))
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            os.chdir(home)

        return become


def make_home(home):
    """A learner's folder, with an owner that nobody else has."""
    if home.exists():
        return
    taken = [entry.stat().st_uid for entry in HOMES.iterdir() if entry.is_dir()]
    home.mkdir(mode=0o700)
    if not ONE_USER:
        uid = max([FIRST_UID - 1, *taken]) + 1
        os.chown(home, uid, uid)


async def working_copy(spawner):
    """Make or update the learner's copy of the notebooks, as the learner."""
    home = Path(spawner.home_dir)
    make_home(home)
    uid = os.stat(home).st_uid
    own = {} if ONE_USER else {"user": uid, "group": uid, "extra_groups": []}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jwt_demo", "copy", FOLDER,
        cwd=home, env={**environment({}), "HOME": str(home)}, umask=0o077,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, **own,
    )  # fmt: skip
    said, _ = await process.communicate()
    for line in said.decode("utf-8", "replace").splitlines():
        spawner.log.info("%s: %s", spawner.user.name, line)
    if process.returncode != 0:
        raise RuntimeError(
            f"The working copy of {spawner.user.name} could not be made: see the log."
        )


os.umask(0o077)  # for the hub's own files: passwords, cookies, its database
HOMES.mkdir(parents=True, exist_ok=True)
HOMES.chmod(0o711)  # learners go through it to their own folder and cannot list it

c = get_config()  # noqa: F821  # JupyterHub defines it

c.JupyterHub.bind_url = os.environ.get("HUB_URL", "http://127.0.0.1:8000")
c.JupyterHub.hub_bind_url = os.environ.get("HUB_API_URL", "http://127.0.0.1:8081")
c.JupyterHub.db_url = f"sqlite:///{HOMES}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(HOMES / "cookie_secret")
c.JupyterHub.cleanup_servers = True
c.ConfigurableHTTPProxy.command = [str(HERE / "node_modules" / ".bin" / "configurable-http-proxy")]
c.ConfigurableHTTPProxy.api_url = os.environ.get("HUB_PROXY_URL", "http://127.0.0.1:8001")
c.ConfigurableHTTPProxy.pid_file = str(HOMES / "proxy.pid")

c.JupyterHub.authenticator_class = "firstuseauthenticator.FirstUseAuthenticator"
c.FirstUseAuthenticator.dbm_path = str(HOMES / "passwords")
c.FirstUseAuthenticator.create_users = False
c.FirstUseAuthenticator.min_password_length = 8
c.Authenticator.allowed_users = set(NAMES.read_text("utf-8").split())
c.Authenticator.admin_users = {"teacher"}

c.JupyterHub.spawner_class = OneUserEach
c.SimpleLocalProcessSpawner.home_dir_template = str(HOMES / "{username}")
c.Spawner.pre_spawn_hook = working_copy
c.Spawner.cmd = [str(Path(sys.executable).parent / "jupyterhub-singleuser")]
c.Spawner.args = [
    "--LabApp.extension_manager=readonly",
    "--KernelManager.transport=ipc",  # sockets in the learner's own folder: no ports that collide or that others can reach
    "--MappingKernelManager.cull_idle_timeout=1800",  # seconds; a page that is open keeps its kernel
    "--MappingKernelManager.cull_interval=120",
    *(["--allow-root"] if ONE_USER and os.geteuid() == 0 else []),
]
c.Spawner.notebook_dir = f"~/{FOLDER}"
c.Spawner.default_url = "/lab/tree/00_start_here.ipynb"
c.Spawner.start_timeout = 300  # seconds; thirty at once on two busy cores took up to 200
c.Spawner.http_timeout = 120
c.Spawner.env_keep = ["LANG", "LC_ALL", "TZ"]
c.Spawner.environment = {
    **environment({"PATH": os.environ.get("PATH", os.defpath)}),
    "JUPYTER_RUNTIME_DIR": lambda spawner: (
        f"{spawner.home_dir}/.run"
    ),  # short: the path of a socket has 107 bytes
}
if ONE_USER:
    print("All learners are one Unix user, and can read each other's files.", file=sys.stderr)

c.JupyterHub.load_roles = [
    {
        "name": "culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["culler"],
    }
]
c.JupyterHub.services = [
    {
        "name": "culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"],
    }
]
