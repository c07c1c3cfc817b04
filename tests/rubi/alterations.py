"""Changes one number or one sign of a formula, from a seed."""

from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

__all__ = ["Path", "altered", "at_path", "names", "parts", "places", "with_parts"]

Tree = tuple[Any, ...]
# The way from a tree to one of its parts: positions of arguments.
Path = tuple[int, ...]
OTHER_SIGN = {"add": "sub", "sub": "add"}


def parts(tree: Tree) -> tuple[Tree, ...]:
    """Return the arguments of a tree."""
    if tree[0] in ("number", "name"):
        return ()
    if tree[0] == "call":
        return tuple(tree[2])
    return tuple(tree[1]) if tree[0] == "list" else tree[1:]


def names(tree: Tree) -> set[str]:
    """Return the names in a tree, constants left out."""
    if tree[0] == "name":
        return set() if tree[1].startswith("%") else {tree[1]}
    return set().union(*(names(part) for part in parts(tree))) if parts(tree) else set()


def with_parts(tree: Tree, new: tuple[Tree, ...]) -> Tree:
    """Return a tree with other arguments."""
    if tree[0] == "call":
        return ("call", tree[1], new)
    return ("list", new) if tree[0] == "list" else (tree[0], *new)


def places(tree: Tree, path: Path = ()) -> Iterator[Path]:
    """Yield the paths to the numbers and signs of a tree.

    >>> list(places(("sub", ("number", "2"), ("neg", ("name", "x")))))
    [(), (0,), (1,)]
    """
    if tree[0] in ("number", "neg") or tree[0] in OTHER_SIGN:
        yield path
    for i, part in enumerate(parts(tree)):
        yield from places(part, (*path, i))


def at_path(tree: Tree, path: Path) -> Tree:
    """Return a part of a tree."""
    for i in path:
        tree = parts(tree)[i]
    return tree


def replaced(tree: Tree, path: Path, new: Tree) -> Tree:
    if not path:
        return new
    own = list(parts(tree))
    own[path[0]] = replaced(own[path[0]], path[1:], new)
    return with_parts(tree, tuple(own))


def altered(tree: Tree, random: Random) -> tuple[Tree, Path, str] | None:
    """Return a tree with one number or sign changed, where that is, and what was done; None if it has neither.

    Args:
        tree: The tree.
        random: The source of the choice.

    >>> altered(("mul", ("number", "2"), ("name", "x")), Random(1))
    (('mul', ('number', '5'), ('name', 'x')), (0,), '2 -> 5')
    """
    every = list(places(tree))
    if not every:
        return None
    path = random.choice(every)
    old = at_path(tree, path)
    if old[0] == "number":
        # 0 would be a factor or a denominator that nobody writes.
        value = Fraction(old[1])
        new_value = random.choice([v for v in (value + 1, value - 1, 2 * value + 1) if v != 0])
        shown = str(float(new_value)) if "." in old[1] else str(new_value)
        new: Tree = ("number", shown) if new_value > 0 else ("neg", ("number", shown.removeprefix("-")))
        return replaced(tree, path, new), path, f"{old[1]} -> {shown}"
    if old[0] == "neg":
        return replaced(tree, path, old[1]), path, "a sign is left out"
    sign = OTHER_SIGN[old[0]]
    return replaced(tree, path, (sign, *old[1:])), path, f"{'+ -> -' if sign == 'sub' else '- -> +'}"
