"""Texts run by R, many in one process."""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

__all__ = ["Text", "r_values", "shape_in_r"]


@dataclass
class Text:
    """A text that has to have a value when R or NumPy runs it."""

    seed: str
    formula: str
    text: str
    value: np.ndarray
    at: dict[str, np.ndarray]


def shape_in_r(values: np.ndarray) -> tuple[int, ...]:
    """Return dim() as R has it, the length for a vector."""
    return values.shape if values.ndim else (1,)


def r_values(texts: list[Text]) -> Iterator[tuple[tuple[int, ...], np.ndarray | str]]:
    """Yield dim() or length() and the values of each text, or the message of its error or warning."""
    lines: list[str] = []
    last = None
    for t in texts:
        if t.at is not last:
            last = t.at
            lines += [f"{name} <- {r_value(np.asarray(v))}" for name, v in t.at.items()]
        lines.append(
            f"v <- tryCatch(local({t.text}), error = function(e) conditionMessage(e), "
            "warning = function(w) paste('warning:', conditionMessage(w)))\n"
            "if (is.character(v)) cat('!', gsub('\\n', ' ', v), '\\n') else "
            "cat(if (is.null(dim(v))) length(v) else dim(v), ':', sprintf('%.17g', as.vector(v)), '\\n')"
        )
    with tempfile.NamedTemporaryFile("w", suffix=".R") as script:
        script.write("\n".join(lines))
        script.flush()
        done = subprocess.run(["Rscript", "--vanilla", script.name], capture_output=True, text=True)
    answers = done.stdout.splitlines()
    if len(answers) != len(texts):
        raise RuntimeError(f"R answered {len(answers)} of {len(texts)} texts: {done.stderr[-2000:]}")
    for answer in answers:
        if answer.startswith("!"):
            yield (), answer[1:].strip()
        else:
            shape, _, values = answer.partition(":")
            yield tuple(map(int, shape.split())), np.array([float(v) for v in values.split()])


def r_value(values: np.ndarray) -> str:
    entries = f"c({', '.join(map(repr, values.ravel('F').tolist()))})" if values.size else "numeric(0)"
    if values.ndim == 2:
        return f"matrix({entries}, {values.shape[0]}, {values.shape[1]})"
    return entries if values.ndim else repr(float(values))
