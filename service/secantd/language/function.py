"""What reading a text gives."""

from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from secantd.expression import Graph, Node
from secantd.language.notation import Notation

__all__ = ["Function"]


@dataclass(frozen=True, slots=True)
class Function:
    """A function as expressions of its variables.

    Attributes:
        graph: Where the nodes live; derivatives are added to it.
        outputs: One node for each component, as the text computes them: nothing is simplified.
        vector: Whether the text is a vector, be it of one component.
        variables: The parameters of a `function(x, y)`, else the free names in order of first appearance.
        notation: R or PYTHON: what the text was read as, and so the default notation of answers.
        notices: What a reader should know.
        used: The variables that occur in the outputs.
        settled: Parameters that have a default, and so are no variables.
        memory: What was derived from the function before, by what was asked; `lock` guards it and the graph.
    """

    graph: Graph
    outputs: tuple[Node, ...]
    vector: bool
    variables: tuple[str, ...]
    notation: Notation
    notices: tuple[str, ...] = field(default=())
    settled: tuple[str, ...] = field(default=())
    used: frozenset[str] = field(default=frozenset())
    memory: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    lock: RLock = field(default_factory=RLock, compare=False, repr=False)
