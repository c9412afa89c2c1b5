"""The door to languages: an option of every command that says something, and a tool.

The option is the environment variable by another name. It is set for as long as a
command runs, so that kernels and servers that it starts speak the same language.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def speaks(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option to speak another language."""
    return click.option(
        "--language",
        envvar="WORKSHOP_LANGUAGE",
        metavar="NAME|FILE",
        expose_value=False,
        callback=_speak,
        help="What to speak: de, or a translation's file.  [default: en]",
    )(command)


def _speak(context: click.Context, _: click.Parameter, name: str | None) -> None:
    if not name:
        return
    from workshop.views.wording import speaking

    context.with_resource(speaking(name))


@click.command()
@click.argument("language", metavar="NAME|FILE")
def wording(language: str) -> None:
    """Say what a translation holds, what it lacks and what does not fit.

    What it lacks is printed as TOML, each English sentence behind a #: to translate
    one, put it into the file without that sign.
    """
    from workshop.record.mistakes import printable
    from workshop.views.wording import speaking
    from workshop.views.wording.progress import told

    with speaking("en"):
        text, fits = told(language)
    click.echo(printable(text))
    click.get_current_context().exit(0 if fits else 2)
