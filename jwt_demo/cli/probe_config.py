"""The settings of `jwt-demo probe` in a file: what `--config` reads and `--save-config` writes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

NOT_KEPT = {"config", "save_config", "as_json", "write_baseline", "explain"}
HEAD = "# Settings of `jwt-demo probe --config FILE`: the long options, without their dashes. An option on the command line wins.\n"


def load(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """The callback of `--config`: what the file says becomes the default of the other options."""
    from ..probes.loopback import CannotProbe
    from ..probes.toml_file import read_toml

    if path is None:
        return None
    known = {
        option.name: option
        for option in context.command.params
        if option.name and option.name not in NOT_KEPT
    }
    try:
        values = read_toml(path, "--config")
        for name, value in values.items():
            check(name, value, known)
    except CannotProbe as error:
        click.echo(str(error), err=True)
        context.exit(2)
    given = {}
    for name, value in values.items():
        option = known[name.replace("-", "_")]
        given[str(option.name)] = str(path.parent / value) if is_file(option, value) else value
    context.default_map = {**(context.default_map or {}), **given}
    return path


def check(name: str, value: Any, known: dict[str, click.Parameter]) -> None:
    from ..probes.loopback import CannotProbe

    option = known.get(name.replace("-", "_"))
    if option is None:
        names = ", ".join(sorted(each.replace("_", "-") for each in known))
        raise CannotProbe(f"--config: there is no setting {name!r}. There are: {names}")
    many = isinstance(value, list) and all(isinstance(each, str) for each in value)
    if option.multiple if isinstance(option, click.Option) else False:
        if not many:
            raise CannotProbe(f"--config: {name} is a list of texts")
    elif not isinstance(value, str | int | float) or isinstance(value, bool):
        raise CannotProbe(f"--config: {name} is a text or a number")


def is_file(option: click.Parameter, value: Any) -> bool:
    """Whether a value names a file: it is looked for beside the settings, wherever the program is started."""
    if option.name == "openapi":
        return bool(value) and "://" not in str(value)
    return isinstance(option.type, click.Path)


def save(context: click.Context, path: Path) -> None:
    """Write what was given, by option or by file, so that only its owner can read it: it may contain a password."""
    from ..probes.loopback import CannotProbe
    from ..probes.toml_file import to_toml

    kept = {}
    parameters = {parameter.name: parameter for parameter in context.command.params}
    for name, value in context.params.items():
        source = context.get_parameter_source(name)
        if name in NOT_KEPT or source is ParameterSource.DEFAULT or value in (None, ()):
            continue
        if is_file(parameters[name], value):
            value = os.path.relpath(value, path.parent or ".")
        kept[name.replace("_", "-")] = list(value) if isinstance(value, tuple) else value
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(HEAD + to_toml(kept))
    except OSError as error:
        raise CannotProbe(f"--save-config: {path} cannot be written: {error.strerror}") from None
