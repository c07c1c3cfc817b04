"""What reading a text gives."""

from dataclasses import dataclass, field

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
        settled: Parameters that have a default, and so are no variables.
    """

    graph: Graph
    outputs: tuple[Node, ...]
    vector: bool
    variables: tuple[str, ...]
    notation: Notation
    notices: tuple[str, ...] = field(default=())
    settled: tuple[str, ...] = field(default=())
