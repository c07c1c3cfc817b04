"""Printed texts are read again as the same function, or they use a word that the language lacks."""

import numpy as np
import pytest
from secantd.errors import CalculusError
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.render import render

from .random_texts import SIDES, Random
from .running import close, value
from .test_texts_run import point

LENGTHS = (4, 3)
OF = {"x": "n", "y": "n", "b": "k", "A": "nn", "S": "nn", "X": "nk", "Z": "kn", "s": "", "r": "", "g": "n"}
SHAPES = {name: VariableShape(tuple(sides)) for name, sides in OF.items()}
# Words that the reader refuses; remove them where it has learned them.
LACKING = {Notation.R: ("match(", "Reduce(", "[1]"), Notation.PYTHON: (" zip(", "np.argmax(", "[0]")}


def refused(text, notation):
    """Return the error of a text that cannot be read, else None."""
    try:
        read(text, notation, shapes=SHAPES)
    except CalculusError as error:
        return str(error)
    return None


@pytest.mark.parametrize("notation", LACKING, ids=lambda n: n.name)
def test_texts_are_read_again_with_the_same_value(notation):
    at = point(*LENGTHS)
    read_again = 0
    for seed in range(300):
        draw = Random(seed)
        node = draw.one(draw.random.choice(list(SIDES)), draw.random.choice([1, 2])).node
        text = render(node, notation, graph=draw.m.graph)
        wanted = value(draw.m.graph, node, at)
        error = refused(text, notation)
        if error is not None:
            assert any(word in text for word in LACKING[notation]), (seed, text, error)
        elif np.all(np.isfinite(wanted)):
            found = read(text, notation, shapes=SHAPES)
            assert close(value(found.graph, found.outputs[0], at), wanted), (seed, text)
            read_again += 1
    assert read_again > 280


# Words of the printed texts, and what they mean in other words.
WORDS = [
    (Notation.R, 'sweep(X, 2, b, "*")', "t(t(X) * b)"),
    (Notation.R, "sweep(X, 2, b)", "t(t(X) - b)"),
    (Notation.R, 'sweep(X, 1, x, "/")', "X/x"),
    (Notation.R, "matrix(x, nrow(X), ncol(X))", "outer(x, rep(1, ncol(X)))"),
    (Notation.R, "matrix(b, nrow(X), ncol(X), byrow = TRUE)", "outer(rep(1, nrow(X)), b)"),
    (Notation.R, "X[-1, , drop = FALSE]", "X[-1, ]"),
    (Notation.R, "X[2, , drop = FALSE] %*% b", "sum(X[2, ] * b)"),
    (Notation.R, "X[, 2, drop = FALSE] %*% t(b)", "outer(X[, 2], b)"),
    (Notation.R, "replace(numeric(length(x)), x > 0, x[x > 0]^2)", "ifelse(x > 0, x^2, 0)"),
    (Notation.R, "outer(x > 0, b, ifelse, 0)", "ifelse(x > 0, outer(rep(1, nrow(X)), b), 0)"),
    (Notation.R, "apply(X, 2, cumsum)", "cbind(cumsum(X[, 1]), cumsum(X[, 2]), cumsum(X[, 3]))"),
    (Notation.R, "tabulate(g, length(x)) * x", "as.vector(tapply(rep(1, length(g)), factor(g, seq_along(x)), sum, default = 0)) * x"),
    (Notation.PYTHON, "np.bincount(g, x, len(x))", "np.array([np.sum(np.where(g == k, x, 0)) for k in range(4)])"),
    (Notation.PYTHON, "np.pad(x, (1, 2))", "np.concatenate([[0], x, [0, 0]])"),
    (Notation.PYTHON, "np.pad(X, ((1, 0), (0, 0)))[1:]", "X"),
    (Notation.PYTHON, "np.arange(len(x))*x", "np.cumsum(np.ones(len(x)))*x - x"),
    (Notation.PYTHON, "np.arange(1, len(x) + 1)*x", "np.cumsum(np.ones(len(x)))*x"),
    (Notation.PYTHON, "np.logaddexp.reduce(x)", "np.log(np.sum(np.exp(x)))"),
    (Notation.PYTHON, "np.append(0, x)[1:]", "x"),
    (Notation.PYTHON, "np.cumsum(X, axis=0)[-1]", "np.sum(X, axis=0)"),
    (Notation.PYTHON, 'np.argsort(x, kind="stable") + 0*x', "np.argsort(x) + 0*x"),
    (Notation.PYTHON, 'np.ravel(X, order="F")', "np.ravel(X.T)"),
    (Notation.PYTHON, 'np.reshape(X, (len(b), len(x)), order="F")', "np.reshape(X.T, (len(x), len(b))).T"),
    (Notation.PYTHON, "np.full((len(x), len(b)), 2.0)*X", "2*X"),
    (Notation.PYTHON, "np.diff(X, axis=0)", "X[1:] - X[:-1]"),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "text", "other"), WORDS)
def test_words_of_printed_texts_are_read(notation, text, other):
    at = point(*LENGTHS)
    if "for k in" in other:
        # The language has no comprehension: NumPy computes it.
        at["g"] = at["g"] - 1
        wanted = eval(other, {"np": np, **at})
    else:
        function = read(other, notation, shapes=SHAPES)
        wanted = value(function.graph, function.outputs[0], at)
    found = read(text, notation, shapes=SHAPES)
    assert close(value(found.graph, found.outputs[0], at), wanted)


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        (Notation.R, "tapply(x, g, mean)"),
        (Notation.R, "rowsum(X, g)"),
        (Notation.R, "factor(g, 2:3)"),
        (Notation.R, "sweep(X, 3, b)"),
        (Notation.R, "sweep(X, 2, c(1, 2), '%%')"),
        (Notation.R, "matrix(b, nrow(X), ncol(X))"),
        (Notation.R, "X[1, 2, drop = FALSE]"),
        (Notation.R, "outer(x, b, sin, 0)"),
        (Notation.PYTHON, "np.pad(X, (1, 2))"),
        (Notation.PYTHON, "np.bincount(g, x)"),
        (Notation.PYTHON, "np.cumsum(X, axis=2)"),
    ],
)
def test_what_these_words_cannot_mean_is_refused(notation, text):
    with pytest.raises(CalculusError):
        read(text, notation, shapes=SHAPES | {"n": VariableShape(())})
