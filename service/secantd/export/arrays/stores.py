"""Operations whose values are computed by loops of their own, and stored."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from secantd.export.arrays.loopwriter import LoopWriter, Store
from secantd.export.language import Template
from secantd.expression import Node, plus, scan_of
from secantd.program.shaped.scans import tape_of

__all__ = ["STORES"]


def total(w: LoopWriter, node: Node, op: str) -> str:
    """Write a reduction of all elements of a value, and return the name of its result."""
    templates = w.language.templates
    name = w.temp()
    w.line(templates[f"begin {op}"].text.replace("{0}", name))
    with w.each(node.shape) as (i, j):
        w.line(templates[f"step {op}"].text.replace("{0}", name).replace("{1}", w.at(node, i, j)))
    result = templates.get(f"end {op}", Template("{0}")).text.replace("{0}", name)
    return name if result == name else w.let(result)


def reduction(w: LoopWriter, node: Node) -> None:
    w.text[node.index] = total(w, node.args[0], node.op)


def mean(w: LoopWriter, node: Node) -> None:
    (x,) = node.args
    count = " / ".join(w.number(w.side(d)) for d in x.shape)
    w.text[node.index] = w.let(f"{total(w, x, 'sum')} / {count}" if x.shape else w.at(x))


def trace(w: LoopWriter, node: Node) -> None:
    (x,) = node.args
    name = w.temp()
    w.line(w.variable(name, w.language.number(0.0)))
    with w.each(x.shape[:1]) as (i, _):
        w.add(name, w.at(x, i, i))
    w.text[node.index] = name


def matmul(w: LoopWriter, node: Node) -> None:
    a, b = node.args
    out = w.store(node)
    k = w.names["k"]
    with w.each(node.shape) as (i, j):
        name = w.temp()
        w.line(w.variable(name, w.language.number(0.0)))
        with w.loop(k, w.side(a.shape[1])):
            w.add(name, f"{w.at(a, i, k)} * {w.at(b, k, j)}")
        w.set(w.element(out, node.shape, i, j), name)


def along(axis: int) -> Store:
    """Return the sums of rows or of columns."""

    def sums(w: LoopWriter, node: Node) -> None:
        (x,) = node.args
        out = w.store(node)
        k = w.names["k"]
        with w.each(node.shape) as (i, _):
            name = w.temp()
            w.line(w.variable(name, w.language.number(0.0)))
            with w.loop(k, w.side(x.shape[axis])):
                w.add(name, w.at(x, i, k) if axis == 1 else w.at(x, k, i))
            w.set(w.element(out, node.shape, i, ""), name)

    return sums


def cumulated(sign: str) -> Store:
    """Return the sums or products of all entries up to each along axis 0."""

    def cumulate(w: LoopWriter, node: Node) -> None:
        (x,) = node.args
        out = w.store(node)
        with w.each(node.shape) as (i, j):
            here, before = w.at(x, i, j), w.element(out, node.shape, w.shifted(i, -1), j)
            w.set(w.element(out, node.shape, i, j), w.choice(f"{i} == {w.BASE}", here, f"{before} {sign} {here}"))

    return cumulate


def recurrence(w: LoopWriter, node: Node) -> None:
    b, a = node.args
    out = w.store(node)
    with w.each(node.shape) as (i, j):
        step, last = w.at(b, i, j), w.element(out, node.shape, w.shifted(i, -1), j)
        value = w.choice(f"{i} == {w.BASE}", step, f"{step} + {w.at(a, i, j)} * {last}")
        w.set(w.element(out, node.shape, i, j), value)


def record(w: LoopWriter, node: Node) -> None:
    (x,) = node.args
    out = w.store(node)
    best = w.temp()
    w.line(w.counter(best, str(w.BASE)))
    with w.each(node.shape) as (i, _):
        here, most = w.at(x, i), w.at(x, best)
        new = f"{here} > {most} || ({w.is_nan(here)} {w.AND} !{w.is_nan(most)})"
        with w.block(w.if_(new)):
            w.set(best, i)
        w.set(w.element(out, node.shape, i, ""), w.number(f"({best} + 1)" if w.BASE == 0 else best))


def row_extreme(w: LoopWriter, node: Node) -> None:
    (x,) = node.args
    op = "max_of" if node.payload == (1,) else "min_of"
    templates = w.language.templates
    out = w.store(node)
    k = w.names["k"]
    with w.each(node.shape) as (i, _):
        name = w.temp()
        w.line(templates[f"begin {op}"].text.replace("{0}", name))
        with w.loop(k, w.side(x.shape[1])):
            w.line(templates[f"step {op}"].text.replace("{0}", name).replace("{1}", w.at(x, i, k)))
        w.set(w.element(out, node.shape, i, ""), templates.get(f"end {op}", Template("{0}")).text.replace("{0}", name))


def cholesky(w: LoopWriter, node: Node) -> None:
    """Write the factor row by row; entries that are not known yet are 0."""
    (x,) = node.args
    out = zeros(w, node)
    k = w.names["k"]
    n = w.side(x.shape[0])
    with w.each(node.shape) as (i, j), w.block(w.if_(f"{j} <= {i}")):
        name = w.temp()
        w.line(w.variable(name, w.at(x, i, j)))
        with w.loop(k, n):
            w.add(name, f"-{w.element(out, node.shape, i, k)} * {w.element(out, node.shape, j, k)}")
        root = w.choice(f"{name} > 0", w.called("sqrt", name), w.NAN)
        diagonal = w.element(out, node.shape, j, j)
        w.set(w.element(out, node.shape, i, j), w.choice(f"{i} == {j}", root, f"{name} / {diagonal}"))


def diff(w: LoopWriter, node: Node) -> None:
    (x,) = node.args
    out = w.store(node)
    with w.each(node.shape) as (i, j):
        w.set(w.element(out, node.shape, i, j), f"{w.at(x, w.shifted(i, 1), j)} - {w.at(x, i, j)}")


def concatenate(w: LoopWriter, node: Node) -> None:
    out = w.store(node)
    position = w.temp()
    w.line(w.counter(position, str(w.BASE)))
    for part in node.args:
        if not part.shape:
            w.set(w.element(out, node.shape, position, ""), w.at(part))
            w.add(position, "1")
            continue
        with w.each(part.shape) as (i, j):
            w.set(w.element(out, node.shape, position, ""), w.at(part, i, j))
            w.add(position, "1")


def bind_columns(w: LoopWriter, node: Node) -> None:
    out = w.store(node)
    position = w.temp()
    w.line(w.counter(position, str(w.BASE)))
    for part in node.args:
        if len(part.shape) == 2:
            with w.loop(w.names["j"], w.side(part.shape[1])):
                with w.each(part.shape[:1]) as (i, j):
                    w.set(w.element(out, node.shape, i, position), w.at(part, i, j))
                w.add(position, "1")
            continue
        with w.each(node.shape[:1]) as (i, _):
            w.set(w.element(out, node.shape, i, position), w.at(part, i))
        w.add(position, "1")


def checked_index(w: LoopWriter, text: str, length: str) -> str:
    """Write the check of an index that counts from 1, and return it; NaN passes."""
    name = w.let(w.called("trunc", text))
    outside = f"{name} < 1 || {name} > {w.number(length)}"
    with w.block(w.if_(outside)):
        for line in w.fail("an index is outside"):
            w.line(line)
    return name


def gather(w: LoopWriter, node: Node) -> None:
    x, g = node.args
    length = w.side(x.shape[0])
    if not node.shape:
        index = checked_index(w, w.at(g), length)
        w.text[node.index] = w.let(w.choice(w.is_nan(index), w.NAN, w.at(x, w.index(index))))
        return
    out = w.store(node)
    with w.each(node.shape) as (i, j):
        index = checked_index(w, w.at(g, i), length)
        # A single row has the index j alone.
        found = w.at(x, w.index(index), j) if g.shape else w.at(x, w.index(index), i)
        w.set(w.element(out, node.shape, i, j), w.choice(w.is_nan(index), w.NAN, found))


def zeros(w: LoopWriter, node: Node) -> str:
    out = w.store(node)
    with w.each(node.shape) as (i, j):
        w.set(w.element(out, node.shape, i, j), w.language.number(0.0))
    return out


def scatter(w: LoopWriter, node: Node) -> None:
    values, g = node.args
    out = zeros(w, node)
    unknown = w.temp()
    w.line(w.variable(unknown, w.language.number(0.0)))
    single = len(node.shape) == 2 and not g.shape
    shape = node.shape[1:] if single else (*g.shape, *node.shape[1:])
    with w.each(shape) as (i, j):
        index = checked_index(w, w.at(g, i), w.side(node.shape[0]))
        with w.block(w.if_(w.is_nan(index))):
            w.set(unknown, w.NAN)
        with w.block(w.if_(f"!{w.is_nan(index)}")):
            place = w.index(index)
            target = w.element(out, node.shape, place, i if single else j)
            w.add(target, w.at(values, i, j) if values.shape else w.at(values))
    with w.each(node.shape) as (i, j):
        w.add(w.element(out, node.shape, i, j), unknown)


@contextmanager
def columns(w: LoopWriter, node: Node) -> Iterator[None]:
    """Write a loop over the columns of a value, if it is a matrix."""
    if len(node.shape) == 1:
        yield
    else:
        with w.loop(w.names["j"], w.side(node.shape[1])):
            yield


def copy_by_mask(w: LoopWriter, node: Node, out: str, spread: bool) -> None:
    """Copy values where a mask is not 0: one after the other, or, if `spread`, from such a list to their places."""
    values, mask = node.args
    position = w.temp()
    w.line(w.counter(position, str(w.BASE)))
    i, j = w.names["i"], w.names["j"]
    source, target = (position, i) if spread else (i, position)
    with w.loop(i, w.side(mask.shape[0])), w.block(w.if_(f"{w.at(mask, i)} != 0")):
        with columns(w, node):
            value = w.choice(w.is_nan(w.at(mask, i)), w.NAN, w.at(values, source, j))
            w.set(w.element(out, node.shape, target, j), value)
        w.add(position, "1")


def select(w: LoopWriter, node: Node) -> None:
    copy_by_mask(w, node, w.store(node), spread=False)


def unselect(w: LoopWriter, node: Node) -> None:
    copy_by_mask(w, node, zeros(w, node), spread=True)


def order(w: LoopWriter, node: Node) -> None:
    (x,) = node.args
    out = w.store(node)
    i, k = w.names["i"], w.names["k"]
    length = w.side(x.shape[0])
    with w.loop(i, length):
        rank = w.temp()
        w.line(w.counter(rank, str(w.BASE)))
        with w.loop(k, length):
            a, b = w.at(x, i), w.at(x, k)
            less = f"{b} < {a} || ({w.is_nan(a)} {w.AND} !{w.is_nan(b)})"
            equal = f"{b} == {a} || ({w.is_nan(a)} {w.AND} {w.is_nan(b)})"
            with w.block(w.if_(f"{less} || (({equal}) {w.AND} {k} < {i})")):
                w.add(rank, "1")
        w.set(w.element(out, node.shape, rank, ""), w.number(f"({i} + 1)" if w.BASE == 0 else i))


def largest(w: LoopWriter, node: Node) -> str:
    return total(w, node.args[0], "max_of")


def softmax(w: LoopWriter, node: Node) -> None:
    (x,) = node.args
    most = largest(w, node)
    out = w.store(node)
    weights = w.temp()
    w.line(w.variable(weights, w.language.number(0.0)))
    with w.each(node.shape) as (i, j):
        here = w.element(out, node.shape, i, j)
        w.set(here, w.called("exp", f"{w.at(x, i, j)} - {most}"))
        w.add(weights, here)
    with w.each(node.shape) as (i, j):
        here = w.element(out, node.shape, i, j)
        w.set(here, f"{here} / {weights}")


def logsumexp(w: LoopWriter, node: Node) -> None:
    (x,) = node.args
    most = largest(w, node)
    weights = w.temp()
    w.line(w.variable(weights, w.language.number(0.0)))
    with w.each(x.shape) as (i, j):
        w.add(weights, w.called("exp", f"{w.at(x, i, j)} - {most}"))
    # Where the largest is infinite, its difference from itself is NaN.
    infinite = f"{most} - {most} != 0"
    w.text[node.index] = w.let(w.choice(infinite, most, f"{most} + {w.called('log', weights)}"))


def scan(w: LoopWriter, node: Node) -> None:
    """Write the loop of a recursion, which fills the paths of all its states."""
    parts, shape = scan_of(node), node.shape
    names = w.paths.get(node.args)
    if names is None:
        i = w.names["i"]
        names = w.paths[node.args] = [w.memory(shape) for _ in parts.steps]
        for name, start in zip(names, parts.initial, strict=True):
            w.set(w.element(name, shape, str(w.BASE), ""), w.at(start))
        with w.loop(i, w.side(plus(shape[0], -1))):
            texts = [w.element(name, shape, i, "") for name in names] + [w.at(x, i) for x in parts.inputs]
            for name, text in zip(names, w.computed(tape_of(node), texts), strict=True):
                w.set(w.element(name, shape, w.shifted(i, 1), ""), text)
    w.text[node.index] = names[parts.which]


STORES: Mapping[str, Store] = {
    "sum": reduction,
    "prod": reduction,
    "max_of": reduction,
    "min_of": reduction,
    "matmul": matmul,
    "trace": trace,
    "mean": mean,
    "row_sums": along(1),
    "column_sums": along(0),
    "cumsum": cumulated("+"),
    "cumprod": cumulated("*"),
    "cholesky": cholesky,
    "recurrence": recurrence,
    "record": record,
    "row_extreme": row_extreme,
    "diff": diff,
    "gather": gather,
    "scatter": scatter,
    "select": select,
    "unselect": unselect,
    "order": order,
    "concatenate": concatenate,
    "bind_columns": bind_columns,
    "softmax": softmax,
    "logsumexp": logsumexp,
    "scan": scan,
}
