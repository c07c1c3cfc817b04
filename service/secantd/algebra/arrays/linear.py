"""Operations that move, pick or add up the entries of arrays: all are linear, so numbers stand outside."""

from secantd.algebra.arrays.constructors import Constructors, fixed, is_zero
from secantd.expression import ARRAY_OPERATIONS, Dimension, Node, Shape, algebra, plus
from secantd.expression.arrays import OF_GIVEN_SHAPE, shape_of

__all__ = ["LINEAR", "moved"]

# Linear in the first argument.
LINEAR = frozenset(
    "cumsum recurrence reverse diff slice pad gather scatter select unselect element unit pick place reshape flatten "
    "diagonal_matrix".split()
)


def moved(form: Constructors, op: str, args: list[Node], payload: tuple[int, ...], shape: Shape | None) -> Node:
    """Return a linear operation of light arguments.

    Args:
        form: The constructors.
        op: One of LINEAR.
        args: Its arguments; the first is the value that is moved.
        payload: Its whole numbers.
        shape: The shape of its value, for those of a given shape.
    """
    x, others = args[0], args[1:]
    known = shape if op in OF_GIVEN_SHAPE else None
    if is_zero(x):
        return form.fill(form.zero, value_shape(form, op, args, payload, shape))
    if x.shape:
        number, rest = form.split(x)
        if not algebra.is_number(number, 1.0):
            return form.mul(number, form.apply(op, [rest, *others], payload, known))
    elif not algebra.is_number(x, 1.0):
        # unit, place and the like of a number
        return form.mul(x, form.apply(op, [form.one, *others], payload, known))
    simple = simplified(form, op, x, others, payload, shape)
    return simple if simple is not None else form.node(op, x, *others, payload=payload, shape=known)


def value_shape(form: Constructors, op: str, args: list[Node], payload: tuple[int, ...], shape: Shape | None) -> Shape:
    if shape is not None:
        return shape
    if op == "select":
        return form.node(op, *args).shape
    return shape_of(op, [a.shape for a in args], payload)


def simplified(
    form: Constructors, op: str, x: Node, others: list[Node], payload: tuple[int, ...], shape: Shape | None
) -> Node | None:
    """Return an operation on a special argument, None where there is no rule."""
    if op == "reverse" and x.op == "reverse":
        return x.args[0]
    if op in ("slice", "pad") and not any(payload):
        return x
    if op == "slice" and x.op == "pad" and x.payload == payload:
        return x.args[0]
    if op == "diagonal_matrix" and x.op == "fill":
        return form.identity(x.shape[0])
    if x.op == "fill":
        if op in ("reverse", "slice", "gather", "select", "element", "pick", "flatten", "reshape"):
            return form.fill(x.args[0], value_shape(form, op, [x, *others], payload, shape))
        if op == "diff":
            return form.fill(form.zero, value_shape(form, op, [x], payload, shape))
    if op in ("element", "pick") and min(payload) < 0:
        counted = counted_from_start(op, x.shape, payload)
        if counted != payload:
            return form.apply(op, [x], counted)
    if op == "element" and x.op == "unit" and x.payload == payload:
        return x.args[0]
    if op == "element" and len(payload) == 1:
        return of_element(form, x, payload[0])
    if op == "pick" and x.op == "identity":
        return form.node("unit", form.one, payload=payload[1:], shape=x.shape[:1])
    if op == "slice" and x.op == "concatenate":
        return of_joined(form, x, *payload)
    if op == "slice" and x.op == "pad":
        assert isinstance(x.payload, tuple)
        both = [min(a, b) for a, b in zip(payload, x.payload, strict=True)]
        if any(both):
            inner = form.apply("pad", [x.args[0]], (x.payload[0] - both[0], x.payload[1] - both[1]))
            return form.apply("slice", [inner], (payload[0] - both[0], payload[1] - both[1]))
    if x.op == "unit" and len(x.shape) == 1 and op in ("slice", "reverse"):
        return of_unit(form, op, x, payload)
    if op == "slice" and x.op == "slice":
        assert isinstance(x.payload, tuple)
        return form.apply("slice", [x.args[0]], (payload[0] + x.payload[0], payload[1] + x.payload[1]))
    if op == "pick" and x.op == "transpose":
        return form.apply("pick", [x.args[0]], (1 - payload[0], payload[1]))
    if op == "unselect":
        return unselected(form, x, others[0])
    if op == "scatter" and x.op == "gather" and x.args[0].op == "identity" and x.args[1] is others[0]:
        # The numbers of times that each place is named.
        counts = form.apply("scatter", [form.ones(*others[0].shape), others[0]], (), x.args[0].shape[:1])
        return form.apply("diagonal_matrix", [counts])
    if op == "scatter" and others[0].op == "order" and others[0].shape == shape:
        # The ranks of a vector are the order of its order.
        return form.apply("gather", [x, form.apply("order", [others[0]])])
    if op == "flatten" and x.op == "reshape" and x.payload == payload and len(x.args[0].shape) == 1:
        return x.args[0]
    if op == "reshape" and x.op == "flatten" and x.payload == payload and x.args[0].shape == shape:
        return x.args[0]
    return None


def counted_from_start(op: str, shape: Shape, payload: tuple[int, ...]) -> tuple[int, ...]:
    """Return the positions of `element` or `pick` counted from the start where the length is known."""
    axes = range(len(shape)) if op == "element" else payload[:1]
    places = payload if op == "element" else payload[1:]
    sides = [shape[axis] for axis in axes]
    found = tuple([i + n if i < 0 and isinstance(n, int) else i for i, n in zip(places, sides, strict=True)])
    return found if op == "element" else (payload[0], *found)


def of_element(form: Constructors, x: Node, i: int) -> Node | None:
    """Return the entry of a vector at a position, counted from the end if it is negative."""
    if x.op == "slice":
        assert isinstance(x.payload, tuple)
        before, after = x.payload
        return form.apply("element", [x.args[0]], (i + before if i >= 0 else i - after,))
    if x.op == "concatenate":
        return of_part(form, x, i)
    if x.op == "pad":
        assert isinstance(x.payload, tuple)
        left = i - x.payload[0] if i >= 0 else -1 - i - x.payload[1]
        size = fixed(x.args[0].shape[0])
        if left < 0 or (size is not None and left >= size):
            return form.zero
        # A vector of unknown length may end before this place.
        return None if size is None else form.apply("element", [x.args[0]], (left if i >= 0 else -1 - left,))
    if x.op == "scan" and i == 0:
        assert isinstance(x.payload, tuple)
        return x.args[x.payload[0]]
    if x.op == "reverse":
        return form.apply("element", [x.args[0]], (-1 - i,))
    if x.op == "cumsum" and x.args[0].op == "fill" and algebra.is_number(x.args[0].args[0], 1.0):
        # 1, 2, ..., n
        return form.number(i + 1.0) if i >= 0 else form.length(plus(x.shape[0], i + 1))
    if x.op in ("add", "mul", "div", "neg", "pow") and x.shape:
        return form.apply(x.op, [form.apply("element", [a], (i,)) if a.shape else a for a in x.args])
    if x.op == "matmul":
        # One entry of A v is the sum over one row of A.
        row = form.apply("pick", [x.args[0]], (0, i))
        return form.sum(form.mul(row, x.args[1]))
    return None


def of_part(form: Constructors, x: Node, i: int) -> Node | None:
    """Return an element of joined vectors where the lengths in front of it, or behind it, are known."""
    args = x.args if i >= 0 else x.args[::-1]
    left = i if i >= 0 else -1 - i
    for part in args:
        size = fixed(part.shape[0]) if part.shape else 1
        if size is None:
            inside = part is args[0] and left < least(part.shape[0])
            return form.apply("element", [part], (left if i >= 0 else -1 - left,)) if inside else None
        if left < size:
            return form.apply("element", [part], (left if i >= 0 else -1 - left,)) if part.shape else part
        left -= size
    return None


def least(dimension: Dimension) -> int:
    """Return a number that a length is never below: named lengths are at least 1, but what a mask selects may be nothing."""
    if isinstance(dimension, int):
        return dimension
    if any(factor < 0 or name.startswith("#") for name, factor in dimension.terms):
        return 0
    return max(0, dimension.offset + sum(factor for _, factor in dimension.terms))


def of_unit(form: Constructors, op: str, x: Node, payload: tuple[int, ...]) -> Node:
    """Return the reverse or a slice of a vector that is 0 but for one entry."""
    assert isinstance(x.payload, tuple)
    (place,) = x.payload
    if op == "reverse":
        return form.apply("unit", [x.args[0]], (-1 - place,), x.shape)
    before, after = payload
    shape = shape_of("slice", [x.shape], payload)
    size = fixed(x.shape[0])
    if size is not None and place < 0:
        place += size
    if place < before if place >= 0 else -place <= after:
        return form.fill(form.zero, shape)
    if size is not None and place >= size - after:
        return form.fill(form.zero, shape)
    # A place that is counted from one end may be what is left out at the other end of a short vector.
    if size is not None or not (before if place < 0 else after):
        return form.apply("unit", [x.args[0]], (place + after if place < 0 else place - before,), shape)
    return form.node("slice", x, payload=payload)


def of_joined(form: Constructors, x: Node, before: int, after: int) -> Node | None:
    """Return joined vectors without single numbers at their ends; None where more is left out."""
    args = list(x.args)
    while before and len(args) > 1 and not args[0].shape:
        before, args = before - 1, args[1:]
    while after and len(args) > 1 and not args[-1].shape:
        after, args = after - 1, args[:-1]
    if len(args) == len(x.args):
        return None
    rest = args[0] if len(args) == 1 and args[0].shape else form.apply("concatenate", args)
    return form.apply("slice", [rest], (before, after))


def unselected(form: Constructors, x: Node, mask: Node) -> Node | None:
    """Return unselect(f(select(u, m), ...), m) as ifelse(m, f(u, ...), 0)."""
    whole = unmasked(form, x, mask)
    if whole is None:
        return None
    test = mask if len(x.shape) == 1 else form.lay("column", mask)
    return form.ifelse(test, form.full(whole, (*mask.shape, *x.shape[1:])), form.zero)


def unmasked(form: Constructors, x: Node, mask: Node) -> Node | None:
    """Return f(u, ...) for an elementwise f(select(u, mask), ...), None for other forms."""
    if not x.shape:
        return x
    if x.op == "select" and x.args[1] is mask:
        return x.args[0]
    if x.op == "fill":
        return x.args[0]
    if not x.args or x.op in ARRAY_OPERATIONS:
        return None
    parts = [unmasked(form, a, mask) for a in x.args]
    found = [p for p in parts if p is not None]
    return form.apply(x.op, found) if len(found) == len(parts) else None
