"""The variables of a text among which are components of vectors: x[1], x$a."""

from secantd.language.grammar import REST
from secantd.language.instructions import Parameter
from secantd.language.machine import Machine
from secantd.language.shapes import component

__all__ = ["check_whole", "in_order_of_index", "open_variables", "with_declared_components"]


def check_whole(machine: Machine, used: frozenset[str]) -> None:
    """Read again with one vector for a name of which components occur and that is also used or requested as a whole."""
    longest: dict[str, int] = {}
    for name in used:
        if (found := component(name)) and found[0] not in machine.shapes.whole:
            longest[found[0]] = max(found[1], longest.get(found[0], 0))
    members = {name.partition("$")[0] for name in used if "$" in name}
    both = [name for name in longest if name in used or name in machine.shapes.requested - members]
    if both:
        first = 0 if machine.zero_based else 1
        lengths = {name: longest[name] + 1 - first for name in both if name not in used}
        machine.shapes.use_whole(sorted(both), lengths)


def in_order_of_index(names: list[str]) -> list[str]:
    """Return names with the components of each vector in the order of their index, at the place of the first.

    >>> in_order_of_index(["a", "x[2]", "b", "x[1]"])
    ['a', 'x[1]', 'x[2]', 'b']
    """
    parts: dict[str, list[tuple[int, str]]] = {}
    for name in names:
        if found := component(name):
            vector, index = found
            parts.setdefault(vector, []).append((index, name))
    if not parts:
        return names
    ordered: dict[str, None] = {}
    for name in names:
        found = component(name)
        ordered.update(dict.fromkeys([n for _, n in sorted(parts[found[0]])] if found else [name]))
    return list(ordered)


def with_declared_components(machine: Machine, names: list[str]) -> list[str]:
    """Return names with all components of each vector of a declared length, some of whose components are among them."""
    found: dict[str, None] = {}
    lowest = 0 if machine.zero_based else 1
    for name in names:
        parts = component(name)
        shape = machine.shapes.of(parts[0]) if parts else ()
        if parts and len(shape) == 1 and isinstance(shape[0], int) and shape[0] <= machine.limits.variables:
            found.update(dict.fromkeys(f"{parts[0]}[{i}]" for i in range(lowest, shape[0] + lowest)))
        found[name] = None
    return list(found)


def open_variables(machine: Machine, parameters: tuple[Parameter, ...], free: list[str]) -> list[str]:
    """Return a function's variables: its parameters, or the components of a parameter if only these occur.

    A parameter of which only components occur is a vector as long as the largest of them, or as declared.
    """
    found: list[str] = []
    for name in (
        p.name
        for p in parameters
        if (p.default is None or p.name in machine.shapes.asked_for()) and p.name not in machine.data and p.name != REST
    ):
        parts = [f for f in free if f.startswith((f"{name}[", f"{name}$"))]
        if (name in machine.frames_of_data or name in machine.lists) and name not in free:
            found += parts
            continue
        if name in free or not parts:
            found += [name, *parts]
            continue
        lowest = 0 if machine.zero_based else 1
        indices = [c[1] for part in parts if (c := component(part)) and c[0] == name]
        shape = machine.shapes.of(name)
        longest = shape[0] + lowest - 1 if shape and isinstance(shape[0], int) else max(indices, default=-1)
        if len(indices) == len(parts) and longest <= machine.limits.variables:
            parts = [f"{name}[{i}]" for i in range(lowest, longest + 1)]
        found += parts
    if machine.lists:
        found += free
    # A parameter may have the name of another one's component: function(a, `a[1]`).
    return list(dict.fromkeys(found))
