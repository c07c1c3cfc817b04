"""What the functions of Julia and Stan do, by their manuals: outside their domains Julia throws, Stan gives NaN."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

__all__ = ["JULIA", "STAN", "Whole", "divided", "julia_power"]


class Whole(int):
    """An integer literal or variable: Stan divides two of them as integers, which the code never wants."""


def divided(a: Any, b: Any) -> Any:
    assert not (isinstance(a, Whole) and isinstance(b, Whole)), "integers divided"
    return np.float64(a) / np.float64(b)


def thrown(error: Any) -> None:
    """An error of Julia, or the message of Stan's reject()."""
    raise error if isinstance(error, Exception) else ValueError(error)


def julia_power(x: Any, y: Any) -> Any:
    if x < 0 and not (float(y).is_integer() or math.isinf(y)):
        raise ValueError("DomainError: ^")
    return np.power(np.float64(x), np.float64(y))


def real(name: str, f: Callable[[Any], Any], inside: Callable[[float], bool]) -> Callable[[Any], Any]:
    def checked(x: Any) -> Any:
        if x == x and not inside(float(x)):
            raise ValueError(f"DomainError: {name}({x})")
        return f(np.float64(x))

    return checked


def inside(f: Callable[..., Any], domain: Callable[..., bool]) -> Callable[..., Any]:
    """Return a function of finite numbers that throws outside of a domain."""

    def checked(*arguments: float) -> Any:
        if not (all(map(math.isfinite, arguments)) and domain(*arguments)):
            raise ValueError(f"DomainError: {arguments}")
        return f(*arguments)

    return checked


def log_gamma(x: float) -> float:
    try:
        return math.lgamma(x)
    except ValueError:
        return math.inf


COMMON: dict[str, Any] = {
    **{n: getattr(np, n) for n in "exp expm1 sinh cosh tanh floor trunc ceil".split()},
    "asinh": np.arcsinh, "atan": np.arctan, "erf": special.erf, "erfc": special.erfc, "abs": abs, "square": np.square,
}  # fmt: skip
ARC = {"asin": np.arcsin, "acos": np.arccos, "acosh": np.arccosh, "atanh": np.arctanh}
STAN: dict[str, Any] = {
    **COMMON, **ARC,
    **{n: getattr(np, n) for n in "log log1p log2 log10 sqrt sin cos tan fmod fmax".split()},
    "atan2": np.arctan2, "pow": lambda x, y: np.power(np.float64(x), np.float64(y)), "inv": lambda x: np.float64(1) / x,
    "tgamma": special.gamma, "lgamma": log_gamma, "digamma": special.psi, "trigamma": lambda x: special.polygamma(1, x),
    "gamma_p": inside(special.gammainc, lambda a, z: a > 0 and z >= 0), "gamma_q": inside(special.gammaincc, lambda a, z: a > 0 and z >= 0),
    "inc_beta": inside(special.betainc, lambda a, b, x: a > 0 and b > 0 and 0 <= x <= 1),
    "bessel_first_kind": lambda v, x: special.jv(int(v), x), "bessel_second_kind": inside(lambda v, x: special.yv(int(v), x), lambda v, x: x > 0),
    "modified_bessel_first_kind": lambda v, x: special.iv(int(v), x),
    "modified_bessel_second_kind": inside(lambda v, x: special.kv(int(v), x), lambda v, x: x > 0),
    "log1p_exp": lambda u: np.logaddexp(0.0, u), "inv_logit": special.expit, "is_nan": np.isnan, "is_inf": np.isinf,
    "not_a_number": lambda: math.nan, "positive_infinity": lambda: math.inf, "negative_infinity": lambda: -math.inf,
    "num_elements": lambda v: Whole(np.size(v)), "rows": lambda m: Whole(m.shape[0]), "cols": lambda m: Whole(m.shape[1]),
    "inverse": np.linalg.inv, "mdivide_left": np.linalg.solve, "determinant": np.linalg.det,
    "log_determinant": lambda m: np.linalg.slogdet(m)[1], "reject": thrown,
}  # fmt: skip
JULIA: dict[str, Any] = {
    **COMMON,
    **{n: real(n, getattr(np, n), lambda x: x >= 0) for n in ("log", "log2", "log10", "sqrt")},
    **{n: real(n, getattr(np, n), math.isfinite) for n in ("sin", "cos", "tan")},
    "log1p": real("log1p", np.log1p, lambda x: x >= -1),
    **{n: real(n, ARC[n], lambda x: abs(x) <= 1) for n in ("asin", "acos", "atanh")},
    "acosh": real("acosh", np.arccosh, lambda x: x >= 1),
    "gamma": real("gamma", special.gamma, lambda x: x > -math.inf and not (x < 0 and x.is_integer())),
    "gamma_inc": inside(lambda a, x: (special.gammainc(a, x), special.gammaincc(a, x)), lambda a, x: a > 0 and x >= 0),
    "beta_inc": inside(lambda a, b, x: (special.betainc(a, b, x), special.betaincc(a, b, x)), lambda a, b, x: a > 0 and b > 0 and 0 <= x <= 1),
    "logabsgamma": lambda x: [np.float64(log_gamma(x)), 1], "sign": np.sign, "round": np.rint, "rem": math.fmod,
    "isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite, "isinteger": lambda x: float(x).is_integer(),
    "max": np.maximum, "min": np.minimum, "Inf": math.inf, "NaN": math.nan, "length": lambda v: Whole(len(v)),
    "zeros": lambda *sides: np.zeros([int(s) for s in sides]), "size": lambda m, axis: Whole(m.shape[axis - 1]),
    "copy": np.copy, "inv": np.linalg.inv, "det": np.linalg.det, "Int": lambda x: Whole(int(x)),
    "logabsdet": lambda m: np.linalg.slogdet(m)[::-1], "throw": thrown,
    "DimensionMismatch": ValueError, "ArgumentError": ValueError,
    "isapprox": lambda a, b: np.linalg.norm(a - b) <= np.sqrt(np.finfo(float).eps) * max(np.linalg.norm(a), np.linalg.norm(b)),
    **{f"bessel{k}": s for k, s in
       {"j": special.jv, "y": special.yv, "i": special.iv, "k": special.kv, "ix": special.ive, "kx": special.kve}.items()},
}  # fmt: skip
JULIA["atan"] = lambda *x: np.arctan(x[0]) if len(x) == 1 else np.arctan2(*x)
