"""The functions of the language, one for each name in R: those of the table, and those that build vectors and reduce them."""

from dataclasses import dataclass
from functools import cache

from secantd.functions import FUNCTIONS, Row
from secantd.language.distributions import scipy_names
from secantd.language.grammar import COMPREHENSION, CONDITIONAL
from secantd.language.interpolation import CUBIC, LINEAR
from secantd.language.library import functions
from secantd.language.lists import SIGNS
from secantd.language.networks import SUMMARIES
from secantd.language.rfunctions import MODELS
from secantd.language.rsummaries import OF_R
from secantd.language.rvectors import RECURSIVE
from secantd.language.specialnames import SUMMARIES as SPECIAL
from secantd.language.sympynames import SUMMARIES as OF_SYMPY

__all__ = ["KnownFunction", "known_functions"]

# The summaries of the functions that are not rows of the table, by their calls.
CALLS = {
    "add.outer(A, B)": "np.add.outer: sums of all pairs",
    "add.reduce(array, axis = 0)": "np.add.reduce: sum along an axis",
    "all(...)": "whether all conditions hold",
    "anyNA(x)": "whether some number is missing",
    "any(...)": "whether some condition holds",
    "append(x, values)": "the entries of two vectors",
    "apply(X, MARGIN, FUN)": "FUN of each row (1), column (2) or entry (1:2)",
    "apply_along_axis(func1d, axis, arr)": "a function of each column (0) or row (1)",
    "arange(start, stop, step)": "whole steps from start to before stop",
    "array(data, dim)": "a vector, a matrix of a list of rows, or numbers down the columns of a matrix",
    "as.integer(x)": "x without its fraction; a condition as 1 or 0",
    "as.list(x)": "x itself: vectors with names are lists",
    "as.logical(x)": "whether x is not 0",
    "as.matrix(x)": "a vector as a matrix of one column",
    "as.numeric(x)": 'x itself; the number that a text such as "inf" names',
    "as.vector(x)": "the entries as a vector: down the columns in R, along the rows in Python",
    "astype(a, dtype)": "a itself: positions are whole numbers",
    "atleast_2d(a)": "a vector as a matrix of one row",
    "average(a, axis, weights)": "arithmetic or weighted mean",
    "backsolve(r, x)": "the solution of a system with an upper triangle",
    "bincount(x, weights, minlength)": "counts, or sums of weights, at positions that count from 0",
    "c(...)": "the vector of its arguments",
    "cbind(...)": "a matrix of the columns",
    "cbrt(x)": "cube root, negative for negative x",
    "cho_factor(a, lower = FALSE)": "the Cholesky factor for cho_solve()",
    "cho_solve(c_and_lower, b)": "the solution of a system by the Cholesky factor of its matrix",
    "chol(x)": "the upper triangle R with t(R) %*% R = x, for a symmetric positive definite x",
    "chol2inv(x)": "the inverse of t(x) %*% x for an upper triangle x",
    "clamp(input, min, max)": "torch's name of np.clip()",
    "clip(a, a_min, a_max)": "values kept between two bounds",
    "col(x)": "the number of its column for each entry",
    "colMeans(x)": "mean of each column",
    "colSums(x)": "sum of each column",
    "column_stack(tup)": "a matrix of the columns of a list",
    "compress(condition, a)": "the entries where a condition holds",
    "convolve(x, y, type)": 'coefficients of the product of two polynomials, as convolve(x, rev(y), type = "open")',
    "copy(a)": "a itself",
    "cor(x, y)": "Pearson's correlation of two vectors, or of the columns of a matrix",
    "count_nonzero(a)": "how many entries are not 0",
    "cross(a, b)": "cross product of two vectors of length 3",
    "crossprod(x, y = x)": "t(x) %*% y",
    "cummax(x)": "the largest entry so far",
    "cummin(x)": "the smallest entry so far",
    "cumprod(x)": "running products",
    "cumsum(x)": "running sums",
    "as.data.frame(x)": "a list of columns by name; those of a matrix are V1, V2",
    "cosine_similarity(x1, x2, axis)": "the cosine of the angle between two vectors",
    "data.frame(...)": "a list of columns by name",
    "quote(expr)": "the formula itself",
    "delete(arr, obj)": "a vector without the entry at a position",
    "det(x)": "determinant",
    "determinant(x)": "log of the absolute determinant and its sign, as $modulus and $sign",
    "diag(x, nrow, ncol, k = 0)": "the diagonal of a matrix, a matrix with a vector on it, or the identity matrix",
    "diag_indices(n)": "index of the diagonal",
    "diff(x, lag = 1, differences = 1)": "differences of neighbours, x[i + lag] - x[i]",
    "dim(x)": "the numbers of rows and columns",
    "dist(x)": "Euclidean distances of the entries of a vector, or the rows of a matrix, for as.matrix()",
    "divide.outer(A, B)": "np.divide.outer: quotients of all pairs",
    "divmod(x, y)": "the integer quotient and the remainder",
    "dmvnorm(x, mean, sigma, log = FALSE)": "density of the multivariate normal distribution, at a vector or each row",
    "do.call(what, args)": "a function called with the elements of a list",
    "dot(a, b)": "product with a number, of vectors or of matrices",
    "drop(x)": "a matrix of one row or column as a vector",
    "ediff1d(ary)": "differences of neighbours",
    "einsum(subscripts, ...)": "products, traces, transposes and sums over indices, 'ij,j->i'",
    "embed(x, dimension = 1)": "a vector beside itself some entries earlier, as columns",
    "enumerate(iterable)": "positions and entries, in a comprehension",
    "exp2(x)": "2^x",
    "expand_dims(a, axis)": "a vector as a matrix of one row (0) or column (1)",
    "eye(N, M, k = 0)": "the identity matrix, or ones on the k-th diagonal above the main one",
    "factor(x, levels, labels)": "groups of tapply(): positions among the levels 1, 2, ..., n",
    "Filter(f, x)": "the entries for which f is true",
    "fifelse(test, yes, no, na)": "data.table's ifelse()",
    "filter(x, filter, method, sides, circular, init)": "R's recursive filter of a time series; Python's name of Filter()",
    "fliplr(m)": "the columns of a matrix from the last",
    "forwardsolve(l, x)": "the solution of a system with a lower triangle",
    "full(shape, fill_value)": "a vector or matrix of one number",
    "full_like(a, fill_value)": "one number in the shape of a",
    "gelu(input, approximate)": "x*pnorm(x), or its approximation by tanh",
    "head(x, n = 6)": "the first n entries, or all but the last -n",
    "heaviside(x1, x2)": "0, x2 or 1 where x1 is negative, 0 or positive",
    "hstack(tup)": "vectors one after the other, matrices side by side",
    "hypot(x, y)": "sqrt(x^2 + y^2)",
    "I(x)": "x itself",
    "if_else(condition, true, false, missing)": "dplyr's ifelse()",
    "identical(x, y)": "whether two texts are equal, or both are NULL",
    "ifelse(test, yes, no)": "yes where the test holds, no elsewhere, in the shape of the test",
    "inherits(x, what)": "whether x has the class numeric, function, character or NULL",
    "inner(a, b)": "sum of products over the last axis of both",
    "inv(a)": "inverse of a matrix",
    "is.character(x)": "whether x is a text",
    "is.element(el, table)": "whether each entry is one of a table, also el %in% table",
    "is.finite(x)": "whether x is neither infinite nor NaN",
    "is.function(x)": "whether x is a function",
    "is.infinite(x)": "whether x is infinite",
    "is.list(x)": "whether x is a list",
    "is.nan(x)": "whether x is NaN, as 1 or 0",
    "is.null(x)": "whether x is NULL or None",
    "is.vector(x)": "whether x is a number or a vector",
    "is.numeric(x)": "whether x is a number or a vector of numbers",
    "isFALSE(x)": "whether x is 0",
    "isTRUE(x)": "the condition x itself",
    "ix_(rows, columns)": "index of all rows with all columns",
    "kronecker(X, Y)": "every entry of X times all of Y, also X %x% Y",
    "lapply(X, FUN, ...)": "the list of FUN(X[i], ...)",
    "length(x)": "number of entries",
    "linalg.cholesky(a)": "the lower triangle L with L @ L.T = a, for a symmetric positive definite a",
    "linspace(start, stop, num = 50)": "equidistant numbers, the end among them",
    "list(...)": "a list of values, which may be vectors",
    "local(expr)": "a block with variables of its own",
    "log_softmax(x, axis)": "logarithm of softmax",
    "logaddexp.reduce(array, axis = 0)": "np.logaddexp.reduce: log(sum(exp(array))) along an axis",
    "logdet(x)": "logarithm of the absolute determinant",
    "logical_and(x1, x2)": "whether both conditions hold, entry by entry",
    "logical_not(x)": "whether a condition does not hold, entry by entry",
    "logical_or(x1, x2)": "whether one of two conditions holds, entry by entry",
    "log1m_exp(x)": "log(1 - exp(x)), accurate near 0 and far out",
    "logSumExp(lx)": "log(sum(exp(lx))), without overflow",
    "logsumexp(a, axis)": "log(sum(exp(a))), without overflow",
    "lower.tri(x, diag = FALSE)": "where a matrix is below its diagonal, as a mask",
    "lstsq(a, b)": "least squares, as [0] of the result",
    "mahalanobis(x, center, cov)": "squared distance of a vector, or of each row, in the metric of the inverse of cov",
    "Map(f, ...)": "the vector of f(x[i], y[i])",
    "match.arg(arg)": "the first of several texts",
    "math.dist(p, q)": "Euclidean distance of two points",
    "matrix(data, nrow, ncol, byrow = FALSE)": "a matrix of the entries of a vector",
    "matrix_power(a, n)": "a square matrix times itself",
    "max(...)": "the largest of all numbers",
    "maximum.outer(A, B)": "np.maximum.outer: the larger of all pairs",
    "maximum.reduce(array, axis = 0)": "np.maximum.reduce: the largest entry along an axis",
    "mean(x)": "arithmetic mean",
    "median(x)": "the middle entry in order, or the mean of the two",
    "min(...)": "the smallest of all numbers",
    "minimum.outer(A, B)": "np.minimum.outer: the smaller of all pairs",
    "minimum.reduce(array, axis = 0)": "np.minimum.reduce: the smallest entry along an axis",
    "Mod(z)": "absolute value",
    "modifyList(x, val)": "a list with other values for some names",
    "multi_dot(arrays)": "the matrix product of a list",
    "multiply.outer(A, B)": "np.multiply.outer: products of all pairs",
    "multiply.reduce(array, axis = 0)": "np.multiply.reduce: product along an axis",
    "names(x)": "the names of the elements of a list",
    "ncol(x)": "number of columns",
    "NCOL(x)": "number of columns; 1 of a vector",
    "Negate(f)": "the function that is true where f is not",
    "new.env()": "an empty list, whose elements are assigned by name",
    "norm(x, type)": "a norm of a vector or a matrix, or of rows (axis=1) or columns (axis=0); Euclidean, Frobenius if not given",
    "np.add(x1, x2)": "x1 + x2",
    "np.convolve(a, v, mode = full)": "coefficients of the product of two polynomials",
    "np.corrcoef(x, y)": "correlations of the rows of a matrix, or of two vectors, as a matrix",
    "np.cov(m, y)": "covariances of the rows of a matrix, or of two vectors, as a matrix",
    "np.divide(x1, x2)": "x1/x2",
    "np.equal(x1, x2)": "x1 == x2",
    "np.greater(x1, x2)": "x1 > x2",
    "np.greater_equal(x1, x2)": "x1 >= x2",
    "np.less(x1, x2)": "x1 < x2",
    "np.less_equal(x1, x2)": "x1 <= x2",
    "np.max(a, axis)": "the largest entry, of all or along an axis",
    "np.min(a, axis)": "the smallest entry, of all or along an axis",
    "np.multiply(x1, x2)": "x1*x2",
    "np.negative(x)": "-x",
    "np.not_equal(x1, x2)": "x1 != x2",
    "np.piecewise(x, condlist, funclist)": "the value of the function whose condition holds",
    "np.prod(a, axis)": "product of the entries, of all or along an axis",
    "np.repeat(a, repeats)": "every entry so many times",
    "np.select(condlist, choicelist, default = 0)": "the first value whose condition holds",
    "np.ndim(a)": "number of axes",
    "np.shape(a)": "the lengths of the axes",
    "np.size(a)": "number of entries",
    "np.std(a, axis, ddof = 0)": "standard deviation with the divisor n - ddof",
    "np.subtract(x1, x2)": "x1 - x2",
    "np.sum(a, axis)": "sum of the entries, of all or along an axis",
    "np.true_divide(x1, x2)": "x1/x2",
    "np.var(a, axis, ddof = 0)": "variance with the divisor n - ddof",
    "nrow(x)": "number of rows",
    "NROW(x)": "number of rows, or the length of a vector",
    "numeric(length)": "a vector of zeros",
    "ones(shape)": "a vector or matrix of ones",
    "ones_like(a)": "ones of the shape of a",
    "order(x)": "the permutation that sorts x",
    "outer(X, Y, FUN = *)": "the matrix of X[i] * Y[j], or of another operator",
    "pad(array, pad_width)": "zeros before and after a vector or the rows of a matrix",
    "percentile(x, probs)": "quantile at a percentage",
    "pinv(a)": "pseudoinverse of a matrix with independent columns",
    "polygamma(n, x)": "psigamma(x, n)",
    "polyval(p, x)": "a polynomial with the coefficients p, that of the highest power first",
    "pow(x, y)": "x^y",
    "print(x)": "left out, as messages and packages are: nothing depends on it",
    "prod(...)": "product of all numbers",
    "ptp(a)": "largest entry minus smallest",
    "qr.solve(a, b)": "the solution of a %*% x = b, or its least squares",
    "quantile(x, probs)": "quantile of the entries, interpolated as R's type 7",
    "range(...)": "R's smallest and largest of all numbers; Python's whole numbers from start to before stop",
    "rbind(...)": "a matrix of the rows",
    "reciprocal(x)": "1/x",
    "Reduce(f, x, init)": "f(f(x[1], x[2]), x[3]), and so on",
    "rep(x, times, each, length.out)": "x repeated",
    "rep_len(x, length.out)": "x repeated to a length",
    "replace(x, list, values)": "x with other values where a condition holds",
    "reshape(a, newshape)": "the entries along the rows in another shape",
    "rev(x)": "x from its end",
    "roll(a, shift, axis)": "entries, rows (axis=0) or columns (axis=1) moved round",
    "row(x)": "the number of its row for each entry",
    "rowMeans(x)": "mean of each row",
    "rowsum(x, group)": "sums of the rows of each group 1, 2, ..., n",
    "rowSums(x)": "sum of each row",
    "sapply(X, FUN, ...)": "the vector of FUN(X[i], ...), a matrix where these are vectors",
    "scale(x, center = TRUE, scale = TRUE)": "columns minus their means, divided by their standard deviations",
    "scipy.linalg.cholesky(a, lower = FALSE)": "the upper, or lower, Cholesky factor",
    "sd(x)": "standard deviation with the divisor n - 1",
    "seq(from, to, by, length.out)": "equidistant numbers",
    "seq_along(x)": "1, 2, ..., length(x)",
    "seq_len(length.out)": "1, 2, ..., length.out",
    "setNames(object, nm)": "a vector with names",
    "sinc(x)": "sin(pi x)/(pi x), 1 at 0",
    "slogdet(a)": "sign of the determinant and logarithm of its absolute value",
    "softmax(x, axis)": "exp(x)/sum(exp(x)), without overflow",
    "solve(a, b)": "the solution x of a %*% x = b; without b, the inverse",
    "solve_triangular(a, b, trans, lower = FALSE)": "the solution of a system with a triangular matrix",
    "sort(x, decreasing = FALSE)": "x in order of size",
    "square(x)": "x^2",
    "stack(arrays, axis = 0)": "a matrix whose rows, or columns, are the arrays",
    "stats.laplace.logpdf(x, loc, scale)": "logarithm of the density of the Laplace distribution",
    "stats.laplace.pdf(x, loc, scale)": "density of the Laplace distribution",
    "stats.multivariate_normal.logpdf(x, mean, cov)": "logarithm of the density of the multivariate normal distribution",
    "stats.multivariate_normal.pdf(x, mean, cov)": "density of the multivariate normal distribution",
    "subtract.outer(A, B)": "np.subtract.outer: differences of all pairs",
    "sum(...)": "sum of all numbers",
    "swapaxes(a, axis1, axis2)": "transpose",
    "sweep(x, MARGIN, STATS, FUN = -)": "an operator between a matrix and one entry for each row (1) or column (2)",
    "t(x)": "transpose",
    "tabulate(bin, nbins)": "how often each of 1, 2, ..., nbins occurs",
    "tail(x, n = 6)": "the last n entries, or all but the first -n",
    "take(a, indices)": "the entries at positions",
    "tapply(X, INDEX, FUN, default)": "sums, means or sizes of groups: tapply(x, g, sum), tapply(x, factor(g, seq_len(n)), sum, default = 0)",
    "tcrossprod(x, y = x)": "x %*% t(y)",
    "tensordot(a, b, axes = 2)": "the sum of products over the last axes of a and the first of b",
    "tile(A, reps)": "a vector or matrix repeated",
    "torch.norm(input, p = 2, axis, keepdims)": "the norm of the entries of a vector or a matrix, or along an axis",
    "torch.max(input)": "the largest entry",
    "torch.size(input, axis)": "the lengths of the axes, or that of one",
    "torch.std(input, axis, correction = 1)": "standard deviation with the divisor n - correction",
    "torch.var(input, axis, correction = 1)": "variance with the divisor n - correction",
    "trace(x)": "sum of the diagonal",
    "trapezoid(y, x, dx = 1)": "integral by the trapezoidal rule",
    "tril(m, k = 0)": "the lower triangle of a matrix, 0 above the k-th diagonal",
    "tril_indices(n, k = 0)": "index of the lower triangle, row by row",
    "triu(m, k = 0)": "the upper triangle of a matrix, 0 below the k-th diagonal",
    "triu_indices(n, k = 0)": "index of the upper triangle, row by row",
    "tryCatch(expr)": "expr; where an error would occur, the value is NaN",
    "unlist(x)": "the elements of a list one after the other",
    "unname(obj)": "a vector without names",
    "upper.tri(x, diag = FALSE)": "where a matrix is above its diagonal, as a mask",
    "var(x, y)": "variance of a vector, covariance with another, or covariances of the columns of a matrix",
    "vdot(a, b)": "sum of the products of all entries",
    "vector(mode, length)": "a vector of zeros, or an empty list",
    "vectorize(pyfunc)": "pyfunc itself: operations are entry by entry",
    "Vectorize(FUN)": "FUN itself: operations are entry by entry",
    "vstack(tup)": "a matrix of the rows of a list",
    "weighted.mean(x, w)": "sum(x * w)/sum(w)",
    "where(condition, x, y)": "np.where: x where the condition holds, y elsewhere",
    "which(x)": "the positions where a condition holds, as an index",
    "which.max(x)": "position of the first of the largest entries",
    "which.min(x)": "position of the first of the smallest entries",
    "with(data, expr)": "an expression with the elements of a list as variables",
    "within(data, expr)": "a list with the names that an expression assigns",
    "xlog1py(x, y)": "x*log1p(y), 0 where x is 0",
    "xlogy(x, y)": "x*log(y), 0 where x is 0",
    "xor(x, y)": "one of two conditions holds, not both",
    "zeros_like(a)": "zeros of the shape of a",
    "zip(...)": "vectors side by side, in a comprehension",
}
# Names that the parser uses internally.
REPLACING = [name for name in functions() if name.endswith("<-")]
OF_TABLES = (LINEAR, CUBIC, RECURSIVE)
INTERNAL = frozenset(
    {"[", CONDITIONAL, "pieces", "as column", "as row", "as matrix", "and", "or", "(", "if", *SIGNS, COMPREHENSION}
).union(REPLACING, OF_TABLES)


@dataclass(frozen=True, slots=True)
class KnownFunction:
    """A function as a caller knows it.

    Attributes:
        name: Its name in R, or where R has none its usual name.
        aliases: Other names it is read by, those for settings of its flags among them.
        parameters: In order, R's flags last; those with a default as "sd = 1".
        summary: What it computes.
        derivatives: The derivative by each parameter that is no flag, in R notation and the parameters' names, `f` for the
            function's own value; "" where none is known. Empty for functions that are no rows of the table: they are
            expanded into others.
        unknown: Why a derivative is not known.
        source: Where the formulas are from.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[str, ...]
    summary: str
    derivatives: tuple[str, ...]
    unknown: str
    source: str


@cache
def known_functions() -> tuple[KnownFunction, ...]:
    """Return all functions, those of the table first.

    >>> next(f.parameters for f in known_functions() if f.name == "dnorm")
    ('x', 'mean = 0', 'sd = 1', 'log = FALSE')
    """
    rows: dict[str, list[Row]] = {}
    for row in FUNCTIONS.values():
        rows.setdefault(row.written, []).append(row)
    found = [of_table(named) for named in rows.values()]
    for call, summary in sorted(
        {**CALLS, **OF_R, **SUMMARIES, **SPECIAL, **OF_SYMPY, **MODELS}.items(), key=lambda pair: pair[0].lower()
    ):
        name, _, inside = call.rstrip(")").partition("(")
        aliases = other_names(name)
        found.append(KnownFunction(name, tuple(aliases), tuple(inside.split(", ")), summary, (), "", ""))
    return tuple(found)


def of_table(rows: list[Row]) -> KnownFunction:
    """Return the function of the rows that differ in the number of their arguments and in their flags."""
    usual = rows[0]
    widest = max(rows, key=lambda row: len(row.places))
    aliases = [a for row in rows for a in (row.python, *row.aliases)] + other_names(usual.written)
    aliases += scipy_names(usual.written)
    parameters = widest.formals
    # log(x) is log(x, exp(1)), a default that no row has.
    shortest = min(len(row.parameters) for row in rows)
    if shortest < len(widest.parameters):
        parameters[shortest:] = [p if "=" in p else f"{p} = exp(1)" for p in parameters[shortest:]]
    parameters += [f"{name} = {'TRUE' if value else 'FALSE'}" for name, value in usual.flags]
    known = {p: d for row in rows[::-1] for p, d in zip(row.parameters, row.derivatives, strict=True)}
    for other, parameter, _, slope in widest.instead:
        known[other] = f"{slope} * ({known[parameter]})"
    derivatives = tuple(known.get(p, "") for p in widest.places)
    reasons = [row.unknown for row in rows if not all(row.derivatives)][:1] + [reason for _, _, reason in widest.only]
    return KnownFunction(
        usual.written,
        tuple(a for a in dict.fromkeys(aliases) if a != usual.written),
        tuple(parameters),
        usual.summary,
        derivatives,
        "; ".join(reasons),
        usual.source,
    )


def other_names(name: str) -> list[str]:
    """Return the other names under which the library has the function `name`."""
    entry = functions().get(name)
    return [n for n, e in functions().items() if e is entry and n != name] if entry is not None else []
