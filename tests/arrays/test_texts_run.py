"""Printed texts, run in R and in NumPy: they have the value of the graph."""

import numpy as np
import pytest
from secantd.expression import reachable
from secantd.language import Notation
from secantd.render import named_parts, render

from .random_texts import SIDES, Random
from .running import close, in_python, in_r, needs_r, of_r_shape, value

# Lengths of n and k; a text that runs for most lengths may fail for a single row or column.
LENGTHS = {"n=4, k=3": (4, 3), "n=2, k=5": (2, 5), "n=1, k=3": (1, 3), "n=3, k=1": (3, 1), "n=k=1": (1, 1)}
FORMULAS = 100
LARGEST = 1e8


def point(n, k):
    random = np.random.default_rng(7)
    lengths = {"n": n, "k": k}
    of = {"x": "n", "y": "n", "b": "k", "A": "nn", "S": "nn", "X": "nk", "Z": "kn", "s": "s", "r": "s"}
    at = {name: random.normal(size=[lengths[d] for d in SIDES[kind]]) for name, kind in of.items()}
    return at | {"g": random.integers(1, n + 1, n).astype(float)}


def cases(n, k, notation):
    """Random formulas with a finite value at a point: the seed, the text, also with named parts, and the value."""
    at = point(n, k)
    for seed in range(FORMULAS):
        draw = Random(seed)
        kind = draw.random.choice(list(SIDES))
        node, graph = draw.one(kind, draw.random.choice([1, 2, 3])).node, draw.m.graph
        wanted = value(graph, node, at)
        if np.all(np.isfinite(wanted)) and np.max(np.abs(wanted), initial=0) < LARGEST:
            yield seed, render(node, notation, graph=graph), wanted
            yield seed, str(named_parts(node, notation, graph=graph)), wanted
            # Some parts have names of the author.
            parts = draw.random.sample(reachable([node]), min(3, len(reachable([node]))))
            known = {f"my{i}": part for i, part in enumerate(parts)}
            yield seed, str(named_parts(node, notation, graph=graph, known=known, repeated=False)), wanted


@pytest.mark.parametrize("lengths", LENGTHS)
def test_texts_in_python_have_the_value_of_the_graph(lengths):
    at = point(*LENGTHS[lengths])
    names = {**at, "s": float(at["s"]), "r": float(at["r"]), "g": at["g"].astype(int)}
    found = list(cases(*LENGTHS[lengths], Notation.PYTHON))
    assert len(found) > 2.7 * FORMULAS
    for seed, text, wanted in found:
        assert close(in_python(text, names), wanted), (seed, text, wanted)


@needs_r
@pytest.mark.parametrize("lengths", LENGTHS)
def test_texts_in_r_have_the_value_of_the_graph(lengths, tmp_path):
    at = point(*LENGTHS[lengths])
    found = list(cases(*LENGTHS[lengths], Notation.R))
    for (seed, text, wanted), shown in zip(found, in_r([(text, at) for _, text, _ in found], tmp_path), strict=True):
        entries = of_r_shape(shown, wanted)
        assert entries is not None, (seed, text, shown, wanted.shape)
        assert close(entries, wanted), (seed, text, shown, wanted)
