"""The certificates of answers, as files."""

from typing import Any

import click

__all__ = ["write_certificate"]


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
