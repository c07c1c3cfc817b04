"""R's Deriv as a witness: its derivative of a formula, the value of it, and the known differences from ours with reasons.

Deriv is run as a black box through rpy2. Only texts that are in our tables, or that our printer wrote, are parsed by R.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from secantd.language import Function, Notation, read

__all__ = ["RULES", "Witness", "known_differences", "read_r", "table"]

FOLDER = Path(__file__).parent

# Why Deriv and we may print, or compute, different things. Nothing else is accepted.
RULES = {
    "Deriv: not supported": "Deriv refuses the function or the construct",
    "Deriv: known wrong": "a row of the table of what Deriv gets wrong, in docs/language.md",
    "logarithm kept": "Deriv splits log(a/b) and log(a^p), which loses a and b below 0",
    "power kept": "Deriv merges powers of powers, which changes the sign or the value below 0",
    "rounding": "Deriv adds constants in another order",
    "defaults left out": "Deriv writes arguments that are R's defaults",
    "integers": "Deriv distinguishes 3L from 3",
    "other factors": "both right: other factors are pulled out first",
}


def table(name: str) -> list[dict[str, str]]:
    """Return a tab-separated table of this folder, one dictionary a row."""
    lines = [x for x in (FOLDER / name).read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]


def known_differences() -> dict[tuple[str, str, int], str]:
    """Return the rule by which a printed derivative differs: by text, variable and order."""
    return {(r["text"], r["variable"], int(r["order"])): r["rule"] for r in table("differences.tsv")}


def read_r(text: str) -> Function:
    return read(text, Notation.R)


class Witness:
    """Deriv in a running R."""

    def __init__(self, r: Any) -> None:
        self._derive = r.r(
            "function(f, x, n) tryCatch({ for (i in seq_len(n)) f <- Deriv::Deriv(f, x, cache.exp = FALSE);"
            ' paste(if (is.numeric(f)) format(f, digits = 15) else f, collapse = " ") }, error = function(e) paste0("refused: ", conditionMessage(e)))'
        )
        self._deparse = r.r(
            "function(f) tryCatch(paste(deparse(parse(text = f, keep.source = FALSE)[[1]], width.cutoff = 500L),"
            ' collapse = " "), error = function(e) paste0("refused: ", conditionMessage(e)))'
        )
        self._vector = r.vectors
        r.r("invisible(loadNamespace('stats'))")
        # dnorm and its kind live in stats, which base does not see.
        self._value = r.r(
            "function(f, names, values) suppressWarnings(tryCatch("
            " as.numeric(eval(parse(text = f)[[1]], as.list(stats::setNames(values, names)), asNamespace('stats'))),"
            " error = function(e) NA_real_))"
        )

    def derivative(self, text: str, variable: str, order: int = 1) -> str:
        """Return what Deriv prints, or "refused: ..." with its reason."""
        return re.sub(r"\s+", " ", str(self._derive(text, variable, order)[0]))

    def value(self, text: str, at: Mapping[str, float]) -> float:
        """Return what a text is worth in R at a point; NaN where R refuses it."""
        names, values = self._vector.StrVector(list(at)), self._vector.FloatVector(list(at.values()))
        found = self._value(text, names, values)
        return float(found[0]) if len(found) == 1 else math.nan

    def deparse(self, text: str) -> str:
        """Return a text as R writes it after reading it."""
        return re.sub(r"\s+", " ", str(self._deparse(text)[0]))
