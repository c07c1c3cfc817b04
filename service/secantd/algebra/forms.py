"""The heavier forms, by SymPy: expanded, factored, simplified."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from secantd.algebra.bridge import Bridge
from secantd.expression import Graph, Node
from secantd.interrupt import InterruptError, OutOfTimeError, need_time, run_within

__all__ = ["Form", "beyond_sympy", "reshaped", "simplified", "sympy_within", "within"]

Result = TypeVar("Result")

# The largest whole number, or numerator or denominator, that may become a power within a logarithm.
LONGEST = 10**5


class Form(Enum):
    """How far an answer is simplified; values are those of `secant.v1.Form`."""

    LIGHT = 1
    EXPANDED = 2
    FACTORED = 3
    SIMPLIFIED = 4
    EXACT = 5


def sympy_within(seconds: float, job: Callable[[], Result]) -> Result:
    """Return job(), which uses SymPy.

    Args:
        seconds: Its time, without that of importing SymPy.
        job: A function without arguments.

    Raises:
        OutOfTimeError: The time is up.
    """
    need_time()
    import secantd.plainsympy  # noqa: F401

    try:
        return run_within(seconds, job)
    except (OutOfTimeError, InterruptError):
        restore()
        raise


def restore() -> None:
    """Restore the settings of SymPy and mpmath that an interrupted job may have changed temporarily.

    SymPy's cache is cleared: its objects record which of their assumptions are being computed.
    """
    import mpmath  # type: ignore[import-untyped]
    from sympy.core.cache import clear_cache
    from sympy.core.parameters import global_parameters

    global_parameters.evaluate, global_parameters.distribute = True, True
    global_parameters.exp_is_pow = False
    double = 53
    mpmath.mp.prec = double
    clear_cache()


def within(seconds: float, job: Callable[[], Result]) -> Result | None:
    """Return job(), which uses SymPy, or None if the time is up or SymPy has no answer; see `sympy_within`.

    Args:
        seconds: SymPy's time.
        job: A function without arguments.
    """
    try:
        return sympy_within(seconds, job)
    except OutOfTimeError:
        return None
    except MemoryError:
        raise
    except Exception as error:
        if not beyond_sympy(error):
            raise
        return None


def beyond_sympy(error: Exception) -> bool:
    """Whether an exception of a job means that SymPy does not cover the expression, and no fault of Secant.

    SymPy raises exceptions of all kinds then; a conversion raises ArithmeticError, RecursionError or ValueError.

    Args:
        error: The exception that was caught.
    """
    if isinstance(error, (ArithmeticError, RecursionError, ValueError)):
        return True
    import traceback

    *_, (innermost, _) = traceback.walk_tb(error.__traceback__)
    module: str = innermost.f_globals.get("__name__", "")
    return module.partition(".")[0] in ("sympy", "mpmath")


def simplified(s: Any, expression: Any) -> Any:
    """Return SymPy's simplified form of one of its expressions; beside logarithms, long numbers stand as they are.

    SymPy writes 136213710433872*log(7) as the logarithm of 7^136213710433872, which nothing interrupts.
    """
    if not expression.has(s.log):
        return s.simplify(expression)
    long = [n for n in expression.atoms(s.Rational) if max(abs(n.p), n.q) > LONGEST]
    # Names that may be any number stay before a logarithm.
    names = {size: s.Dummy() for size in dict.fromkeys(map(abs, long))}
    named = expression.xreplace({n: names[abs(n)] if n > 0 else -names[abs(n)] for n in long})
    return s.simplify(named).xreplace({name: number for number, name in names.items()})


def reshaped(graph: Graph, node: Node, form: Form, seconds: float) -> Node | None:
    """Return a node in another form, None if SymPy has no answer within the time.

    Args:
        graph: The graph of `node` and of the result.
        node: The expression.
        form: EXPANDED, FACTORED or SIMPLIFIED.
        seconds: SymPy's time.

    >>> from secantd.language import read
    >>> f = read("(x + 1)^2")
    >>> from secantd.render import r_text
    >>> r_text(reshaped(f.graph, f.outputs[0], Form.EXPANDED, 10.0))
    'x^2 + 2 * x + 1'
    """

    def job() -> Node:
        bridge = Bridge(graph)
        s = bridge.sympy
        verbs: dict[Form, Callable[[Any], Any]] = {
            Form.EXPANDED: lambda e: s.expand(e),
            Form.FACTORED: lambda e: s.factor(e),
            Form.SIMPLIFIED: lambda e: simplified(s, e),
        }
        return bridge.back(verbs[form](bridge.to(node)))

    return within(seconds, job)
