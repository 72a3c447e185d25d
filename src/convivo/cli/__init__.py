"""The command line: thin commands over the rooms below. Heavy imports happen inside the commands."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from convivo.cli.course import app as course
from convivo.cli.samples import app as samples
from convivo.cli.simulate import app as simulate
from convivo.errors import ConvivoError
from convivo.version import __version__

STOPPED = 130  # exit code after Ctrl-C, as shells count it

app = typer.Typer(
    name="convivo",
    invoke_without_command=True,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def about(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Nets that find cells, code one can read in class, and a word of doubt where it is due."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


def _add_commands() -> None:
    from convivo.cli import (
        check,
        compare,
        curve,
        demo,
        doctor,
        doubt,
        evaluate,
        fingerprint,
        import_model,
        lab,
        models,
        predict,
        reproduce,
        slides,
        train,
        why,
    )

    for module in (
        lab,
        slides,
        check,
        train,
        predict,
        evaluate,
        doubt,
        why,
        compare,
        curve,
        models,
        import_model,
        reproduce,
        fingerprint,
        doctor,
        demo,
    ):
        app.command(module.NAME)(module.command)
    app.add_typer(course, name="course")
    app.add_typer(simulate, name="simulate")
    app.add_typer(samples, name="samples")


_add_commands()


def main() -> None:
    """Run a command. Exit code 2 for what the person can mend, with no traceback unless `--debug` asks for it."""
    from convivo.cli.console import debugging, print_error
    from convivo.work.words import in_words

    try:
        app([argument for argument in sys.argv[1:] if argument != "--debug"])
    except SystemExit as end:
        if end.code == STOPPED:  # typer's code for Ctrl-C, which it does not mention
            sys.stderr.write("stopped\n")
        raise
    except Exception as error:  # the last door: everything unforeseen is said in words
        if debugging():
            raise
        print_error(in_words(error))
        raise SystemExit(2 if isinstance(error, (ConvivoError, MemoryError)) else 1) from None
