"""A thin door: each command gathers arguments and calls one function.

Click is the only import at the top, so that ``workshop --help`` is instant.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from workshop import __version__, cli_kit, cli_room
from workshop.cli_language import speaks, wording

EPILOG = """
\b
First time here:
  workshop lab                          open the workshop in JupyterLab
  workshop report privacy-assistant     the finished report of the shipped example

\b
Pages without code, for one pair or for twenty:
  workshop app                          one pair at one screen
  workshop room --pairs 8 --host 0.0.0.0
  workshop check --room                 the day before: will it hold?
  workshop kit                          run sheet, cards and slides to print

\b
With a table of your own:
  workshop new my-case --data orders.csv --label refunded
  workshop report my-case

\b
With a record of your own:
  workshop start privacy-assistant      make ./my-workshop/record.yaml
  workshop status my-workshop/record.yaml
  workshop report my-workshop/record.yaml
  workshop retro my-workshop/record.yaml --data later.parquet
  workshop compare june.yaml july.yaml

\b
Many at once, and in a pipeline:
  workshop report pairs/*.yaml -o reports --jobs 2
  workshop report my-workshop/record.yaml --fail-on blocker --fail-on broken

\b
Exit codes: 0 done, 1 the gate asked for was not met, 2 the input was wrong,
3 the run failed, 130 interrupted.
"""


NOBODY_READS = 141
"""What programs end with whose output is no longer read; 1 would be a gate's."""


class Door(click.Group):
    """The group of commands; turns our errors into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; print an error of ours without a traceback."""
        from workshop.errors import WorkshopError, of_the_system
        from workshop.own_files import find_a_place

        try:
            find_a_place()
            return super().invoke(ctx)
        except WorkshopError as error:
            if ctx.params.get("debug"):
                raise
            _echo(f"workshop: {error}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            ctx.exit(130)
        except BrokenPipeError:
            # whoever reads this has read enough, as head does: nobody is left to tell
            _let_go_of_output()
            ctx.exit(NOBODY_READS)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            # 1 means a gate to a pipeline: a fault of ours must not look like one
            if ctx.params.get("debug"):
                raise
            what = f"{type(error).__name__}: {error}"
            told = of_the_system(error) or f"an unforeseen fault ({what}); see --debug"
            _echo(f"workshop: {told}", err=True)
            ctx.exit(3)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List commands in the order a person meets them."""
        return list(self.commands)


@click.group(
    cls=Door,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
@click.version_option(__version__, message="Common Ground %(version)s")
@click.option("--debug", is_flag=True, help="Show the whole traceback of an error.")
def main(debug: bool) -> None:
    """Put a product manager and an engineer at one table, with one real decision.

    The workshop is a handful of notebooks over one record, a YAML file that keeps what
    the pair said. The same notebooks make the readiness report.

    RECORD is such a file. SCENARIO is the name of a shipped one (see `workshop list`)
    or a folder with scenario.yaml in it.
    """


def _folder(_: object, __: object, value: str | None) -> Path | None:
    """Take a folder here; an address would make one that is called like it."""
    from workshop.data.stores import is_address
    from workshop.errors import InputError

    if value and is_address(value):
        raise InputError(f"-o {value}: only `workshop report` writes to an address.")
    return Path(value) if value else None


@main.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_scenarios(as_json: bool) -> None:
    """Show the scenarios at hand."""
    from workshop import commands

    _echo(commands.list_scenarios(as_json=as_json))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--data",
    default="",
    metavar="FILE|URL",
    help="The table: a file (CSV, Parquet, Feather, Excel, JSON lines) or "
    "duckdb://, postgres://, pyspark://.",
)
@click.option(
    "--runs", default="", metavar="FILE", help="An assistant's judged answers."
)
@click.option("--label", metavar="COL", help="The column that says what was right.")
@click.option(
    "--positive", metavar="V", help="The label's value that calls for acting."
)
@click.option("--time", metavar="COL", help="When each row happened.")
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="COL",
    help="Whom to look at apart; may be repeated.",
)
@click.option(
    "--score",
    "scores",
    multiple=True,
    metavar="COL",
    help="A model's score, one for each option.",
)
@click.option(
    "--annotator",
    "annotators",
    multiple=True,
    metavar="COL",
    help="One person's labels.",
)
@click.option("--cluster", metavar="COL", help="What rows hang together by.")
@click.option("--key", metavar="COL", help="The column that tells rows apart.")
@click.option(
    "--table", metavar="NAME", help="The table behind an address, or the sheet."
)
@click.option(
    "--positive-rate",
    default="",
    metavar="LOW-HIGH",
    help="Before there is data: how often acting is right.",
)
@click.option(
    "--precision",
    default="",
    metavar="LOW-HIGH",
    help="… of those acted on, how many are right.",
)
@click.option(
    "--recall",
    default="",
    metavar="LOW-HIGH",
    help="… of those to act on, how many are found.",
)
@click.option("--force", is_flag=True, help="Replace what `new` wrote there before.")
def new(folder: Path, **asked: Any) -> None:
    """Make a scenario folder of your own table.

    Each column's part is guessed and said, with the reason; card.yaml and scenario.yaml
    are yours to finish. Then `workshop report FOLDER` works at once.
    """
    from workshop import commands

    _echo(commands.new(folder, **asked))


@main.command()
@click.argument("scenario")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("my-workshop/record.yaml"),
    show_default=True,
    help="Where to write the record.",
)
@click.option("--force", is_flag=True, help="Overwrite a record that is there.")
def start(scenario: str, output: Path, force: bool) -> None:
    """Make a new pair's record for SCENARIO."""
    from workshop import commands

    _echo(commands.start(scenario, output, force=force))


@main.command()
@click.argument("record", default="")
@click.option("--no-browser", is_flag=True, help="Start the server, open no window.")
@click.option("--port", type=cli_room.PORT, default=8888, show_default=True)
@click.option("--copy", is_flag=True, help="Only copy them, for another editor.")
@speaks
def lab(record: str, no_browser: bool, port: int, copy: bool) -> None:
    """Open the notebooks in JupyterLab.

    RECORD may be a record or a scenario; without one, ./my-workshop/record.yaml is
    made on the first save. The notebooks are copied to my-workshop/notebooks first.
    """
    from workshop import commands

    if copy:
        _echo(commands.copy_for_editor(record))
        return
    sys.exit(commands.lab(record, open_browser=not no_browser, port=port))


main.add_command(cli_room.app)
main.add_command(cli_room.room)
main.add_command(wording)
main.add_command(cli_kit.check)
main.add_command(cli_kit.kit)


@main.command()
@click.argument("targets", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    default="",
    metavar="DIR",
    help="Folder to write to, or an address that papermill can write.  "
    "[default: reports/NAME]",
)
@click.option("--step", metavar="NN", help="One step's notebook instead of the whole.")
@click.option(
    "--data", default="", metavar="FILE", help="With --step 06: rows that came later."
)
@click.option("--as-of", metavar="DATE", help="The day that counts as today.")
@click.option(
    "--fail-on",
    type=click.Choice(["blocker", "broken", "gap"]),
    multiple=True,
    help="Exit with 1, and say why: a blocker that nobody accepted, a broken clause, "
    "anything still open. May be repeated.",
)
@click.option("--pdf", is_flag=True, help="Print report.pdf too, by Chromium.")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="A parameter of the notebook, as papermill takes it.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many of several reports to write at a time.",
)
@speaks
def report(targets: tuple[str, ...], output: str, **asked: Any) -> None:
    """Write the readiness report of each scenario or record in TARGETS.

    A folder with report.html (one page, opens offline), report.json (every number on
    it) and executed.ipynb. Of several there is an index.html besides, sorted by what
    needs attention; run again after an interruption, and it goes on where it was.
    """
    from workshop import commands

    sys.exit(commands.report(targets, output, **asked))


@main.command()
@click.argument("record")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--as-of", metavar="DATE", help="The day that counts as today.")
@speaks
def status(record: str, as_json: bool, as_of: str | None) -> None:
    """Say what is decided, what is missing, what moved."""
    from workshop import commands

    _echo(commands.status(record, as_json=as_json, as_of=as_of))


@main.command()
@click.argument("record")
@click.option(
    "--data", required=True, metavar="FILE", help="Rows that came after the agreement."
)
@click.option(
    "--each",
    type=click.Choice(["month"]),
    help="One look after the other, each on its own month.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--as-of", metavar="DATE", help="The day that counts as today.")
@click.option(
    "--fail-on",
    type=click.Choice(["broken"]),
    help="Exit with 1 when a clause is broken.",
)
@click.option(
    "-o",
    "--output",
    callback=_folder,
    metavar="DIR",
    help="Folder for the page.  [default: reports/NAME-retro]",
)
@click.option("--no-save", is_flag=True, help="Add nothing to the record.")
@speaks
def retro(record: str, data: str, **asked: Any) -> None:
    """Hold what was promised in RECORD against what happened since.

    Every clause is kept, broken, or cannot be told yet, with what telling would take.
    That is one look at its last window: it says kept or broken wrongly about 1
    time in 20 at most, on each side. Looking every week is the job of the watch.
    The look is added to the record, and a page is written: report.html and report.json.
    """
    from workshop import commands

    sys.exit(commands.retro(record, data, **asked))


@main.command()
@click.argument("records", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "-o",
    "--output",
    callback=_folder,
    metavar="DIR",
    help="Folder for compare.html and compare.json; none is written without.",
)
@click.option("--as-of", metavar="DATE", help="The day that counts as today.")
@speaks
def compare(records: tuple[str, ...], output: Path | None, **asked: Any) -> None:
    """Say where RECORDS differ, choice by choice, with what each saw.

    Records of several pairs, or of one pair in several months. Nothing is computed
    anew, so it is quick.
    """
    from workshop import commands

    sys.exit(commands.compare(records, output, **asked))


def _let_go_of_output() -> None:
    """Keep Python from writing once more, at its end, what nobody reads."""
    import os
    from contextlib import suppress

    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _echo(text: str, *, err: bool = False) -> None:
    """Print a text that may hold what people wrote."""
    from workshop.record.mistakes import printable

    click.echo(printable(text), err=err)


if __name__ == "__main__":
    main()
