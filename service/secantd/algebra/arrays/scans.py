"""Recursions over rows: inputs that are the same in each row, and recursions that are sums."""

from collections.abc import Sequence

from secantd.algebra.arrays.constructors import Constructors, is_zero
from secantd.expression import Node, Shape, input_of, plus, reachable, state_of

__all__ = ["scanned"]


def scanned(form: Constructors, args: Sequence[Node], payload: tuple[int, ...], shape: Shape) -> Node:
    """Return the path of a state of a recursion over rows.

    Args:
        form: The constructors.
        args: The arguments of the scan: see `expression.scans`.
        payload: The state and the number of states.
        shape: The shape of the path.
    """
    states = payload[1]
    initial, inputs, steps = list(args[:states]), args[states:-states], list(args[-states:])
    graph = form.graph
    # An input that is the same in each row is a number; numbers stand in the step itself.
    values = [x.args[0] if x.op == "fill" else x for x in inputs]
    locals_ = [input_of(graph, j) for j in range(len(inputs))]
    known = {local.index: x for local, x in zip(locals_, values, strict=True) if x.op == "number"}
    steps = [substituted(form, step, known) for step in steps]
    used = {n.index for n in reachable(steps)}
    kept: dict[Node, Node] = {}
    renamed: dict[int, Node] = {}
    for local, value in zip(locals_, values, strict=True):
        if local.index in used:
            renamed[local.index] = kept.setdefault(value, input_of(graph, len(kept)))
    steps = [substituted(form, step, renamed) for step in steps]
    if states == 1:
        found = alone(form, initial[0], list(kept), steps[0], shape)
        if found is not None:
            return found
    return form.node("scan", *initial, *kept, *steps, payload=payload, shape=shape)


def alone(form: Constructors, initial: Node, inputs: Sequence[Node], step: Node, shape: Shape) -> Node | None:
    """Return the path of a single state that is no recursion or a sum, None for another one."""
    state = state_of(form.graph, 0)
    if step is state:
        return form.fill(initial, shape)
    rows = plus(shape[0], -1)
    own = [n for n in reachable([step]) if n is state]
    if is_zero(initial) and is_zero(substituted(form, step, {state.index: form.zero})):
        # What begins with 0 and is 0 after 0.
        return form.fill(form.zero, shape)
    values = {input_of(form.graph, j).index: x for j, x in enumerate(inputs)}
    if not own:
        value = substituted(form, step, values)
        return form.apply("concatenate", [initial, form.full(value, (rows,))])
    if step.op == "add" and sum(a is state for a in step.args) == 1:
        others = [a for a in step.args if a is not state]
        if not any(state in reachable([a]) for a in others):
            added = substituted(form, form.add(*others), values)
            running = form.apply("cumsum", [form.full(added, (rows,))])
            return form.apply("concatenate", [initial, form.add(initial, running)])
    return None


def substituted(form: Constructors, step: Node, values: dict[int, Node]) -> Node:
    """Return an expression of locals with some of them replaced."""
    made: dict[int, Node] = {}
    for part in reachable([step]):
        args = [made[a.index] for a in part.args]
        if part.index in values:
            made[part.index] = values[part.index]
        elif all(a is b for a, b in zip(args, part.args, strict=True)):
            made[part.index] = part
        else:
            made[part.index] = form.apply(part.op, args)
    return made[step.index]
