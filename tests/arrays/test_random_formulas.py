"""Random functions over all operations: light forms, gradients, differentials, Hessians."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import derivative_of, differential_of, reverse_gradient
from secantd.errors import CalculusError
from secantd.expression import symbols
from secantd.program import compile_shaped
from secantd.settings import DEFAULT_LIMITS

from .random_formulas import Writer, point
from .values import ShortError, differences, value

# Different primes, equal lengths that hide transposes, and the length 1.
SIZES = st.sampled_from([(3, 2), (4, 3), (2, 2), (1, 1)])


@settings(max_examples=60)
@example(seed=638, size=(1, 1))
@example(seed=894, size=(1, 1))
@example(seed=163, size=(1, 1))
@given(seed=st.integers(0, 10**6), size=SIZES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_derivatives_of_random_formulas_agree_with_differences(seed, size):
    writer = Writer(seed)
    graph = writer.m.graph
    f = writer.formula().node
    at = point(*size)
    height = float(value(graph, f, at))
    if not np.isfinite(height) or abs(height) > 1e4:
        return
    form = Arrays(graph)
    assert value(graph, form.light(f), at) == pytest.approx(height, rel=1e-8, abs=1e-9)
    for name in "xbAXSs":
        if name in symbols([f]):
            check(writer, form, f, name, at, abs(height))


def check(writer, form, f, name, at, height):
    graph, variable = writer.m.graph, writer.m.symbols[name]
    gradient = reverse_gradient(form, f, variable)
    assert gradient.shape == variable.shape
    assert form.light(gradient) is gradient
    wanted = differences(graph, f, at, name)
    if name == "S":
        wanted = (wanted + wanted.T) / 2
    size = max(1.0, height, np.abs(wanted).max())
    if size > 1e5:
        return
    found = value(graph, gradient, at)
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4 * size)
    # The differential is the product with the gradient.
    dx = np.random.default_rng(3).normal(size=np.shape(at[name]))
    dx = dx + dx.T if name == "S" else dx
    change = graph.symbol(f"change{name}", variable.shape)
    df = value(graph, differential_of(form, f, variable, change), {**at, change.name: dx})
    assert df == pytest.approx(np.sum(found * dx), rel=1e-7, abs=1e-8 * size)
    if name in "xb":
        hessian = derivative_of(form, gradient, variable)
        try:
            if hessian.direction is None:
                second = value(graph, hessian.node, at)
            else:
                columns = [value(graph, hessian.node, {**at, hessian.direction.name: e}) for e in np.eye(len(at[name]))]
                second = np.stack(columns, axis=1)
        except ShortError:
            # A Hessian that is written by its diagonals, more than the vector has entries.
            with pytest.raises(CalculusError, match="a part of the formula would have the length"):
                compile_shaped(graph, [hessian.node], list(at), DEFAULT_LIMITS.memory)(at)
            return
        wanted = differences(graph, gradient, at, name)
        assert second.shape == wanted.shape
        np.testing.assert_allclose(second, wanted, rtol=1e-4, atol=1e-4 * max(1.0, np.abs(wanted).max()))
