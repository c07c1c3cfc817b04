"""What the interpreter keeps of code that is being run."""

from secantd.expression import Node
from secantd.language.code import Code
from secantd.language.values import Environment, Promise, Value

__all__ = ["Frame", "Outcome"]


class Frame:
    """Some code being run.

    `kind` is "call", "branch", "block" (a branch whose condition is known), "loop" or "promise". `pending` are the returns taken under a condition
    so far: the first whose condition holds is the value of the call.
    """

    __slots__ = (
        "at", "before", "code", "condition", "environment", "first", "items", "kind", "name", "otherwise", "pending",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        code: Code,
        environment: Environment,
        pending: list[tuple[Node, Value]],
        at: int = 0,
        name: str = "",
        condition: Node | None = None,
        otherwise: Code | None = None,
        before: dict[str, Value | Promise] | None = None,
        items: list[Value] | None = None,
    ) -> None:
        self.kind = kind
        self.code = code
        self.environment = environment
        self.pending = pending
        self.at = at
        self.name = name
        # A branch: its condition, the code of the other side, and what the first side left.
        self.condition = condition
        self.otherwise = otherwise
        self.before = before
        self.first: Outcome | None = None
        # A loop: what is still to come, last first.
        self.items: list[Value] = items or []


class Outcome:
    """How one side of a branch ended."""

    __slots__ = ("pending", "returned", "value", "values")

    def __init__(
        self, value: Value, returned: bool, pending: list[tuple[Node, Value]], values: dict[str, Value | Promise]
    ) -> None:
        self.value = value
        self.returned = returned
        self.pending = pending
        self.values = values
