"""What to write instead: the usual slips of those who come from books, from R, from Python and from LaTeX."""

import difflib
from collections.abc import Iterable

__all__ = ["METHODS", "function_hint", "name_hint"]

# Functions of other languages and books, by what stands for them here.
INSTEAD = {
    "ln": "the natural logarithm is written log(x)", "Log": "the natural logarithm is written log(x)",
    "lg": "write log10(x) or log2(x)", "sec": "write 1/cos(x)", "csc": "write 1/sin(x)", "cosec": "write 1/sin(x)",
    "cot": "write 1/tan(x)", "ctg": "write 1/tan(x)", "tg": "write tan(x)", "sech": "write 1/cosh(x)",
    "csch": "write 1/sinh(x)", "coth": "write 1/tanh(x)", "sgn": "write sign(x)", "Abs": "write abs(x)",
    "sigmoid": "write plogis(x)", "expit": "write plogis(x)", "logistic": "write plogis(x)", "logit": "write qlogis(x)",
    "Phi": "write pnorm(x)", "softplus": "write log1p(exp(x))", "relu": "write pmax(x, 0)", "ReLU": "write pmax(x, 0)",
    "cbrt": "write x^(1/3); of a number below 0 it is NaN, as in R", "root": "write x^(1/n)", "nthroot": "write x^(1/n)",
    "heaviside": "write ifelse(x > 0, 1, 0)", "piecewise": "write ifelse(condition, a, b)",
    "Piecewise": "write ifelse(condition, a, b)", "matrix": "name the components one by one: c(a, b)",
    "outer": "name the products one by one: c(a*c, a*d)", "local": "write the block itself: {...}",
    "with": "assign the names first: a <- x", "lambda": "write lambda*(...) for a product",
    "missing": "give the parameter a default: function(a, b = 0)",
    "switch": "write if (...) a else b", "Vectorize": "functions are applied element by element: leave it out",
    "Recall": "call the function by its name",
}  # fmt: skip
# What a caller means to have done, and asks the service for.
ASKED = {"D", "deriv", "Deriv", "diff", "derivative", "grad", "gradient", "jacobian", "hessian", "Derivative"}
RUNS = {
    "eval",
    "exec",
    "system",
    "compile",
    "open",
    "source",
    "__import__",
    "parse",
    "quote",
    "expression",
    "file",
    "print",
    "cat",
}
CODE = "a text is a formula: it is never run as a program"
METHODS = "methods and attributes are not part of the language: write f(x), not x.f()"


def function_hint(name: str, known: Iterable[str], variables: Iterable[str]) -> str:
    """Return what to write instead of a call of a function that is not there."""
    if name in INSTEAD:
        return INSTEAD[name]
    if name in ASKED:
        return "send the formula itself: that it is differentiated is what the call says"
    if name in RUNS or name.startswith(("os.", "sys.", "subprocess.")):
        return CODE
    if name in ("f", "g", "h"):
        return f"define it first: {name} <- function(x) ...; or write {name}*(...) for a product"
    if len(name) == 1 or name in variables:
        return f"write {name}*(...) for a product"
    head, dot, tail = name.rpartition(".")
    if dot and head and tail in known:
        return f"write {tail}(...)" if head not in variables else f"write {tail}({head})"
    powers = name.rstrip("²³⁴")
    if powers != name and powers in known:
        return f"write {powers}(x)^{'2' if '²' in name else '3'}"
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.75)
    return f"did you mean '{close[0]}'?" if close else "`secant describe` lists the functions"


def name_hint(name: str) -> str:
    """Return why a name that no formula can mean is none; empty for others."""
    if name in ("NULL", "None", "undefined"):
        return "leave it out, or write NaN for a missing number"
    return ""
