"""Frozen distributions of Python: norm(m, s).logpdf(x) is norm.logpdf(x, m, s)."""

from collections.abc import Iterable
from typing import Final

from secantd.language.tokens import Token

__all__ = ["with_arguments"]

METHODS: Final = frozenset(
    [".pdf", ".logpdf", ".pmf", ".logpmf", ".cdf", ".logcdf", ".sf", ".logsf", ".ppf", ".isf", ".log_prob"]
)
# Looking for the brackets of more calls would take long.
MOST: Final = 100
# Distributions of torch with the parameters of scipy.stats, and the method that log_prob is.
OF_TORCH: Final = {
    "Normal": "norm.logpdf", "Laplace": "laplace.logpdf", "Beta": "beta.logpdf", "Poisson": "poisson.logpmf",
    "Bernoulli": "bernoulli.logpmf", "Cauchy": "cauchy.logpdf",
}  # fmt: skip


def with_arguments(tokens: list[Token]) -> list[Token]:
    """Return tokens in which the parameters of a frozen distribution are arguments of its method.

    >>> from secantd.language.tokens import tokenize
    >>> [t.text for t in with_arguments(tokenize("norm(m, s).logpdf(x)", python=True))]
    ['norm.logpdf', '(', 'x', ',', 'm', ',', 's', ')', '']
    """
    found = list(tokens)
    methods = [i for i, t in enumerate(tokens) if t.kind == "name" and t.text in METHODS]
    for i in reversed(methods[:MOST]):
        opening = matching(found, i - 1, (")", "("), -1)
        closing = matching(found, i + 1, ("(", ")"), 1)
        if opening < 1 or closing < 0 or found[opening - 1].kind != "name":
            continue
        name, method = found[opening - 1], found[i]
        stem = name.text.rpartition(".")[2]
        called = OF_TORCH.get(stem, "") if method.text == ".log_prob" else name.text + method.text
        if not called:
            continue
        own, parameters = found[i + 2 : closing], found[opening + 1 : i - 1]
        comma = [Token(",", ",", method.start, method.end)] if own and parameters else []
        found[opening - 1 : closing + 1] = [
            Token("name", called, name.start, name.end),
            found[opening],
            *own,
            *comma,
            *parameters,
            found[closing],
        ]
    return found


def matching(tokens: list[Token], at: int, brackets: tuple[str, str], step: int) -> int:
    """Return the position of the bracket that belongs to one at a position, -1 where there is none."""
    depth = 0
    places: Iterable[int] = range(at, len(tokens) if step > 0 else -1, step)
    if not 0 <= at < len(tokens) or tokens[at].kind != brackets[0]:
        return -1
    for i in places:
        depth += (tokens[i].kind == brackets[0]) - (tokens[i].kind == brackets[1])
        if not depth:
            return i
    return -1
