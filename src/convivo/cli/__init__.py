"""The command line: thin commands over the rooms below. Heavy imports happen inside the commands."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from convivo.cli.samples import app as samples
from convivo.errors import ConvivoError
from convivo.version import __version__

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
    from convivo.cli import demo, doctor, evaluate, models, predict, simulate, train

    for module in (train, predict, evaluate, simulate, models, doctor, demo):
        app.command(module.NAME)(module.command)
    app.add_typer(samples, name="samples")


_add_commands()


def main() -> None:
    """Run a command. Exit code 2 for what the person can mend, with no traceback unless `--debug` asks for it."""
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(arguments)
    except ConvivoError as error:
        _end(error, 2, debug=debug)
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        raise SystemExit(130) from None
    except MemoryError as error:
        fix = "close other programs, or use smaller images (--scale 0.5) and tiles (--tile 256)"
        _end(ConvivoError("the memory ran out", fix=fix), 2, debug=debug, cause=error)
    except Exception as error:  # noqa: BLE001  the last door: everything unforeseen is said in words
        problem = f"something unforeseen happened: {type(error).__name__}: {_first_line(str(error))}"
        fix = "run again with --debug and report what it prints"
        _end(ConvivoError(problem, fix=fix), 1, debug=debug, cause=error)


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else "no details"


def _end(error: ConvivoError, code: int, *, debug: bool, cause: BaseException | None = None) -> None:
    from convivo.cli.console import print_error

    if debug:
        raise cause or error
    print_error(error)
    raise SystemExit(code)
