"""Code of a plan in a language whose arrays are computed element by element: each run is one loop."""

from abc import abstractmethod

from secantd.export.arrays.loopwriter import LoopWriter
from secantd.export.arrays.plan import LEAVES, Run
from secantd.export.arrays.stores import STORES
from secantd.export.arrays.vectors import Written
from secantd.export.arrays.views import VIEWS
from secantd.export.language import Template
from secantd.expression import Node

__all__ = ["FACTORING", "RolledWriter"]

# Operations of which each language has its own.
FACTORING = frozenset({"inverse", "solve", "det", "logdet"})


class RolledWriter(LoopWriter):
    """The walk over one plan."""

    VIEWS = VIEWS
    STORES = STORES

    def written(self) -> Written:
        """Return the code."""
        self.masks = {mask.index: name for name, mask in self.plan.masks.items()}
        for node in self.plan.nodes:
            if node.op in LEAVES and node.index in self.masks:
                self._count(node)
        for step in self.plan.steps:
            if isinstance(step, Run):
                self._run(step)
                made = step.nodes
            else:
                self._operation(step.node)
                made = [step.node]
            for node in made:
                if node.index in self.masks:
                    self._count(node)
        outputs = [self.result(k, node) for k, node in enumerate(self.plan.outputs)]
        return Written(self.lines, outputs)

    @abstractmethod
    def result(self, number: int, node: Node) -> str:
        """Write the lines that give the caller an output, and return its text."""

    @abstractmethod
    def factoring(self, node: Node) -> None:
        """Write an operation of `FACTORING`."""

    # -- steps

    def _operation(self, node: Node) -> None:
        if node.op in self.STORES:
            self.STORES[node.op](self, node)
        elif node.op in FACTORING:
            self.factoring(node)
        elif not node.shape:
            self.text[node.index] = self.let(self.VIEWS[node.op](self, node, "", ""))

    def _count(self, mask: Node) -> None:
        name = self.sizes.name(self.masks[mask.index])
        self.line(self.counter(name, "0"))
        i = self.names["i"]
        with self.loop(i, self.side(mask.shape[0])), self.block(self.if_(f"{self.at(mask, i)} != 0")):
            self.add(name, "1")

    def _run(self, run: Run) -> None:
        templates = self.language.templates
        names = {n.index: self.memory(n.shape) for n in run.outputs} if run.shape else {}
        sums = {}
        for r in run.reductions:
            sums[r.index] = self.temp()
            self.line(templates[f"begin {r.op}"].text.replace("{0}", sums[r.index]))
        with self.each(run.shape) as (i, j):
            texts = self._body(run, i, j)
            for node, text in zip(run.outputs, texts, strict=False):
                if run.shape:
                    self.set(self.element(names[node.index], node.shape, i, j), text)
                else:
                    self.text[node.index] = text if self._plain(text) else self.let(text)
            for r, text in zip(run.reductions, texts[len(run.outputs) :], strict=True):
                step = templates[f"step {r.op}"].text
                self.line(step.replace("{0}", sums[r.index]).replace("{1}", text))
        self.text.update(names)
        for r in run.reductions:
            result = templates.get(f"end {r.op}", Template("{0}")).text.replace("{0}", sums[r.index])
            self.text[r.index] = result if result == sums[r.index] else self.let(result)

    def _plain(self, text: str) -> bool:
        return text.isidentifier() or text.replace(".", "").isdigit()

    def _body(self, run: Run, i: str, j: str) -> list[str]:
        """Write the statements of one element, and return the texts of the outputs and of what is reduced."""
        return self.computed(run.tape(), [self.broadcast(n, run.shape, i, j) for n in run.inputs])
