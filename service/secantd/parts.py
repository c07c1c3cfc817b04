"""The packages of the extra `local`: a server needs them, a client of another server does not."""

from importlib.util import find_spec

from secantd.errors import CalculusError, Reason

__all__ = ["missing_part", "require_parts"]

# The package that brings each module. uvloop is not among them: without it, calls only take longer.
PACKAGES = {
    "grpc_health": "grpcio-health-checking",
    "grpc_reflection": "grpcio-reflection",
    "mpmath": "mpmath",
    "sympy": "sympy",
}
INSTALL = 'install it: pip install "secant[local]"'
# What the message of an import in our own modules begins with is a fault, not a package that is missing.
OWN = ("secant", "secantd")


def require_parts() -> None:
    """Raise CalculusError unless all packages that a server needs are installed.

    Raises:
        CalculusError: MISSING_PART; the message names the packages and the command that installs them.
    """
    lacking = [package for module, package in PACKAGES.items() if find_spec(module) is None]
    if lacking:
        *most, last = lacking
        listed = f"{', '.join(most)} and {last}, which are" if most else f"{last}, which is"
        raise CalculusError(Reason.MISSING_PART, f"a server needs {listed} not installed; {INSTALL}")


def missing_part(error: BaseException) -> CalculusError | None:
    """Return the error that a caller sees if `error` is the failed import of a package, None otherwise.

    >>> print(missing_part(ModuleNotFoundError("No module named 'mpmath'", name="mpmath.libmp")))
    this needs mpmath, which is not installed; install it: pip install "secant[local]"
    >>> print(missing_part(ImportError("libopenblas.so.0: cannot open shared object file")))
    a package cannot be imported: libopenblas.so.0: cannot open shared object file; install it: pip install "secant[local]"
    >>> missing_part(ImportError("cannot import name 'f'", name="secantd.memory"))
    """
    if not isinstance(error, ImportError):
        return None
    module = (error.name or "").split(".")[0]
    if module in OWN:
        return None
    if isinstance(error, ModuleNotFoundError) and module:
        package = PACKAGES.get(module, module)
        return CalculusError(Reason.MISSING_PART, f"this needs {package}, which is not installed; {INSTALL}")
    return CalculusError(Reason.MISSING_PART, f"a package cannot be imported: {error}; {INSTALL}")
