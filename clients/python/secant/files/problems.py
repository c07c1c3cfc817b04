"""The errors of files, and pyarrow, which may be missing."""

from typing import Any

from secant.errors import Error, InvalidArgument, Unimplemented

__all__ = ["pyarrow", "refused"]


def refused(headline: str, hint: str, field: str = "points") -> InvalidArgument:
    """Return the error of a file or column: what is wrong and where, then what to do."""
    return InvalidArgument(f"{headline}\n{hint}", status="INVALID_ARGUMENT", reason="INVALID_VALUE", field=field)


def pyarrow() -> Any:
    """Return the package pyarrow, with its modules for files.

    Raises:
        Unimplemented: MISSING_PART: it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.csv
        import pyarrow.ipc
        import pyarrow.parquet
    except ImportError:
        raise missing("pyarrow") from None
    return pyarrow


def missing(package: str) -> Error:
    return Unimplemented(
        f'reading and writing data files needs {package}, which is not installed\ninstall it: pip install "secant[files]"',
        status="UNIMPLEMENTED",
        reason="MISSING_PART",
    )
