"""Values of graphs with arrays by NumPy, one operation at a time: what the tests compare with."""

import numpy as np
from secantd.expression import STRETCHED, Graph, Length, Node, reachable, scan_of
from secantd.program.operations import operation

ELEMENTWISE = {
    "neg": lambda a: -a,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: np.asarray(a, float) ** b,
    "ifelse": lambda t, a, b: np.where(t, a, b),
    ">": np.greater,
    ">=": np.greater_equal,
    "<": np.less,
    "<=": np.less_equal,
    "==": np.equal,
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "abs": np.abs,
    "sign": np.sign,
    "pmax": np.maximum,
    "pmin": np.minimum,
    "atan": np.arctan,
    "softplus": lambda a: np.logaddexp(0, a),
    "expit": lambda a: np.exp(-np.logaddexp(0, -np.asarray(a, float))),
}


class ShortError(Exception):
    """A vector is too short for a part of the formula, which the service refuses too."""


FORTRAN = {0: "F", 1: "C"}


def value(graph: Graph, output: Node, at: dict[str, np.ndarray]) -> np.ndarray:
    """Return the value of a node at a point, in exactly the shape that the node has."""
    at = {k: np.asarray(v, float) for k, v in at.items()}
    lengths: dict[str, int] = {}
    nodes = reachable([output])
    every = {n.name: n for n in graph.nodes if n.op == "symbol"}
    for name, node in every.items():
        for d, size in zip(node.shape, np.shape(at[name]) if name in at else (), strict=False):
            if isinstance(d, Length) and len(d.terms) == 1 and d.terms[0][1] == 1:
                lengths[d.terms[0][0]] = size - d.offset

    def named(name):
        if name.startswith("#"):
            mask = next(index for index, number in graph.masks.items() if number == int(name[1:]))
            return int(np.sum(value(graph, graph.nodes[mask], at)))
        # The product of two unknown lengths has the name "(n)*(k)".
        return lengths[name] if name in lengths else eval(name, {}, lengths)

    def size(d):
        return d if isinstance(d, int) else d.offset + sum(f * named(n) for n, f in d.terms)

    found: dict[int, np.ndarray] = {}
    for node in nodes:
        a = [found[q.index] for q in node.args]
        shape = tuple(1 if d is STRETCHED else d for d in node.shape)
        shape = tuple(size(d) for d in shape)
        if min(shape, default=0) < 0:
            raise ShortError(f"{node} of length {min(shape)}")
        result = np.asarray(one(graph, node, a, shape, at, lengths))
        assert result.shape == shape, (node, result.shape, shape)
        found[node.index] = result
    return found[output.index]


def one(graph, node, a, shape, at, lengths):
    op, p = node.op, node.payload
    if op == "number":
        return node.value
    if op == "symbol":
        return at[node.name]
    if op == "local":
        return np.nan
    if op == "scan":
        return recursion(graph, node, a, shape[0])
    if op == "data":
        return graph.columns[node.name]
    if op == "length":
        return float(lengths[node.name])
    if op == "add":
        return sum(a[1:], a[0])
    if op == "mul":
        r = a[0]
        for q in a[1:]:
            r = r * q
        return r
    if op in ELEMENTWISE:
        return ELEMENTWISE[op](*a)
    x = a[0] if a else None
    simple = {
        "sum": np.sum,
        "prod": np.prod,
        "max_of": np.max,
        "min_of": np.min,
        "mean": np.mean,
        "column": lambda v: v[:, None],
        "row": lambda v: v[None, :],
        "matmul": np.matmul,
        "transpose": np.transpose,
        "inverse": np.linalg.inv,
        "solve": np.linalg.solve,
        "det": np.linalg.det,
        "logdet": lambda m: np.linalg.slogdet(m)[1],
        "cholesky": np.linalg.cholesky,
        "recurrence": recurrence,
        "record": lambda v: np.array([1.0 + np.argmax(v[: i + 1]) for i in range(len(v))]),
        "trace": np.trace,
        "diagonal": lambda m: np.diag(m).copy(),
        "diagonal_matrix": np.diag,
        "outer": np.outer,
        "row_sums": lambda m: m.sum(1),
        "column_sums": lambda m: m.sum(0),
        "cumsum": lambda v: np.cumsum(v, 0),
        "cumprod": lambda v: np.cumprod(v, 0),
        "reverse": lambda v: v[::-1],
        "diff": lambda v: np.diff(v, axis=0),
        "gather": lambda v, g: v[g.astype(int) - 1],
        "select": lambda v, m: v[m.astype(bool)],
        "order": lambda v: np.argsort(v, kind="stable") + 1.0,
        "concatenate": lambda *v: np.concatenate([np.atleast_1d(q) for q in v]),
        "softmax": lambda v: np.exp(v - v.max()) / np.sum(np.exp(v - v.max())),
        "logsumexp": lambda v: v.max() + np.log(np.sum(np.exp(v - v.max()))),
    }
    if op in simple:
        return simple[op](*a)
    if op == "row_extreme":
        return np.max(x, axis=1) if p == (1,) else np.min(x, axis=1)
    if op == "fill":
        return np.full(shape, x)
    if op == "identity":
        return np.eye(*shape)
    if op == "slice":
        return x[p[0] : len(x) - p[1]]
    if op == "pad":
        return np.pad(x, [p] + [(0, 0)] * (x.ndim - 1))
    if op == "scatter":
        r = np.zeros(shape)
        np.add.at(r, a[1].astype(int) - 1, x)
        return r
    if op == "unselect":
        r = np.zeros(shape)
        r[a[1].astype(bool)] = x
        return r
    if op == "element":
        return x[p]
    if op == "unit":
        r = np.zeros(shape)
        r[p] = x
        return r
    if op == "pick":
        return np.take(x, p[1], p[0])
    if op == "place":
        r = np.zeros(shape)
        r[(p[1],) if p[0] == 0 else (slice(None), p[1])] = x
        return r
    if op == "bind_columns":
        rows = shape[0]
        return np.column_stack([np.broadcast_to(q, (rows,)) if q.ndim < 2 else q for q in a])
    if op == "reshape":
        return x.reshape(shape, order=FORTRAN[p[0]])
    if op == "flatten":
        return x.ravel(order=FORTRAN[p[0]])
    return np.vectorize(operation(op).careful, otypes=[float])(*a)


def recurrence(b, a):
    y = [b[0]]
    for i in range(1, len(b)):
        y.append(b[i] + a[i] * y[-1])
    return np.array(y)


def recursion(graph, node, a, length):
    """Return the path of a state, row by row."""
    scan = scan_of(node)
    states, inputs = a[: len(scan.initial)], a[len(scan.initial) : len(scan.initial) + len(scan.inputs)]
    path = [states[scan.which]]
    for row in range(length - 1):
        now = [[x[row] if np.ndim(x) else x for x in inputs], states]
        found = {}
        for n in reachable(scan.steps):
            args = [found[q.index] for q in n.args]
            found[n.index] = now[n.payload[0]][n.payload[1]] if n.op == "local" else one(graph, n, args, (), {}, {})
        states = [float(found[s.index]) for s in scan.steps]
        path.append(states[scan.which])
    return np.array(path)


def differences(graph: Graph, output: Node, at: dict[str, np.ndarray], by: str, h: float = 1e-6) -> np.ndarray:
    """Return the derivative by central differences: the shape of the output, then that of the variable."""
    x = np.asarray(at[by], float)
    found = np.zeros((*np.shape(value(graph, output, at)), *x.shape))
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = h
        up, down = (value(graph, output, {**at, by: x + s * step}) for s in (1, -1))
        found[(..., *place)] = (up - down) / (2 * h)
    return found
