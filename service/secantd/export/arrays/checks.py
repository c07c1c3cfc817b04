"""The lines at the beginning of a function that find the lengths of its arguments and compare them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from secantd.export.arrays.derive import Argument
from secantd.export.arrays.sizes import Sizes
from secantd.expression import Shape

__all__ = ["Check", "checks"]


@dataclass(frozen=True, slots=True)
class Check:
    """How a language checks arguments.

    Attributes:
        kinds: Lines that check that a name is a number, a vector, a matrix.
        side: The text of a side of an argument.
        over: The sign of whole division.
        let: An assignment of a length.
        equal: Lines that stop unless two lengths are equal, with a message.
        least: Lines that stop unless a length is at least a number, with a message.
        symmetric: Lines that stop unless a square matrix is symmetric; none where a language has no short way.
    """

    kinds: tuple[Callable[[str], list[str]], ...]
    side: Callable[[str, Shape, int], str]
    over: str
    let: Callable[[str, str], str]
    equal: Callable[[str, str, str], list[str]]
    least: Callable[[str, str, str], list[str]]
    symmetric: Callable[[str], list[str]] = lambda word: []


def checks(arguments: Sequence[Argument], words: Mapping[str, str], sizes: Sizes, check: Check) -> list[str]:
    """Return the lines.

    Args:
        arguments: The arguments.
        words: Their spelling.
        sizes: The lengths.
        check: How the language checks.
    """
    lines: list[str] = []
    for a in arguments:
        lines += check.kinds[len(a.shape)](words[a.name])
    for name, (side, _) in sizes.origin.items():
        text = check.side(words[side.argument.name], side.argument.shape, side.axis)
        lines.append(check.let(sizes.names[name], sizes.definition(name, text, check.over)))
    for g in sizes.agreements:
        text = check.side(words[g.side.argument.name], g.side.argument.shape, g.side.axis)
        wanted = sizes.bare(g.dimension)
        lines += check.equal(text, wanted, f"{text} has to be {wanted}")
    for r in sizes.requirements:
        text = sizes.bare(r.dimension)
        lines += check.least(text, sizes.bare(r.least), f"{text} has to be at least {sizes.bare(r.least)}")
    for a in arguments:
        if a.symmetric:
            lines += check.symmetric(words[a.name])
    return lines
