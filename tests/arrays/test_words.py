"""Functions of vectors and matrices as NumPy and R users write them: values and gradients are those of NumPy and R."""

import warnings

import numpy as np
import pytest
import scipy
from scipy import special, stats
from secantd.calculus import gradient_answer
from secantd.errors import CalculusError
from secantd.expression import VariableShape
from secantd.language import Notation, read

from .running import in_r, needs_r

random = np.random.default_rng(5)
X, y, b = random.normal(size=(5, 3)), random.normal(size=5), random.normal(size=3)
B = random.normal(size=(3, 3))
AT = {
    "X": X, "y": y, "b": b, "P": random.normal(size=(3, 3)), "S": B @ B.T + np.eye(3), "W": random.normal(size=(3, 2)),
    "w": random.uniform(0.5, 2, 5), "g": np.array([1.0, 2, 1, 3, 2]), "t": np.arange(1.0, 6), "th": 0.7, "s": 1.3,
}  # fmt: skip
PACKAGES = {
    "np": np, "jnp": np, "scipy": scipy, "special": special, "stats": stats, "linalg": np.linalg, "la": np.linalg,
}  # fmt: skip

# The formula and the variable; b without one.
PYTHON = [
    "np.linalg.norm(b, 1)", "np.linalg.norm(b, ord=2)", "np.linalg.norm(b, np.inf)", "np.linalg.norm(b, -np.inf)",
    "np.linalg.norm(b, 3)", "la.norm(b, 0)*b[0]", ("np.sum(np.linalg.norm(X, axis=1))", "X"),
    ("np.sum(np.linalg.norm(X, 1, axis=0))", "X"), ("np.linalg.norm(P, np.inf)", "P"), ("np.linalg.norm(P, 1)", "P"),
    ("np.linalg.norm(P[:, :1] - 1, 1)", "P"), "np.linalg.norm(b[None, :], 1)", "np.linalg.norm(b[:, None], np.inf)",
    "np.sum(np.clip(b, -0.5, 0.5)**2)", "np.sum(b.clip(None, 0.1))", "np.sum(np.heaviside(b, 0.5)*b**2)",
    ("np.sum(np.kron(P, P))", "P"), "np.kron(b, b**2) @ np.arange(9)", ("np.sum(np.kron(np.eye(2), P) @ np.kron(np.ones(2), b))", "P"),
    ("np.sum(np.linalg.matrix_power(P, 3))", "P"), ("np.sum(np.linalg.matrix_power(P, -2))", "P"), ("np.linalg.matrix_power(P, 0)[0, 0]*th", "th"),
    ("np.sum(np.reshape(P, (9,))*np.arange(9))", "P"), "np.sum(np.array([1, 2, 3,])*b)", "np.sum(\n    b**2,\n)",
    "np.sum(special.expit(X @ b))", "scipy.special.gammaln(b**2 + 1).sum()", "jnp.sum(jnp.exp(b))", "linalg.norm(b)",
    "np.sum(scipy.special.erf(b))", "sum(x**2 for x in b)", "sum([np.exp(x)*x for x in b])", "max(x**2 for x in b)",
    "np.sum(np.array([x**2 for x in b])*np.arange(3))", "sum(x for x in b if x > 0)", "sum(v*x for v, x in zip([1, 2, 3], b))",
    "sum(i*x**2 for i, x in enumerate(b))", "sum((yi - r @ b)**2 for yi, r in zip(y, X))", "sum((y[i] - X[i] @ b)**2 for i in range(len(y)))",
    "np.sum(np.array([[i*x for i in range(3)] for x in b]) @ b)", "sum(x if x > 0 else x**2 for x in b)", "sum(sum(x*z for z in b) for x in b)",
    ("np.polyval(b, th)", "th"), "np.polyval(b, th)", "np.sum(np.polyval(b, y))", "np.convolve(b, b**2) @ np.arange(5)",
    "np.sum(np.convolve(y, b, 'valid')*np.arange(3))", "np.convolve(b, y, mode='same') @ y", "np.tensordot(b, b, 1)", ("np.tensordot(P, S)", "P"),
    ("np.tensordot(P, b, axes=1) @ b", "P"), "np.linalg.multi_dot([b, S, b])", "np.cross(b, b**2)[0]", "np.cross([1, 2, 3], b) @ b**2",
    "np.median(b)", "np.median(np.concatenate([b, [0.1]]))", "np.quantile(b, 0.3)", "np.percentile(b, 90)", "np.sum(np.quantile(b, [0.1, 0.5]))",
    ("np.count_nonzero(b > 0)*th", "th"), ("np.all(b > -9)*th", "th"), ("b.any()*th", "th"), "np.sum(b, where=b > 0)", "np.prod(b, where=b > 0)",
    "np.sum(b, axis=None)", "np.sum(np.roll(b, 1)*b)", "np.roll(b, -4) @ np.arange(3)", ("np.sum(np.roll(P, 1, axis=0)*P)", "P"), ("np.sum(np.roll(P, -1, axis=1)*P)", "P"),
    "np.tile(b, 2) @ np.arange(6)", "np.sum(np.tile(b, (2, 1)) @ b)", "np.repeat(b, 2) @ np.arange(6)", ("np.sum(np.tile(P, (2, 1))[3:]*P)", "P"),
    "np.linalg.lstsq(X, y)[0] @ b", ("np.linalg.lstsq(X, y)[0] @ b", "X"), ("np.linalg.pinv(X) @ y @ b", "X"), ("np.sum(np.linalg.pinv(P))", "P"),
    ("np.argmax(b)*th", "th"), ("b.argmin()*th", "th"), "np.ptp(b)", "stats.multivariate_normal.logpdf(b, np.zeros(3), S)",
    "np.sum(np.where(np.logical_and(b > 0, np.logical_not(b > 1)), b**2, np.logical_or(b > 0, b < -1)*b))",
    "np.sum(np.cbrt(b))", "np.sum(np.exp2(b)*np.sinc(b))", "np.sum(special.xlogy(b, b**2) + special.xlog1py(b, b**2))",
    "np.sum(np.logical_xor(b > 0, b > 1)*b)",
    "sum(yi*r for yi, r in zip(y, X)) @ b", ("sum(P) @ b", "P"), ("np.amax(P, axis=1) @ b", "P"), "np.corrcoef(b, b**2)[0, 1]",
    "sum(filter(lambda x: x > 0, b))", "np.sum([b, b**2])", "np.mean([b, b**2])", "np.linspace(0, 1, 3) @ b", "np.trapezoid(b, np.array([0.0, 1, 3]))", "np.trapezoid(b, dx=0.5)",
    ("P[[0, 1], [1, -1]] @ [1, 2]", "P"), ("np.sum(P[np.ix_([0, 1], [1, 2])]**2)", "P"), ("P[np.triu_indices(3)] @ np.arange(6)", "P"),
    ("P[np.tril_indices(3, -1)] @ [1, 2, 3]", "P"), ("P[np.diag_indices(3)] @ b", "P"), ("P[np.arange(3), np.arange(3)] @ b", "P"),
    ("np.vdot(P, S)", "P"), ("np.sum(np.inner(P, S) @ b)", "P"), "np.inner(b, P) @ b", "np.inner(b, b)", "np.inner(2, b).sum()", "np.vdot(b, b)",
    "np.sum(np.subtract.outer(b, b)**3 @ b)", "np.sum(np.add.outer(b, y)**2)", "np.sum(np.maximum.outer(b, y))",
    ("np.sum(np.fliplr(P)*P)", "P"), ("np.swapaxes(P, 0, 1)[0] @ b", "P"), "np.sum(np.reciprocal(b))", "np.sum(np.ediff1d(b)**2)", "np.sum(np.diff(b, n=2)**2)",
    ("np.sum(stats.laplace.logpdf(y, X @ b, s))", "s"), "np.sum(stats.laplace.pdf(y, X @ b, s))", ("np.sum(special.log_softmax(X @ W, axis=1)*X[:, :2])", "W"),
    "special.log_softmax(b) @ b", "special.logsumexp(b, b=np.array([1, 2, 3]))", "np.sum(np.select([b < 0, b > 0.5], [b, b**2], 0))",
    "np.sum(np.piecewise(b, [b < 0, b >= 0], [lambda x: -x, lambda x: x**2]))", "np.sum(b**2).item()", "np.sum(np.c_[b, b**2] @ [1, 2])", "np.r_[b, b**2] @ np.arange(6)",
    ("np.einsum('ij,ij->', X @ W, X @ W)", "W"), "np.einsum('ij,j->i', X, b) @ y", ("np.sum(np.einsum('ij,jk->ik', X, P)**2)", "P"),
    "np.einsum('i,i->', b, b)", "np.sum(np.einsum('i,j->ij', b, b)**2)", ("np.einsum('ii->', P)", "P"), ("np.sum(np.einsum('ij->ji', P) @ S)", "P"),
    ("np.einsum('ij->i', P) @ b", "P"), ("np.einsum('ij->j', P) @ b", "P"), ("np.einsum('ij->', P)", "P"), "np.einsum('i,ij,j->', b, P, b)",
    "np.einsum('i,ij,j->', b, P, b)", "np.sum(np.einsum('i,ij->ij', b, P)**2)", "np.sum(np.einsum('j,ij->ij', b, P)**2)", ("np.einsum('ii->i', P) @ b", "P"),
    ("np.einsum('ij,ij->i', X, X) @ y", "X"), ("np.sum(np.einsum('ji,jk->ik', X, X))", "X"), ("np.sum(np.einsum('ij,kj', X, X))", "X"),
    ("np.einsum('ij,ji->', P, S)", "P"), ("np.einsum('ij,jk,kl,l->i', P, S, P, b) @ b", "P"), "np.einsum('i,j->', b, b**2)",
]  # fmt: skip
R = [
    ('norm(P, "I")', "P"), ('norm(P, "M")', "P"), ("norm(P)", "P"), ('norm(P, "F")', "P"), 'norm(b, "2")',
    "mahalanobis(b, rep(0, 3), S)", ("mahalanobis(b, c(1, 2, 3), S)", "S"), ("sum(mahalanobis(X, b, S)^2)", "b"), ("sum(mahalanobis(X, b, S)^2)", "X"),
    "diff(range(b))", "prod(range(b, na.rm = TRUE))", "sum(kronecker(b, b)*(1:9))", ("sum((P %x% P) %*% 1:9)", "P"), ("sum(kronecker(diag(2), P) %*% 1:6)", "P"),
    "with(list(u = b, k = 2), sum(u^k))", "local({ a <- sum(b^2); a^2 }) + b[1]", "sum(stats::convolve(b, rev(b), type = 'open')*(1:5))",
    "median(b)", "median(c(b, 0.1))", "quantile(b, 0.3)", "sum(quantile(b, c(0.1, 0.5), names = FALSE))", ("which.max(b)*th", "th"), ("which.min(b)*th", "th"),
    ("sum(embed(y, 2) %*% c(1, th))", "th"), "sum(embed(b, 2)[, 2]^2)", ("any(b > 0)*th", "th"), ("all(b > 0, y > -9)*th", "th"), ("sum(g %in% c(1, 3))*th", "th"),
    "sum(qr.solve(S, b))", ("sum(qr.solve(X, y)^2)", "X"), "sum(Mod(b))", ("sum(exp(-as.matrix(dist(t))^2/s))", "s"), ("sum(exp(-as.matrix(dist(X))/s))", "X"),
    "tail(b, 1)*head(b, 1)", "b[2]*S[1, , drop = FALSE] %*% b",
    ("K <- exp(-as.matrix(dist(t))^2/(2*s^2)) + diag(5)/2; log(det(K)) + t(y) %*% solve(K, y)", "s"),
]  # fmt: skip


def ids(table):
    return [c if isinstance(c, str) else f"{c[0]}, {c[1]}" for c in table]


def gradient(text, by, notation):
    """The function's value, its gradient and the gradient's text."""
    data = {name: v for name, v in AT.items() if name != by and name in text}
    shapes = {by: VariableShape(np.shape(AT[by]))}
    function = read(text, notation, data={n: np.asarray(v) for n, v in data.items()}, shapes=shapes, variables=[by])
    found = gradient_answer(function, [by], {by: AT[by]})
    first = found.partials[0]
    return found.value, np.asarray(first.value if first.values is None else first.values), first.text


def differences(value, by):
    """Central differences of a function with respect to one variable."""
    at = np.asarray(AT[by], float)
    found = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        step = np.zeros(at.shape)
        step[place] = 1e-5
        found[place] = (value(at + step) - value(at - step)) / 2e-5
    return found


@pytest.mark.parametrize("case", PYTHON, ids=ids(PYTHON))
def test_values_and_gradients_are_those_of_numpy(case):
    text, by = (case, "b") if isinstance(case, str) else case

    def value(at):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(np.squeeze(eval(text, {**PACKAGES, **AT, by: at})))

    found, derivative, printed = gradient(text, by, Notation.PYTHON)
    assert found == pytest.approx(value(AT[by]), rel=1e-12)
    assert derivative == pytest.approx(differences(value, by), rel=1e-6, abs=1e-7)
    assert np.asarray(eval(printed, {**PACKAGES, **AT}), float) == pytest.approx(derivative, rel=1e-9, abs=1e-12)


def perturbed(by):
    """The point itself, and points with each entry of a variable moved up and down."""
    at = np.asarray(AT[by], float)
    yield AT
    for place in np.ndindex(at.shape):
        for sign in (1, -1):
            step = np.zeros(at.shape)
            step[place] = sign * 1e-5
            yield {**AT, by: at + step}


@needs_r
def test_values_and_gradients_are_those_of_r(tmp_path):
    cases = [(c, "b") if isinstance(c, str) else c for c in R]
    answers = [gradient(text, by, Notation.R) for text, by in cases]
    jobs = []
    for (text, by), (_, _, printed) in zip(cases, answers, strict=True):
        jobs += [(f"as.vector({{ {text} }})", at) for at in perturbed(by)] + [(printed, AT)]
    shown = iter(in_r(jobs, tmp_path))
    for (text, by), (value, derivative, printed) in zip(cases, answers, strict=True):
        lines = [next(shown) for _ in perturbed(by)]
        numbers = [float(line.split()[1]) for line in lines]
        slopes = (np.array(numbers[1::2]) - np.array(numbers[2::2])) / 2e-5
        assert value == pytest.approx(numbers[0], rel=1e-12), text
        assert derivative.ravel() == pytest.approx(slopes, rel=1e-6, abs=1e-7), (text, printed)
        entries = np.array([float(e) for e in next(shown).split()[1:]])
        assert entries == pytest.approx(derivative.ravel(), rel=1e-9, abs=1e-12), (text, printed)


REFUSED = [
    ("np.linalg.norm(P, 2)", Notation.PYTHON, "singular values"),
    ("np.median(u)", Notation.PYTHON, "needs a known length"),
    ("np.einsum('ij,ik->ijk', P, P)", Notation.PYTHON, "rank 3"),
    ("np.einsum('ij,ik,il->', P, P, P)", Notation.PYTHON, None),
    ("np.linalg.pinv(np.ones((2, 3)))", Notation.PYTHON, "more columns than rows"),
    ("np.cross(np.ones(2), np.ones(2))", Notation.PYTHON, "length 3"),
    ("sum(x for x in u for v in u)", Notation.PYTHON, "one 'for'"),
    ("sum(np.sum(u*x) for x in v)", Notation.PYTHON, None),
    ("sum(dist(u))", Notation.R, "as.matrix"),
    ("convolve(u, u)", Notation.R, "open"),
    ("median(u)", Notation.R, "needs a known length"),
    ("filter(u, c(1, 2), sides = 1)", Notation.R, "missing values at the ends"),
    ("max(P)", Notation.PYTHON, "rows of a matrix"),
    ("quantile(c(1, 2), 0.5, type = 6)", Notation.R, "type 7"),
]


@pytest.mark.parametrize(("text", "notation", "reason"), REFUSED)
def test_what_cannot_be_said_is_refused_with_the_reason(text, notation, reason):
    shapes = {"u": VariableShape(("n",)), "v": VariableShape(("m",)), "P": VariableShape((3, 3))}
    if reason is None:
        return
    with pytest.raises(CalculusError, match=reason):
        read(text, notation, shapes=shapes)


def test_lengths_need_not_be_known():
    shapes = {"u": VariableShape(("n",)), "v": VariableShape(("m",))}
    for text in ("np.tile(u, 2)", "np.repeat(u, 3)", "np.roll(u, 2)", "np.kron(u, v)", "np.convolve(u, [1, 2])", "np.linalg.norm(u, 1)",
                 "sum(x**2 for x in u)", "sum(x*i for i, x in enumerate(u))", "np.any(u > 0)", "np.einsum('i,j->ij', u, v)"):  # fmt: skip
        assert read(text, Notation.PYTHON, shapes=shapes).outputs
