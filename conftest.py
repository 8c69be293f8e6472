"""Every kernel that a test starts, nbval's too, has the same surroundings and ports that no connection takes."""

from __future__ import annotations

from typing import Any

import pytest

from rerun import prepare_environment

prepare_environment()


def pytest_configure(config: pytest.Config) -> None:
    """Notebooks run beside each other and beside a browser: nbval would choose ports among those that connections get."""
    if not config.getoption("nbval", default=False):
        return
    from jupyter_client.manager import KernelManager
    from nbval import kernel

    from jwt_demo.grading.kernel_ports import kernel_settings

    def manager(**options: Any) -> KernelManager:
        return KernelManager(config=kernel_settings(), **options)

    kernel.KernelManager = manager


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m notebook` chooses the cells that nbval runs, as `-m browser` does what needs one."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker("notebook")


def pytest_sessionstart() -> None:
    """A busy machine makes no example wrong: hypothesis judges what a property says, not how long it takes."""
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("untimed")
