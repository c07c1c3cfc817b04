"""The interpreter's call stack: one frame for each piece of code that is running."""

from secantd.expression import Node
from secantd.language.instructions import Instructions
from secantd.language.values import Environment, Promise, Value

__all__ = ["BranchResult", "Frame"]


class Frame:
    """A piece of code that is running.

    `kind` is "call", "branch", "block" (a branch whose condition is known), "loop" or "promise". `pending` are the
    conditional returns so far, as (condition, value): the first whose condition holds is the value of the call.
    """

    __slots__ = (
        "at", "before", "code", "condition", "environment", "first", "items", "kind", "name", "otherwise", "pending",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        code: Instructions,
        environment: Environment,
        pending: list[tuple[Node, Value]],
        at: int = 0,
        name: str = "",
        condition: Node | None = None,
        otherwise: Instructions | None = None,
        before: dict[str, Value | Promise] | None = None,
        items: list[Value] | None = None,
    ) -> None:
        self.kind = kind
        self.code = code
        self.environment = environment
        self.pending = pending
        self.at = at
        self.name = name
        # A branch: its condition, the code of the other side, and the result of the first side.
        self.condition = condition
        self.otherwise = otherwise
        self.before = before
        self.first: BranchResult | None = None
        # A loop: the remaining items, last first.
        self.items: list[Value] = items or []


class BranchResult:
    """The result of one side of a branch: its value, its returns and its variables."""

    __slots__ = ("pending", "returned", "value", "values")

    def __init__(
        self, value: Value, returned: bool, pending: list[tuple[Node, Value]], values: dict[str, Value | Promise]
    ) -> None:
        self.value = value
        self.returned = returned
        self.pending = pending
        self.values = values
