"""Loops over data: which loops are read once for all rows, and what they leave behind."""

from collections.abc import Iterator

from secantd.errors import CalculusError
from secantd.expression import Length, Node
from secantd.language.arrays import agree
from secantd.language.context import Context
from secantd.language.inference import learn_rank, open_names
from secantd.language.instructions import Instruction, Instructions
from secantd.language.recursions import Recursions
from secantd.language.rows import Rows, refused, vector_of
from secantd.language.structural import UNROLLED
from secantd.language.values import Closure, Environment, Filled, Oriented, Promise, Span, Value, Vector, Zipped

__all__ = ["read_over_rows"]


def read_over_rows(context: Context, environment: Environment, name: str, over: Value, code: Instructions) -> bool:
    """Run a loop over data once for all rows; return False for a loop that is unrolled.

    A loop of a known length is unrolled where it is short, and where it cannot be read otherwise.

    Args:
        context: The interpreter.
        environment: The variables, which receive the values after the loop.
        name: The name of the loop's index.
        over: What the loop takes: a span, or a vector.
        code: The body.

    Raises:
        CalculusError: The length is not known, and the loop does what a loop over data cannot do.
    """
    rows = rows_of(context, over)
    if rows is None:
        return False
    known = not isinstance(rows.count, Length)
    if known and isinstance(over, Span) and not any(i.op in ("index", "store_index") for i in below(code)):
        return False
    chain = environments(environment)
    before = [dict(e.values) for e in chain]
    frames, instruction, depth, height = context.frames, context.instruction, context.depth, len(context.stack)
    try:
        run(context, environment, name, rows, code)
    except CalculusError:
        for one, values in zip(chain, before, strict=True):
            one.values = values
        if not known:
            raise
        context.frames, context.instruction, context.depth = frames, instruction, depth
        del context.stack[height:]
        return False
    finally:
        context.rows = None
    return True


def rows_of(context: Context, over: Value) -> Rows | None:
    """Return the rows of a loop, None for one that is unrolled."""
    if isinstance(over, Span):
        rows = Rows(context, over.first, over.last)
    else:
        parts = over.parts if isinstance(over, Zipped) and not over.crossed else (over,)
        vectors = [part if isinstance(part, Span) else vector_over(context, part) for part in parts]
        columns = [v for v in vectors if isinstance(v, Node)]
        spans = [v for v in vectors if isinstance(v, Span)]
        if None in vectors or not columns or len(spans) > 1:
            return None
        length = columns[0].shape[0]
        for column in columns[1:]:
            agree(context, "zip()", length, column.shape[0], [columns[0].shape, column.shape])
        if not isinstance(length, Length) and length <= UNROLLED:
            return None
        rows = Rows(context, spans[0].first, spans[0].last) if spans else Rows(context, 1, length)
        entries = [rows.entry(v) if isinstance(v, Node) else rows.index for v in vectors]
        rows.item = Vector(tuple(entries)) if isinstance(over, Zipped) else entries[0]
    if context.rows is not None:
        if isinstance(rows.count, Length):
            raise refused(context, "a loop over data within another one", "declare the length of one of them")
        return None
    return rows


def vector_over(context: Context, value: Value) -> Node | None:
    """Return a vector that a loop takes, None for other values; a variable of which nothing is known is one."""
    node = value.node if isinstance(value, Oriented) else value
    if isinstance(node, Node) and node.op == "symbol" and not node.shape and open_names(context, node):
        learn_rank(context, node, 1, "a loop")
    return node if isinstance(node, Node) and len(node.shape) == 1 else None


def run(context: Context, environment: Environment, name: str, rows: Rows, code: Instructions) -> None:
    stored = list(dict.fromkeys(i.operand for i in below(code) if i.op == "store"))
    filled = list(dict.fromkeys(i.operand[0] for i in below(code) if i.op == "store_index"))
    ends = next((i for i in below(code) if i.op in ("return", "store_outer")), None)
    if ends is not None:
        context.instruction = ends
        what = "return()" if ends.op == "return" else "'<<-'"
        raise refused(context, what, "assign to a name, and use it behind the loop")
    initial: dict[str, Node] = {}
    for one in dict.fromkeys((*stored, *filled)):
        if environment.find(one) is None:
            continue
        value = context.evaluate(Instructions([Instruction("load", one, 0, 0)]), environment)
        if one in filled and not isinstance(value, Closure):
            if one in stored:
                raise refused(context, f"an assignment to the whole of '{one}', whose elements are filled")
            rows.filled[one] = vector_of(context, value)
            environment.values[one] = Filled(one)
        elif isinstance(value, Node) and not value.shape:
            initial[one] = value
            environment.values[one] = rows.carried[one] = rows.local(one)
        elif isinstance(value, Vector | Oriented | Node | Span):
            raise refused(context, f"a vector as the value of '{one}'", "assign to its elements: h[i] <- ...")
    context.rows = rows
    names = set(context.names)
    environment.values[name] = rows.item
    inside = dict(environment.values)
    outer = [(e, dict(e.values)) for e in environments(environment)[1:]]
    context.evaluate(code, environment)
    results: dict[str, Value] = {}
    for one in (*stored, *filled):
        after = environment.values.get(one)
        if after is not None and not isinstance(after, Promise):
            results[one] = after
    new = set(context.names) - names
    paths = [*stored, *filled]
    early = next((one for one in paths if one in new), None)
    if early is not None:
        raise context.error(
            f"the first row of the loop uses '{early}', which has no value yet", "assign to it before the loop"
        )
    if any(e.values != values for e, values in outer) or any(
        environment.values[n] is not v for n, v in inside.items() if n not in paths
    ):
        raise refused(context, "an assignment within a function", "assign within the loop itself")
    if isinstance(rows.count, Length) and not context.zero_based:
        context.graph.least[rows.count] = 1
    found = Recursions(context, rows, initial, results)
    context.rows = None
    environment.values[name] = found.temporary(rows.item)
    for one, value in results.items():
        if isinstance(value, Filled):
            environment.values[one] = found.filled(value)
        elif one in initial:
            environment.values[one] = found.last(one)
            path = found.states[rows.carried[one].index].path
            if path is not None and path.op == "scan":
                context.paths[one] = path
        elif not isinstance(value, Closure):
            environment.values[one] = found.temporary(value)
    context.assigned.update((name, *results))


def environments(environment: Environment) -> list[Environment]:
    found: list[Environment] = []
    here: Environment | None = environment
    while here is not None:
        found.append(here)
        here = here.outer
    return found


def below(code: Instructions) -> Iterator[Instruction]:
    """Return the instructions of a body, also those of its branches and loops, but not those of functions in it."""
    stack = [code]
    while stack:
        for instruction in stack.pop().instructions:
            yield instruction
            if instruction.op == "if":
                stack += [side for side in instruction.operand if side is not None]
            elif instruction.op == "for":
                stack.append(instruction.operand[1])
                yield Instruction("store", instruction.operand[0], instruction.start, instruction.end)
