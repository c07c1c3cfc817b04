"""The command `secant`."""

import io
import os
import sys

import click

__all__ = ["main"]

# What a shell says of a program that was interrupted: 128 + SIGINT.
INTERRUPTED = 130
FAILED = 1
USAGE = 2
STDOUT = 1


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no ∇ is no reason to fail
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        # Who was to read has gone; Python would tell of it once more while it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)
        code = INTERRUPTED
    except (KeyboardInterrupt, click.Abort):
        code = INTERRUPTED
    sys.exit(code)


def run() -> int:
    """Run the command line and return its exit code."""
    # Imported here, where an interrupt is already caught: the verbs import grpc and numpy.
    from secant.command import derive, descend, evaluate, export, figure, near, server  # noqa: F401
    from secant.command.app import app
    from secant.errors import Error
    from secant.member import UnknownSettingError

    if "_SECANT_COMPLETE" in os.environ:
        app.main()  # which completes words for a shell
    try:
        # Not `main`, which makes exit code 1 of a broken pipe.
        with app.make_context("secant", sys.argv[1:]) as context:
            app.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Error as error:
        click.echo(str(error), err=True)
        return FAILED
    except BrokenPipeError:
        raise
    except (ValueError, OSError, UnknownSettingError) as error:
        click.echo(f"secant: {error}", err=True)
        return USAGE
    return 0
