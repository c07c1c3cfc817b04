"""Runs printed texts in R and in Python, and computes the values of graphs."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping

import numpy as np
import pytest
import scipy.special
import scipy.stats
from secantd.expression import Graph, Length, Node
from secantd.program import compile_shaped

__all__ = ["K", "N", "close", "in_python", "in_r", "needs_r", "of_r_shape", "run", "value"]

N, K = Length.named("n"), Length.named("k")

needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")

# Prints the dimensions and the values of a text, row by row; a warning counts as an error.
SHOW = """
options(warn = 2)
show <- function(v) {
  if (is.character(v)) return(cat("error", v, "\\n"))
  d <- if (is.null(dim(v))) "" else paste(dim(v), collapse = "x")
  cat(paste0("[", d, "]"), sprintf("%.17g", as.numeric(if (is.matrix(v)) t(v) else v)), "\\n")
}
"""


def run(graph: Graph, node: Node, **given) -> np.ndarray:
    """Return the value of a node whose variables are all given."""
    return compile_shaped(graph, [node], list(given))(given)[0]


def value(graph: Graph, node: Node, at: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the value of a node. A length that no variable of the node has is that of another one."""
    variables = [n.name for n in graph.nodes if n.op == "symbol" and n.name in at]
    return np.asarray(compile_shaped(graph, [node], variables)(at)[0])


def close(found, wanted: np.ndarray) -> bool:
    """Return whether a value has the shape and the entries that are wanted."""
    return np.shape(found) == np.shape(wanted) and np.allclose(found, wanted, rtol=1e-8, atol=1e-9)


def in_python(text: str, at: Mapping[str, object]) -> np.ndarray:
    """Return the value of our own text, whose last line is an expression."""
    scope = {"np": np, "scipy": scipy, **at}
    *lines, last = text.splitlines()
    exec("\n".join(lines), scope)
    return np.asarray(eval(last, scope), float)


def in_r(jobs: Iterable[tuple[str, Mapping[str, np.ndarray]]], folder) -> list[str]:
    """Return what R shows for each text: its dimensions and its entries row by row, or "error" and the message."""
    lines = [SHOW]
    for text, at in jobs:
        body = "; ".join([*(f"{name} <- {r_value(array)}" for name, array in at.items()), text.replace("\n", "; ")])
        lines.append(f"show(tryCatch(local({{ {body} }}), error = function(e) conditionMessage(e)))")
    script = folder / "texts.R"
    script.write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(["Rscript", "--vanilla", script], capture_output=True, text=True, timeout=300, check=True)
    shown = done.stdout.splitlines()
    assert len(shown) == len(lines) - 1, done.stderr
    return shown


def r_value(array: np.ndarray) -> str:
    array = np.asarray(array, float)
    entries = f"c({', '.join(map(repr, array.T.ravel().tolist()))})"
    return f"matrix({entries}, {array.shape[0]}, {array.shape[1]})" if array.ndim == 2 else entries


def of_r_shape(shown: str, wanted: np.ndarray) -> np.ndarray | None:
    """Return a value that R showed, None if it has another shape. A vector may be a matrix with one column."""
    dimensions, *entries = shown.split()
    shape = "x".join(map(str, wanted.shape))
    allowed = ("[]", f"[{shape}x1]") if wanted.ndim == 1 else (f"[{shape}]",)
    if dimensions not in allowed or len(entries) != wanted.size:
        return None
    return np.array([float(entry) for entry in entries]).reshape(wanted.shape)
