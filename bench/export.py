"""The R function that Export writes, beside those of R's Deriv and stats::deriv: ./dev bench export

All run in one R, in turns. Secant's and stats::deriv's compute f and its gradient, Deriv's only the gradient.
"""

import tempfile
from pathlib import Path

import numpy as np
from secantd.export import export
from secantd.language import Notation, read

from bench.common import OURS, Effort, Row, Section, main, turns
from bench.environments import enter, rival

__all__ = ["measure"]

CASES = (
    "x*exp(-x^2 - y^2)",
    "100*(y - x^2)^2 + (1 - x)^2",
    "exp((x - y)^2/z^2)/(1 + x^2)",
    "dnorm(x, y, exp(z), log = TRUE) + log(1 + exp(x*y))",
    "a*exp(-b*x) + c*exp(-d*x)*sin(w*x + p)",
)


def measure(effort: Effort) -> Section:
    """Return the microseconds of a call of each function in R."""
    section = Section(
        "export", "Exported R code", "One call of each function in R, compiled by `cmpfun`, at vectors of points.", "us",
        goals={"R Deriv": 10},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, rival("host.R", "Deriv") as r:
        for i, text in enumerate(CASES[: effort.pick(5, 5, 2)]):
            path = str(Path(folder) / f"f{i}.R")
            Path(path).write_text(export(read(text), text, (), [Notation.R], 1).codes[0].text)
            for points in effort.pick((1, 1_000, 100_000), (1, 1_000), (3,)):
                own: list[float] = []
                contestants = {OURS: enter(r, "exported", own.extend, path=path, points=points)}

                def right(answer: list[float], own: list[float] = own) -> None:
                    np.testing.assert_allclose(answer, own, 1e-9)

                contestants["R Deriv"] = enter(r, "DerivFunction", right, path=path, points=points, text=text)
                contestants["R deriv()"] = enter(r, "derivFunction", right, path=path, points=points, text=text)
                cells = turns(contestants, effort.pick(15, 5, 1), effort.pick(2.0, 0.5, 0.1))
                section.rows.append(Row(f"`{text}`, {points:,} point{'s'[: points > 1]}", cells))
    return section


if __name__ == "__main__":
    main(measure)
