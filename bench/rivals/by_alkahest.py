"""Alkahest, from text to text. It expands powers of sums and collects terms."""

from collections.abc import Callable

import alkahest


def derivative(text: str, variable: str) -> Callable[[], str]:
    """Return the job from a text to the text of its derivative; nothing is kept from before."""

    def job() -> str:
        pool = alkahest.ExprPool()
        symbols = {variable: pool.symbol(variable)}
        return str(alkahest.diff(alkahest.parse(text, pool, symbols), symbols[variable]).value)

    return job
