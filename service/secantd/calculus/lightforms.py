"""The light forms of a function's nodes, which its memory keeps."""

from typing import Final

from secantd.algebra import Light
from secantd.algebra.arrays import Arrays
from secantd.expression import Node, reachable
from secantd.functions import NAMES
from secantd.language import Function, Slot
from secantd.language.library import LIBRARY

__all__ = ["author_names", "constructors", "light_form"]

LIGHT: Final[Slot[Light]] = Slot("light form")
CONSTRUCTORS: Final[Slot[Arrays]] = Slot("constructors of arrays")


def light_form(function: Function) -> Light:
    """Return the light forms of a function's nodes; the caller holds the function's lock."""
    return function.memory.get(LIGHT, None, lambda: Light(function.graph))


def constructors(function: Function) -> Arrays:
    """Return the constructors of a function's graph of arrays; the caller holds the function's lock."""
    return function.memory.get(CONSTRUCTORS, None, lambda: Arrays(function.graph))


def author_names(function: Function, node: Node) -> dict[str, Node]:
    """Return the parts of a node, in the light form, to which the text of its function assigns names.

    Names that mean something else in the answer are left out: those of variables, of data, of vectors that occur by their
    components, of changes, and of functions of the language.

    Args:
        function: The function that owns the node.
        node: The expression, in the light form.
    """
    if not function.parts:
        return {}
    inside = reachable([node])
    present = {n.index for n in inside}
    taken = {*function.variables, *function.used, *function.graph.columns}
    taken |= {n.name for n in inside if n.op in ("symbol", "data")}
    taken |= {name.partition("[")[0].partition("$")[0] for name in taken}
    found: dict[str, Node] = {}
    with function.lock:
        for name, part in function.parts.items():
            if name not in taken and name not in NAMES and name not in LIBRARY:
                light = constructors(function).light(part) if function.arrays else light_form(function).of(part)
                if light.index in present and light is not node:
                    found[name] = light
    return found
