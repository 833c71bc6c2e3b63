"""What every command line shares: one line for an error, the result on standard output, all else on standard error."""

import os
import sys
from collections.abc import Callable

import typer

from parsing.errors import CanonError


def run(app: Callable[[], None]) -> None:
    """Run a Typer application; a `CanonError` becomes one line on standard error and exit code 2."""
    try:
        app()
    except CanonError as error:
        print(f"canon: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except BrokenPipeError:  # the reader of our output has gone (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(141) from None


def new_app(help_text: str) -> typer.Typer:
    """A Typer application with the habits of this house (no shell-completion options, plain tracebacks)."""
    return typer.Typer(
        help=help_text,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )


def say(message: str) -> None:
    """Tell the person at the terminal, on standard error."""
    print(message, file=sys.stderr, flush=True)
