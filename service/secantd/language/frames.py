"""What the interpreter keeps of code that is being run."""

from dataclasses import dataclass, field

from secantd.expression import Node
from secantd.language.code import Code
from secantd.language.values import Environment, Promise, Value

__all__ = ["Frame", "Outcome"]


@dataclass(slots=True, eq=False)
class Frame:
    """Some code being run.

    `kind` is "call", "branch", "block" (a branch whose condition is known), "loop" or "promise". `pending` are the returns taken under a condition
    so far: the first whose condition holds is the value of the call.
    """

    kind: str
    code: Code
    environment: Environment
    pending: list[tuple[Node, Value]]
    at: int = 0
    name: str = ""
    # A branch: its condition, the code of the other side, and what the first side left.
    condition: Node | None = None
    otherwise: Code | None = None
    before: dict[str, Value | Promise] | None = None
    first: "Outcome | None" = None
    # A loop: what is still to come, last first.
    items: list[Value] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """How one side of a branch ended."""

    value: Value
    returned: bool
    pending: list[tuple[Node, Value]]
    values: dict[str, Value | Promise]
