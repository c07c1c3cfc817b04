r"""Sums over a part of the data: \sum_{i=1}^{n-1} (x_{i+1} - x_i)^2.

The letter of the upper bound is the length of the vectors, so x_{i+1} with i from 1 to n - 1 is x without its first entry.
"""

from collections.abc import Sequence

from secantd.language.instructions import Arguments, Instruction
from secantd.language.textbook.trees import Tree

__all__ = ["ShiftError", "instructions_of_slice", "sliced"]


class ShiftError(Exception):
    """A sum whose terms are not those of the data: the place, the headline and the hint."""

    def __init__(self, place: Tree, headline: str, hint: str) -> None:
        super().__init__(headline)
        self.place, self.headline, self.hint = place, headline, hint


def sliced(inside: Sequence[Tree], index: str, first: int, left_out: int, letter: str) -> None:
    """Make the entries of a sum from `first` to n - left_out slices of vectors, in place.

    Args:
        inside: The trees of its terms.
        index: Its index.
        first: The first value of the index.
        left_out: By how much the last value is below the length.
        letter: The letter of the length, "" where there is none.

    Raises:
        ShiftError: An entry before the first or beyond the last one, or no entry is the last one.
    """
    entries: list[tuple[Tree, str, int]] = []
    for t in inside:
        if t.kind in ("indexed", "shifted") and isinstance(t.value, tuple) and t.value[1] == index:
            entries.append((t, t.value[0], t.value[2] if t.kind == "shifted" else 0))
        if t.kind == "pair" and isinstance(t.value, tuple) and index in t.value[1:]:
            raise ShiftError(t, "a matrix in a sum over a part of the data is not read", "write the bounds 1 and n")
    for t, stem, offset in entries:
        if not letter:
            hint = rf"write the bounds, as in \sum_{{{index}=1}}^{{n-1}}"
            raise ShiftError(t, "the first and the last term of the sum are not known", hint)
        if first + offset < 1:
            hint = rf"begin with {index} = {1 - offset}" if offset < 0 else "begin with 1"
            raise ShiftError(t, f"the first term has {stem}_{first + offset}, but entries begin with {stem}_1", hint)
        if offset > left_out:
            hint = f"end with {letter} - {offset}"
            raise ShiftError(
                t, f"the last term has {stem}_{letter}+{offset - left_out}, but {letter} is the length", hint
            )
    if not any(offset == left_out for _, _, offset in entries):
        t, stem, offset = entries[0]
        headline = f"whether {stem} has {letter} entries or ends with {stem}_{letter}-{left_out - offset} is not known"
        raise ShiftError(t, headline, f"write {letter} for the upper bound if it has these entries only")
    vector = entries[0][1]
    for t in inside:
        if t.kind == "name" and t.value == index:
            t.kind, t.value = "slice", (vector, first, left_out, "seq_along")
    for t, stem, offset in entries:
        t.kind, t.value = "slice", (stem, first + offset, left_out - offset, "")


def instructions_of_slice(tree: Tree) -> list[Instruction]:
    """Return the instructions of the entries of a vector, or of their positions."""
    assert isinstance(tree.value, tuple)
    stem, first, left_out, function = tree.value
    place = (tree.start, tree.end)
    load = Instruction("load_quoted", stem, *place)
    out = [load]
    if function:
        out.append(Instruction("call", (function, Arguments((None,))), *place))
    if first == 1 and not left_out:
        return out
    out += [
        Instruction("number", float(first), *place),
        load,
        Instruction("call", ("length", Arguments((None,))), *place),
    ]
    if left_out:
        out += [
            Instruction("number", float(left_out), *place),
            Instruction("operator", "minus", *place),
            Instruction("add", 2, *place),
        ]
    return [*out, Instruction("operator", ":", *place), Instruction("index", 1, *place)]
