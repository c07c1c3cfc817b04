"""Random loops that carry vectors and matrices: the same as loops that are unrolled."""

import os

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from secantd.calculus.evaluate import evaluate
from secantd.errors import CalculusError
from secantd.expression import VariableShape
from secantd.language import Notation, read

NUMBERS = [
    "u[1]",
    "u[2]",
    "P[1, 2]",
    "sum(u)",
    "r[i]",
    "a",
    "b",
    "i/7",
    "det(P)",
    "max(u)",
    "c(r[i], a)[z[i]]",
    "u[z[i]]",
    "sum(X[i, ]*u)",
]
VECTORS = ["u", "rev(u)", "P[1, ]", "P[, 2]", "diag(P)", "c(r[i], a)", "as.vector(P %*% u)", "X[i, ]", "cumsum(u)",
           "as.vector(u %*% P)", "rowSums(P)", "M[, z[i]]"]  # fmt: skip
MATRICES = [
    "P",
    "t(P)",
    "P %*% P",
    "outer(u, u)",
    "diag(u)",
    "M",
    "M %*% P",
    "solve(P + 3*diag(2))",
    "cbind(u, X[i, ])",
    "rbind(u, 1)",
]


def number(depth=1):
    leaf = st.sampled_from(NUMBERS)
    if not depth:
        return leaf
    inner = number(depth - 1)
    return st.one_of(
        leaf,
        st.builds("({} + {})".format, inner, inner),
        st.builds("{}*{}".format, inner, inner),
        st.builds("tanh({})".format, inner),
        st.builds("ifelse({} > {}, {}, {})".format, leaf, leaf, inner, inner),
    )


VECTOR = st.one_of(
    st.sampled_from(VECTORS),
    st.builds("({} + {})".format, st.sampled_from(VECTORS), st.sampled_from(VECTORS)),
    st.builds("{}*{}".format, st.sampled_from(VECTORS), number(0)),
    st.builds("c({}, {})".format, number(), number()),
)
MATRIX = st.one_of(
    st.sampled_from(MATRICES),
    st.builds("({} + {})".format, st.sampled_from(MATRICES), st.sampled_from(MATRICES)),
    st.builds("({})*({})".format, st.sampled_from(MATRICES), st.sampled_from(MATRICES)),
)
PLAIN = st.one_of(
    st.builds("u <- tanh({})".format, VECTOR),
    st.builds("P <- tanh({})".format, MATRIX),
    st.builds("s <- s + {}".format, number()),
    st.builds("u[{}] <- tanh({})".format, st.sampled_from(["1", "2", "z[i]"]), number()),
    st.builds("P[{}, {}] <- tanh({})".format, st.sampled_from("12"), st.sampled_from(["1", "2"]), number()),
)
CONDITIONS = st.sampled_from(
    ["i > 1", "i == 2", "i < length(r)", "i != 1", "i >= 3", "r[i] > 0", "u[1] > 0.2", "i <= 2 & i > 0"]
)
STATEMENT = st.one_of(
    PLAIN,
    st.builds("if ({}) {} else {}".format, CONDITIONS, PLAIN, PLAIN),
    st.builds("if ({}) {}".format, CONDITIONS, PLAIN),
)
LOOP = (
    "{{ u <- c(a, 0.3); P <- matrix(c(b, 0.2, -0.1, a), 2, 2); s <- 0; M <- matrix(c(0.3, b, a, -0.5), 2, 2)\n"
    "for (i in 1:length(r)) {{\n{}\n}}\ns + sum(u) + sum(P*M) + sum(r*sum(u)) }}"
)
LOOPS = st.lists(STATEMENT, min_size=1, max_size=3).map("\n".join).map(LOOP.format)
N = 5
RNG = np.random.default_rng(8)
DATA = {"r": RNG.normal(size=N), "z": np.array([1.0, 2, 2, 1, 2]), "X": RNG.normal(size=(N, 2))}
AT = {"a": 0.4, "b": -0.7}


@settings(
    max_examples=60 if "SECANT_TEST_LONG" in os.environ else 20, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
@given(LOOPS)
def test_a_random_loop_has_the_value_and_gradient_of_the_unrolled_loop(text):
    shapes = {"r": VariableShape(("n",)), "z": VariableShape(("n",)), "X": VariableShape(("n", 2))}
    try:
        whole = read(text, Notation.R, shapes=shapes, variables=("a", "b"))
    except CalculusError as error:
        # In the first rows, which are read by themselves, positions must be known.
        assert "an index must be" in error.headline  # noqa: PT017
        return
    used = {n: v for n, v in DATA.items() if n in whole.used or n in whole.lengths}
    unrolled = read(text, Notation.R, used, variables=("a", "b"))
    names = tuple(n for n in AT if n in whole.used)
    found = evaluate(whole, {**{n: AT[n] for n in names}, **used}, 1, names)
    wanted = evaluate(unrolled, {n: [AT[n]] for n in names}, 1, names)
    np.testing.assert_allclose(found.values, wanted.values, rtol=1e-9, atol=1e-9, err_msg=text)
    for (name, value), (_, other) in zip(found.derivatives, wanted.derivatives, strict=True):
        np.testing.assert_allclose(value, other, rtol=1e-8, atol=1e-8, err_msg=f"{name}: {text}")
