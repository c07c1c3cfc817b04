"""Derivatives of random formulas with shapes against differences, and their texts run in R and NumPy.

./dev fuzz --arrays [--count N] [--seconds S] [--seed N] [--depth D], or python -m tests.arrays.fuzz
./dev fuzz --arrays --against jax ...: see against_jax.py

Each failure is printed with the smallest part of the formula that fails in the same way.
"""

import argparse
import math
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import scipy.special
import scipy.stats
from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import derivative_of, reverse_gradient, second_derivative_of
from secantd.errors import CalculusError
from secantd.expression import STRETCHED, Graph, Node, VariableShape, reachable
from secantd.interrupt import OutOfTimeError, run_within
from secantd.language import read
from secantd.language.notation import Notation
from secantd.program import compile_shaped
from secantd.render.arrays import array_text

from . import against_jax
from .in_r import Text, r_values, shape_in_r
from .shaped_formulas import SHAPES, Formulas, K, N, point
from .text import text
from .values import value

__all__ = ["LENGTHS", "Found", "Fuzz", "main"]

# n, k, m: n is never k but for 1, so that a missing transpose is seen.
LENGTHS = [(3, 2, 4), (2, 3, 5), (5, 3, 2), (1, 1, 1), (1, 2, 3), (4, 1, 2)]
# Shapes of formulas: numbers mostly.
RESULTS = [(), (), (), (N,), (), (), (K,), (), (), (N, K)]
BY = ["x", "b", "A", "S", "X", "s", "w", "C"]
# Relative to the largest value: differences with extrapolation, and the rounding of two ways to compute one value.
CLOSE, SAME = 1e-6, 1e-9
LARGEST = 1e6
# For reading one text.
SECONDS = 5.0


@dataclass
class Found:
    """A failure.

    Attributes:
        kind: Which law does not hold.
        seed: The formula.
        what: The formula, the answer and the values.
    """

    kind: str
    seed: str
    what: str


@dataclass
class Fuzz:
    """One run.

    Attributes:
        ends: How often each check was done, skipped or failed.
    """

    ends: Counter[str] = field(default_factory=Counter)
    found: list[Found] = field(default_factory=list)
    r_texts: list[Text] = field(default_factory=list)
    shrinking: bool = False
    refused: Counter[str] = field(default_factory=Counter)
    refusals: dict[str, str] = field(default_factory=dict)
    forms: dict[str, object] = field(default_factory=dict)

    # -- one formula ----------------------------------------------------------------------------------------------------

    def formula(self, seed: str, depth: int, lengths: tuple[int, int, int], shape=()) -> None:
        """Check the derivatives of one formula."""
        written = Formulas(seed)
        output = written.of(shape, depth)
        self.check(written.graph, output, point(*lengths, seed=len(seed)), seed)

    def check(self, graph: Graph, output: Node, at: dict[str, np.ndarray], seed: str) -> list[Found]:
        before = len(self.found)
        for step in (self.values, self.derivatives):
            try:
                if not step(graph, output, at, seed):
                    break
            except Exception as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                self.fails(
                    f"{type(error).__name__} {frame.name}",
                    seed,
                    graph,
                    output,
                    f"{error}\n{traceback.format_exc()[-600:]}",
                )
                break
        new = self.found[before:]
        if new and not self.shrinking:
            self.shrink(graph, output, at, new)
        return new

    def form(self, graph: Graph) -> Arrays:
        """Return the constructors of a graph: one, which knows the names of directions."""
        if self.forms.get("graph") is not graph:
            self.forms = {"graph": graph, "form": Arrays(graph)}
        return self.forms["form"]

    def fails(self, kind: str, seed: str, graph: Graph, output: Node, detail: str) -> None:
        self.ends[f"FAILED {kind}"] += 1
        self.found.append(Found(kind, seed, f"f = {text(output)}\n{detail}"))

    def values(self, graph: Graph, output: Node, at: dict[str, np.ndarray], seed: str) -> bool:
        """Whether a formula has a value that can be differentiated; it is computed in two ways, and that of its light form."""
        with np.errstate(all="ignore"):
            expected = value(graph, output, at)
        if not np.isfinite(expected).all() or np.abs(expected).max(initial=0.0) > LARGEST:
            self.ends["no value"] += 1
            return False
        (found,) = compile_shaped(graph, [output], list(SHAPES))(at)
        if not alike(found, expected, SAME):
            self.fails("value", seed, graph, output, f"{found} instead of {expected}")
            return False
        light = self.form(graph).light(output)
        (found,) = compile_shaped(graph, [light], list(SHAPES))(at)
        if light.shape != output.shape or not alike(found, expected, SAME):
            self.fails("light", seed, graph, output, f"{text(light)}\n{found} instead of {expected}")
            return False
        self.ends["value"] += 1
        self.texts(graph, output, at, found, seed, "f")
        return True

    def derivatives(self, graph: Graph, output: Node, at: dict[str, np.ndarray], seed: str) -> bool:
        form = self.form(graph)
        names = {n.name for n in reachable([output]) if n.op == "symbol"}
        for name in [v for v in BY if v in names]:
            variable = graph.symbol(name, SHAPES[name])
            first = derivative_of(form, output, variable)
            found = self.derivative(graph, output, variable, first, at, seed, f"d/d{name}")
            if found is None or output.shape:
                continue
            gradient = reverse_gradient(form, output, variable)
            for other in [v for v in BY if v in names]:
                by = graph.symbol(other, SHAPES[other])
                second = second_derivative_of(form, output, variable, by)
                self.derivative(graph, gradient, by, second, at, seed, f"d2/d{name} d{other}")
        return True

    def derivative(self, graph, output, variable, answer, at, seed, title) -> np.ndarray | None:
        """Compare a derivative, or a differential, with differences along a direction; return its value."""
        wanted = output.shape if answer.direction else (*output.shape, *variable.shape)
        if answer.node.shape != wanted:
            self.fails("shape", seed, graph, output, f"{title}: {text(answer.node)}\n{answer.node.shape}")
            return None
        step = direction(variable.name, at[variable.name], graph)
        extended = at if answer.direction is None else {**at, answer.direction.name: step}
        shapes = [*SHAPES, *([answer.direction.name] if answer.direction else [])]
        (found,) = compile_shaped(graph, [answer.node], shapes)(extended)
        found = np.asarray(found)
        if not np.isfinite(found).all() or np.abs(found).max(initial=0.0) > LARGEST:
            self.ends["no finite derivative"] += 1
            return None
        slope = found if answer.direction else along(found, step)
        program = compile_shaped(graph, [output], list(SHAPES))
        difference, error = extrapolated(
            lambda t: np.asarray(program({**at, variable.name: at[variable.name] + t * step})[0])
        )
        scale = 1.0 + np.abs(difference).max(initial=0.0)
        if not np.isfinite(difference).all() or error > 1e-5 * scale:
            self.ends["differences undecided"] += 1
        elif not np.abs(slope - difference).max(initial=0.0) <= CLOSE * scale + 10 * error:
            self.fails(
                "derivative" if title.startswith("d/") else "second derivative",
                seed,
                graph,
                output,
                f"{title} = {text(answer.node)}\n{slope} instead of {difference}",
            )
            return None
        else:
            self.ends["derivative" if answer.direction is None else "differential"] += 1
        self.texts(graph, answer.node, extended, found, seed, f"{title} of {text(output)}")
        return found

    # -- texts ----------------------------------------------------------------------------------------------------------

    def texts(self, graph: Graph, node: Node, at, found, seed: str, title: str) -> None:
        """Run the text for NumPy and keep that for R."""
        if not np.isfinite(found).all():
            return
        python = array_text(graph, node, Notation.PYTHON)
        in_r = array_text(graph, node, Notation.R)
        array_text(graph, node, Notation.LATEX)
        for notation, source in ((Notation.R, in_r), (Notation.PYTHON, python)):
            self.read_back(source, notation, graph, node, at, found, seed, title)
        try:
            result = run_python(python, at)
        except Exception as error:
            self.fails("python", seed, graph, node, f"{title}\n{python}\n{type(error).__name__} {error}")
            return
        if not alike(result, found, SAME):
            self.fails("python", seed, graph, node, f"{title}\n{python}\n{result} instead of {found}")
        self.ends["python"] += 1
        self.r_texts.append(Text(seed, f"{title}\n{text(node)}", in_r, np.asarray(found), at))

    def read_back(self, source, notation, graph, node, at, found, seed: str, title: str) -> None:
        """Read a text as the service does."""
        kind = notation.name.lower()
        shapes = {
            n.name: VariableShape(
                tuple(d if isinstance(d, int) else str(d) for d in n.shape), n.name in graph.symmetric
            )
            for n in graph.nodes
            if n.op == "symbol"
        }
        try:
            function = run_within(SECONDS, lambda: read(source, notation, shapes=shapes))
            values = with_components(at)
            names = [n.name for n in function.graph.nodes if n.op == "symbol" and n.name in values]
            results = compile_shaped(function.graph, function.outputs, names)(values)
        except OutOfTimeError:
            self.fails(f"{kind} is never read", seed, graph, node, f"{title}\n{source}")
            return
        except CalculusError as error:
            reason = f"{kind}: {re.sub('[0-9]+', '0', str(error).splitlines()[0])}"
            self.refused[reason] += 1
            self.refusals.setdefault(reason, source)
            return
        result = np.asarray(results[0] if len(results) == 1 else results)
        if not alike(result.ravel(), np.asarray(found).ravel(), SAME):
            self.fails(f"{kind} read back", seed, graph, node, f"{title}\n{source}\n{result} instead of {found}")
        self.ends[f"{kind} read back"] += 1

    def run_r(self) -> None:
        """Run the texts for R that were kept."""
        texts, self.r_texts = self.r_texts, []
        for t, (shape, values) in zip(texts, r_values(texts), strict=True):
            if isinstance(values, str):
                problem = values
            elif shape_in_r(t.value) not in (shape, ()) and not (t.value.ndim == 1 and shape == (len(t.value), 1)):
                problem = f"shape {shape} instead of {t.value.shape}"
            elif values.size != t.value.size or not alike(values, t.value.ravel("F"), SAME):
                problem = f"{values} instead of {t.value.ravel('F')}"
            else:
                self.ends["r"] += 1
                continue
            self.ends["FAILED r"] += 1
            self.found.append(Found("r", t.seed, f"{t.formula}\n{t.text}\n{problem}"))

    # -- smallest failures ----------------------------------------------------------------------------------------------

    def shrink(self, graph: Graph, output: Node, at: dict[str, np.ndarray], found: list[Found]) -> None:
        """Replace each failure by that of the smallest part of the formula that fails in the same way."""
        for failure in found[:20]:
            for part in reachable([output]):
                if part is output:
                    break
                if STRETCHED in part.shape:
                    continue
                inner = Fuzz(shrinking=True, forms=self.forms)
                tries = [part] if not part.shape else [part, graph.make("sum", part)]
                smaller = [f for t in tries for f in inner.check(graph, t, at, failure.seed) if f.kind == failure.kind]
                if smaller:
                    self.found[self.found.index(failure)] = smaller[0]
                    break


def with_components(at: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return a point that has the entries of vectors by their names, too: x[1]."""
    vectors = [(name, v) for name, v in at.items() if np.ndim(v) == 1]
    return {**at, **{f"{name}[{i + 1}]": x for name, v in vectors for i, x in enumerate(v)}}


def direction(name: str, like: np.ndarray, graph: Graph) -> np.ndarray:
    """Return a direction in which a variable changes; that of a symmetric matrix is symmetric."""
    step = np.random.default_rng(sum(map(ord, name))).normal(size=np.shape(like))
    return step + step.T if name in graph.symmetric else step


def along(derivative: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Return the slope along a direction."""
    return np.tensordot(derivative, step, np.ndim(step))


def extrapolated(f: Callable[[float], np.ndarray]) -> tuple[np.ndarray, float]:
    """Return f'(0) by central differences with extrapolation to h = 0, and an estimate of its error."""
    with np.errstate(all="ignore"):
        table = [(f(h) - f(-h)) / (2 * h) for h in (2.0**-6, 2.0**-7, 2.0**-8, 2.0**-9)]
        before = table
        for order in (1, 2, 3):
            before = table
            table = [b + (b - a) / (4.0**order - 1) for a, b in pairwise(table)]
        return table[0], float(np.abs(table[0] - before[-1]).max(initial=0.0))


def alike(a: object, b: object, bound: float) -> bool:
    """Whether two values have one shape and differ by at most `bound` of the largest entry."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        return False
    return bool(np.abs(a - b).max(initial=0.0) <= bound * max(1.0, np.abs(b).max(initial=0.0)))


def run_python(source: str, at: dict[str, np.ndarray], more: Mapping[str, object] = MappingProxyType({})) -> np.ndarray:
    """Return the value of a text in NumPy's notation; `more` are other names it may use."""
    names = {name: v.astype(int) if name == "g" else float(v) if not v.ndim else v for name, v in at.items()}
    with np.errstate(all="ignore"):
        return np.asarray(eval(source, {**more, "np": np, "scipy": scipy, "math": math, **names}), dtype=float)


def main(given: list[str] | None = None) -> int:
    """Return 1 where something was found."""
    given = sys.argv[1:] if given is None else given
    if given[:2] == ["--against", "jax"]:
        return against_jax.main(given[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10**12)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", default=str(time.time_ns() % 1_000_000))
    parser.add_argument("--depth", type=int, default=0, help="of the formulas; 0: 2 to 4")
    arguments = parser.parse_args(given)
    fuzz, began, shown, done = Fuzz(), time.monotonic(), Counter[str](), 0
    try:
        for done in range(arguments.count):
            seed = f"{arguments.seed} {done}"
            fuzz.formula(
                seed, arguments.depth or 2 + done % 3, LENGTHS[done % len(LENGTHS)], RESULTS[done % len(RESULTS)]
            )
            over = time.monotonic() - began > arguments.seconds
            if len(fuzz.r_texts) > 2000 or over or done == arguments.count - 1:
                fuzz.run_r()
            for failure in fuzz.found[sum(shown.values()) :]:
                shown[failure.kind] += 1
                if shown[failure.kind] <= 5:
                    print(f"\n{failure.kind}, seed {failure.seed}\n{failure.what}", flush=True)
            if over:
                break
    except KeyboardInterrupt:
        pass
    print(f"\nseed {arguments.seed}: {done + 1:,} formulas in {time.monotonic() - began:.0f} s")
    for end, count in sorted(fuzz.ends.items()):
        print(f"  {count:8,} {end}")
    for reason, count in fuzz.refused.most_common(25):
        print(f"  {count:8,} {reason}\n           {fuzz.refusals[reason][:300]}")
    return 1 if fuzz.found else 0


if __name__ == "__main__":
    sys.exit(main())
