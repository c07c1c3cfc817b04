"""Loops over data: which loops are read once for all rows, and what they leave behind."""

from collections.abc import Iterator

from secantd.errors import CalculusError
from secantd.expression import Length, Node, reachable, shape_text
from secantd.language.arrays import agree, vector_of
from secantd.language.carried import Kind, entries_of, kind_of
from secantd.language.context import FEW, Context
from secantd.language.entrywise import Entries
from secantd.language.inference import learn_rank, open_names
from secantd.language.instructions import Instruction, Instructions
from secantd.language.loopplan import KindsError, Plan, Taken
from secantd.language.recursions import Recursions
from secantd.language.rowlimits import CARRIED, EDGE, CarriedError, EdgeError, refused
from secantd.language.rows import Rows
from secantd.language.values import (
    Closure,
    Environment,
    Filled,
    Nothing,
    Oriented,
    Promise,
    Span,
    Value,
    Zipped,
)

__all__ = ["read_over_rows"]


def read_over_rows(
    context: Context,
    environment: Environment,
    name: str,
    over: Value,
    code: Instructions,
    paths: dict[str, Node] | None = None,
) -> bool:
    """Run a loop over data once for all rows; return False for a loop that is unrolled.

    A loop of a known length is unrolled where it is short, and where it cannot be read otherwise.

    Args:
        context: The interpreter.
        environment: The variables, which receive the values after the loop.
        name: The name of the loop's index.
        over: What the loop takes: a span, or a vector.
        code: The body.
        paths: Receives the vectors of all values of carried numbers, by name; None where they are not needed.

    Raises:
        CalculusError: The length is not known, and the loop does what a loop over data cannot do.
    """
    taken = taken_by(context, over)
    if taken is None:
        return False
    known = not isinstance(taken.count(), Length)
    if known and isinstance(over, Span) and not any(i.op in ("index", "store_index") for i in below(code)):
        return False
    chain = environments(environment)
    before = [dict(e.values) for e in chain]
    frames, instruction, depth, height = context.frames, context.instruction, context.depth, len(context.stack)
    plan = Plan()
    wanted = paths is not None
    while True:
        try:
            run(context, environment, name, taken, code, plan, wanted=wanted)
            if paths is not None:
                paths.update(plan.paths)
            return True
        except CarriedError as error:
            plan.whole |= {error.name}
        except EdgeError as error:
            plan.peel(error.front, error.back)
        except KindsError:
            pass
        except CalculusError:
            # A short vector whose elements a row assigns may be used as a whole, too.
            short = plan.short - plan.whole
            plan.whole |= short
            if not short and not known:
                raise
            if not short:
                plan.front = EDGE + 1
        finally:
            context.rows = None
        for one, values in zip(chain, before, strict=True):
            one.values = dict(values)
        context.frames, context.instruction, context.depth = frames, instruction, depth
        del context.stack[height:]
        if plan.front + plan.back > EDGE:
            if known:
                return False
            raise refused(context, "a condition on the loop's index that holds in many rows, and not in others")


def taken_by(context: Context, over: Value) -> Taken | None:
    """Return what a loop over rows takes, None for one that is unrolled."""
    if isinstance(over, Span):
        taken = Taken(over.first, over.last, (None,), False)
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
        if not isinstance(length, Length) and length <= context.unrolled:
            context.has_unrolled |= length > FEW
            return None
        span = spans[0] if spans else Span(1, length)
        nodes = tuple([v if isinstance(v, Node) else None for v in vectors])
        taken = Taken(span.first, span.last, nodes, isinstance(over, Zipped))
    if context.rows is not None:
        if isinstance(taken.count(), Length):
            raise refused(context, "a loop over data within another one", "declare the length of one of them")
        return None
    return taken


def vector_over(context: Context, value: Value) -> Node | None:
    """Return a vector that a loop takes, None for other values; a variable of which nothing is known is one."""
    node = value.node if isinstance(value, Oriented) else value
    if isinstance(node, Node) and node.op == "symbol" and not node.shape and open_names(context, node):
        learn_rank(context, node, 1, "a loop")
    return node if isinstance(node, Node) and len(node.shape) == 1 else None


def run(
    context: Context,
    environment: Environment,
    name: str,
    taken: Taken,
    code: Instructions,
    plan: Plan,
    *,
    wanted: bool,
) -> None:
    stored = list(dict.fromkeys(i.operand for i in below(code) if i.op == "store"))
    filled = list(dict.fromkeys(i.operand[0] for i in below(code) if i.op == "store_index"))
    ends = next((i for i in below(code) if i.op in ("return", "leave", "store_outer")), None)
    if ends is not None:
        context.instruction = ends
        what = "return()" if ends.op == "return" else "'<<-'" if ends.op == "store_outer" else f"'{ends.operand}'"
        hint = (
            "put the rest of the body into if (...)"
            if ends.op == "leave"
            else "assign to a name, and use it behind the loop"
        )
        raise refused(context, what, hint)
    for k in range(plan.front):
        environment.values[name] = taken.item(context, k)
        context.evaluate(code, environment)
    rows = taken.rows(context, plan)
    carried: dict[str, Kind] = {}
    initial: dict[Node, Node] = {}
    entries = Entries(context, rows)
    for one in dict.fromkeys((*stored, *filled)):
        if environment.find(one) is None:
            continue
        value = context.evaluate(Instructions([Instruction("load", one, 0, 0)]), environment)
        if isinstance(value, Closure):
            continue
        if one in filled and one not in stored and one not in plan.whole:
            rows.filled[one] = vector_of(context, value)
            if rows.is_short(one):
                plan.short |= {one}
            environment.values[one] = Filled(one)
        elif not isinstance(value, Nothing | str):
            kind = carried[one] = plan.kinds.get(one) or carried_kind(context, one, value)
            size = kind.size()
            assert size is not None
            states = [rows.state(one, k) for k in range(size)]
            initial.update(zip(states, entries_of(entries, value), strict=True))
            environment.values[one] = kind.value(context.graph, states)
    if len(initial) > CARRIED:
        raise refused(
            context, f"a loop whose rows hand {len(initial)} numbers to the next", f"carry at most {CARRIED} entries"
        )
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
    following = {one: entries_of(entries, value) for one, value in results.items() if kind_of(value) is not None}
    check_kinds(context, rows, carried, results, following, plan)
    edges = plan.front + plan.back
    count = taken.count()
    if isinstance(count, Length) and (edges or not context.zero_based):
        context.graph.least[count] = max(1, edges)
    handed = {
        local: (initial[local], after)
        for one in carried
        for local, after in zip(rows.states(one), following[one], strict=True)
    }
    found = Recursions(context, rows, entries, handed, [v for v in results.values() if isinstance(v, Filled)])
    context.rows = None
    if wanted and not plan.front + plan.back:
        numbers = [one for one, kind in carried.items() if kind == Kind()]
        plan.paths = {one: found.path(found.states[rows.states(one)[0].index]) for one in numbers}
    environment.values[name] = found.temporary(rows.item)
    for one, value in results.items():
        if isinstance(value, Filled):
            environment.values[one] = found.filled(value)
        elif one in carried:
            environment.values[one] = carried[one].value(context.graph, [found.last(x) for x in rows.states(one)])
            note_paths(context, environment, one, carried[one], [found.states[x.index].path for x in rows.states(one)])
        elif not isinstance(value, Closure):
            environment.values[one] = found.temporary(value)
    for k in range(-plan.back, 0):
        environment.values[name] = taken.item(context, k)
        context.evaluate(code, environment)
    context.assigned.update((name, *results))


def carried_kind(context: Context, name: str, value: Value) -> Kind:
    """Return the kind of a value that a loop carries, whose size must be known."""
    kind = kind_of(value)
    size = None if kind is None else kind.size()
    if kind is None or size is None:
        what = f"{shape_text(kind.shape)} as the value of '{name}'" if kind else f"the value of '{name}'"
        hint = "declare its shape, or assign to its elements: h[i] <- ..."
        raise refused(context, what, hint if kind else "")
    if size > CARRIED:
        raise refused(
            context, f"a value of {size} entries of '{name}'", f"carry at most {CARRIED} entries, or fill: h[i] <- ..."
        )
    return kind


def check_kinds(
    context: Context,
    rows: Rows,
    carried: dict[str, Kind],
    results: dict[str, Value],
    following: dict[str, list[Node]],
    plan: Plan,
) -> None:
    """Check that each carried name has after a row what it had before it; one whose old value no row reads is not carried.

    Where the kind differs, the loop is read again with the kind after the row. If a row has the same results then, the
    kind of the value before the loop makes no difference; else the first row is read by itself.

    Raises:
        KindsError: The loop is to be read again.
    """
    different: dict[str, Kind] = {}
    for one, kind in carried.items():
        after = kind_of(results[one])
        if after is None:
            raise refused(context, f"the value of '{one}' after a row")
        if len(after.shape) == len(kind.shape) and after.items is kind.items is None:
            for a, b in zip(kind.shape, after.shape, strict=True):
                agree(context, f"the values of '{one}' in the loop", a, b, [kind.shape, after.shape])
        if after != kind:
            different[one] = after
    if different:
        used = {n.index for n in reachable([x for values in following.values() for x in values])}
        used |= {
            n.index for v in results.values() if isinstance(v, Filled) and v.written for n in reachable([v.written])
        }
        for one in list(different):
            if not any(x.index in used for x in rows.states(one)):
                after = different.pop(one)
                if after.is_flat() and carried[one].is_flat() and after.size() == carried[one].size():
                    # Where there is no row, the value before the loop remains.
                    carried[one] = after
                else:
                    del carried[one]
    if different and (plan.results is not None or any(k.size() != carried[n].size() for n, k in different.items())):
        plan.peel(1, 0)
        raise KindsError
    if different:
        plan.kinds, plan.results = different, following
        raise KindsError
    if plan.results is not None and plan.results != following:
        plan.peel(1, 0)
        raise KindsError


def note_paths(context: Context, environment: Environment, name: str, kind: Kind, paths: list[Node | None]) -> None:
    """Record the vectors of a carried name's values by its name, those of its entries by their places: a1, P12."""
    first = 0 if context.zero_based else 1
    sides = kind.shape
    for k, path in enumerate(paths):
        if path is None or path.op != "scan":
            continue
        width = sides[1] if len(sides) == 2 else len(paths)
        assert isinstance(width, int)
        place = [k] if len(sides) < 2 else [k // width, k % width]
        joint = "_" if any(n > 9 for n in (len(paths) // width, width)) and len(place) > 1 else ""
        suffix = joint.join(str(p + first) for p in place)
        written = name if kind == Kind() else f"{name}{suffix}"
        if written == name or (environment.find(written) is None and written not in context.assigned):
            context.paths[written] = path


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
            elif instruction.op == "while":
                stack += instruction.operand
            elif instruction.op == "for":
                stack.append(instruction.operand[1])
                yield Instruction("store", instruction.operand[0], instruction.start, instruction.end)
