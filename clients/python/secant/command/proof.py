"""The certificates of answers, as files."""

from typing import Any

import click

__all__ = ["end_of_proof", "write_certificate"]


def write_certificate(found: Any, path: str | None) -> None:
    """Write the certificate of an answer to a file, where one is wanted.

    Args:
        found: The answer, whose notices are already printed.
        path: The file; one that ends with .lean is for Lean. None: none is wanted.

    Raises:
        click.ClickException: The answer has no certificate, or the file cannot be written.
    """
    if path is None:
        return
    if found.certificate is None:
        raise click.ClickException(f"there is no certificate, see the note; {path} was not written")
    try:
        found.certificate.save(path)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error


def end_of_proof(found: Any, path: str | None, verify: bool, quiet: bool) -> str:
    """Write and verify the certificate of a verdict; return what is wrong, "" if nothing.

    Args:
        found: The verdict, whose notices are already printed.
        path: The file; None: none is wanted.
        verify: Whether Coq checks the certificate here.
        quiet: Whether standard output is for JSON alone.
    """
    from secant.command.show import echo
    from secant.command.verify import VerificationError, verified

    try:
        write_certificate(found, path)
        if verify:
            if found.certificate is None:
                return "not verified: there is no certificate, see the note"
            if not found.certificate.coq:
                return "not verified: the certificate has no file for Coq, see the note"
            echo(f"certificate: accepted by {verified(found.certificate.coq)}", err=quiet)
    except click.ClickException as error:
        return error.message
    except VerificationError as error:
        return f"certificate: {error}"
    return ""
