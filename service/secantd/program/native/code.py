"""The code of the machine: branches that no point of a block takes are skipped, and registers are used again.

Two additions or multiplications of which one is read by the other only are one pass over their registers; each of them is rounded.
The stable form of a density has branches for edges and tails, and most blocks need few of them. A value that only one branch
of an `ifelse` reads is computed behind an instruction that skips it unless a point of the block takes the branch.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from secantd.interrupt import paced
from secantd.program.native.table import CODES, FUNCTIONS, Step

__all__ = ["WEIGHTS", "Code", "code_of"]

# Of an operation's time, in additions: measured on x86-64 with AVX-512.
WEIGHTS = dict.fromkeys(FUNCTIONS, 12)
# The operations that may be the first and the second of a pair, and the second when its second argument is the first operation.
FIRST = {"add": "add", "sub": "sub", "mul": "mul", "div": "div", "square": "mul", "abs": "abs", "neg": "neg"}
SECOND = frozenset({"add", "sub", "mul", "div", "neg"})
TURNED = {"sub": "from", "div": "under"}
# Operations on a negative value: x, the value before, and z, the other argument, take their places in the new ones.
NEGATED = {"add": ("sub", "zx"), "sub": ("neg sub", "xz"), "from": ("add", "zx"), "mul": ("mul neg", "xz")}
# Additions of the smallest branch that is worth an instruction to skip it.
WORTH = 6


class Code(NamedTuple):
    """Code of the machine.

    Attributes:
        code: Five 32-bit integers for each instruction.
        columns: The values of the first registers, one for each point.
        uniforms: The values of the next registers, the same at all points.
        registers: The number of registers.
        outputs: The registers of the outputs, 32-bit integers.
        weight: The time for a point, in additions.
        passes: For each pass the number of instructions before it, the registers that it reads, and those that it writes.
    """

    code: bytes
    columns: tuple[int, ...]
    uniforms: tuple[int, ...]
    registers: int
    outputs: bytes
    weight: int
    passes: list[tuple[int, list[int], list[int]]]


class Region:
    """Steps that are needed only if a point takes a branch of an `ifelse`; the outermost has depth 0."""

    def __init__(self, parent: "Region | None") -> None:
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0
        self.lines: list[Step] = []
        self.weight = 0


def common(a: Region, b: Region) -> Region:
    """Return the innermost region that contains both."""
    while a is not b:
        if a.depth < b.depth:
            a, b = b, a
        assert a.parent is not None
        a = a.parent
    return a


def branched(steps: Sequence[Step], outputs: Collection[int], worth: int) -> list[Step]:
    """Return the steps with those to skip branches: skip(test), out = 2 · (number of steps) + (1 for the second branch)."""
    if not any(s.op == "ifelse" for s in steps):
        return list(steps)
    root = Region(None)
    # Where each value is read: in the innermost region that contains all readers.
    home = dict.fromkeys(outputs, root)
    branches: dict[int, tuple[Region, Region]] = {}

    def read(value: int, region: Region) -> None:
        known = home.get(value)
        home[value] = region if known is None else common(known, region)

    for step in paced(reversed(steps)):
        region = home.get(step.out)
        if region is None:
            continue
        if step.op != "ifelse":
            for a in step.args:
                read(a, region)
            continue
        read(step.args[0], region)
        branches[step.out] = Region(region), Region(region)
        for a, branch in zip(step.args[1:], branches[step.out], strict=True):
            read(a, branch)
    for step in paced(steps):
        region = home.get(step.out)
        if region is None:
            continue
        for side, branch in enumerate(branches.get(step.out, ())):
            if branch.weight >= worth:
                region.lines.append(Step("skip", (step.args[0],), 2 * len(branch.lines) + side))
            region.lines += branch.lines
            region.weight += branch.weight
        region.lines.append(step)
        region.weight += WEIGHTS.get(step.op, 1)
    return root.lines


def paired(steps: Sequence[Step], outputs: Collection[int]) -> list[Step]:
    """Return the steps with two sums, products or quotients in one where nothing else reads the first."""
    uses: dict[int, int] = dict.fromkeys(outputs, 2)
    for step in steps:
        for a in step.args:
            uses[a] = uses.get(a, 0) + 1
    # Steps that may become a part of the next one, by position.
    open_steps: dict[int, int] = {}
    found: list[Step | None] = []

    def first_of(step: Step, side: int) -> tuple[int, Step] | None:
        """Return the step that computes an argument, with its position, if it may become a part."""
        at = open_steps.get(step.args[side])
        first = found[at] if at is not None else None
        return None if at is None or first is None else (at, first)

    def positive(step: Step) -> Step:
        """Return a step that reads x where `step` reads -x, as often as there is one."""
        side = 0
        while side < len(step.args):
            before = first_of(step, side)
            name = TURNED.get(step.op, step.op) if side else step.op
            if before is None or before[1].op != "neg" or name not in NEGATED:
                side += 1
                continue
            at, first = before
            found[at] = None
            op, order = NEGATED[name]
            place = {"x": first.args[0], "z": step.args[1 - side]}
            step, side = Step(op, (place[order[0]], place[order[1]]), step.out), 0
        return step

    def joined(step: Step) -> Step:
        """Return a step that contains one of those whose values it reads, itself if there is none."""
        for side in range(len(step.args)):
            before = first_of(step, side)
            name = TURNED.get(step.op, step.op) if side else step.op
            if before is None or f"{FIRST[before[1].op]} {name}" not in CODES:
                continue
            at, first = before
            args = first.args * 2 if first.op == "square" else first.args
            rest = () if name == "neg" else (step.args[1 - side],)
            found[at] = None
            return Step(f"{FIRST[first.op]} {name}", (*args, *rest), step.out)
        return step

    for step in paced(steps):
        if step.op in SECOND:
            step = joined(positive(step))
        if step.op in FIRST and uses.get(step.out) == 1:
            open_steps[step.out] = len(found)
        found.append(step)
    return [s for s in found if s is not None]


def code_of(
    steps: Sequence[Step],
    columns: Sequence[int],
    outputs: Sequence[int],
    written: Sequence[Sequence[int]] = (),
    single: bool = False,
) -> Code:
    """Return the code of steps.

    Args:
        steps: The operations, arguments before their use. "pass" is a pass over rows: it reads `args`; `out` is its number.
        columns: The values that are given at each point. All others that no step computes are the same at all points.
        outputs: The values that are needed, each computed by a step, no two the same.
        written: The values that each pass computes.
        single: Whether the code is for one point at a time: no two steps in one, and no branch that is not taken is computed.
    """
    lines = [*steps] if single else paired(steps, outputs)
    if not written:
        lines = branched(lines, outputs, 1 if single else WORTH)
    computed = {s.out for s in lines if s.op not in ("skip", "pass")}.union(*written)
    register = {value: k for k, value in enumerate(columns)}
    uniforms: list[int] = []
    last: dict[int, int] = {}
    for k, (_, args, _) in enumerate(lines):
        for a in args:
            last[a] = k
            if a not in computed and a not in register:
                register[a] = len(register)
                uniforms.append(a)
    last.update(dict.fromkeys(outputs, len(lines)))
    count = first = len(register)
    free: list[int] = []
    words: list[int] = []
    weight = 0
    passes: list[tuple[int, list[int], list[int]]] = []
    for k, (op, args, out) in enumerate(paced(lines)):
        places = [register[a] for a in args]
        dying = [register[a] for a in dict.fromkeys(args) if last[a] == k and register[a] >= first]
        if op == "pass":
            made = range(count, count + len(written[out]))
            count += len(made)
            register.update(zip(written[out], made, strict=True))
            passes.append((len(words) // 5, places, [*made]))
            free += dying
            continue
        if op == "skip":
            words += (CODES[op], places[0], places[0], places[0], out)
            free += dying
            continue
        weight += WEIGHTS.get(op, 1)
        # A function of the C library does not write to its argument.
        if op not in WEIGHTS:
            free += dying
        if free:
            target = free.pop()
        else:
            target = count
            count += 1
        if op in WEIGHTS:
            free += dying
        register[out] = target
        words += (CODES[op], target, *places, *[places[0]] * (3 - len(places)))
    return Code(
        np.array(words, dtype=np.int32).tobytes(),
        tuple(columns),
        tuple(uniforms),
        max(count, 1),
        np.array([register[o] for o in outputs], dtype=np.int32).tobytes(),
        weight,
        passes,
    )
