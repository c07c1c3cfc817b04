"""The command `secant`."""

import io
import os
import sys

from secant._version import __version__

__all__ = ["main"]

# The exit code that shells report for an interrupted program: 128 + SIGINT.
INTERRUPTED = 130
FAILED = 1
USAGE = 2
STDOUT = 1


def main() -> None:
    """Run the command line and exit with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # print "?" on a terminal that cannot show ∇
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has closed the pipe. Without the redirection Python would report it again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)
        code = INTERRUPTED
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


def run() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:] == ["--version"]:
        # Without click, which takes three times as long to import as Python to start.
        print(f"secant, version {__version__}")
        return 0
    # Imported here, where an interrupt is already caught.
    import click

    from secant.command.app import app
    from secant.command.show import echo, failure
    from secant.errors import Error, UnknownSettingError

    if "_SECANT_COMPLETE" in os.environ:
        app.main(prog_name="secant", complete_var="_SECANT_COMPLETE")  # prints completions for a shell
    try:
        # Not `main`, which turns a broken pipe into exit code 1.
        with app.make_context("secant", sys.argv[1:]) as context:
            app.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(file=shown)
        echo(shown.getvalue().rstrip("\n"), err=True)
        return error.exit_code
    except Error as error:
        failure(error)
        return FAILED
    except BrokenPipeError:
        raise
    except (ValueError, OSError, UnknownSettingError) as error:
        echo(f"secant: {error}", err=True)
        return USAGE
    return 0
