"""The R function that Export writes, beside the one that R's Deriv returns and the one of stats::deriv.

    ./dev bench export [--rounds N]

All run in one R, in turns, at one point and at vectors of points. Ours and stats::deriv's compute f and its gradient,
Deriv's only the gradient. What is printed are medians and their ratio to ours.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from secantd.export import export
from secantd.language import Notation, read

CASES = (
    "x*exp(-x^2 - y^2)",
    "100*(y - x^2)^2 + (1 - x)^2",
    "exp((x - y)^2/z^2)/(1 + x^2)",
    "dnorm(x, y, exp(z), log = TRUE) + log(1 + exp(x*y))",
    "a*exp(-b*x) + c*exp(-d*x)*sin(w*x + p)",
)
POINTS = (1, 1_000, 100_000)

SCRIPT = """
suppressWarnings(suppressPackageStartupMessages(library(Deriv)))
rounds <- {rounds}
cases <- list({cases})
seconds <- function(call, times) {{
  # Nobody pays for another's garbage.
  gc(FALSE)
  begun <- Sys.time()
  for (k in seq_len(times)) call()
  as.numeric(Sys.time() - begun, units = "secs") / times
}}
compact <- function(f) compiler::cmpfun(f)
for (i in seq_along(cases)) {{
  text <- cases[[i]]
  source(sprintf("f%d.R", i))
  names <- names(formals(f))
  ours <- compact(f)
  body <- parse(text = text)[[1]]
  plain <- as.function(c(formals(f), body))
  theirs <- compact(Deriv::Deriv(plain, names))
  # stats::deriv knows dnorm and no further arguments of it.
  base <- tryCatch(compact(stats::deriv(body, names, function.arg = names)), error = function(e) NULL)
  for (n in c({points})) {{
    set.seed(n)
    at <- lapply(names, function(name) runif(n, 0.2, 1.5))
    rivals <- list(ours = function() do.call(ours, at), Deriv = function() do.call(theirs, at))
    if (!is.null(base)) rivals$deriv <- function() do.call(base, at)
    # Deriv's gradient is one vector, all points of a variable together.
    right <- as.numeric(rivals$Deriv())
    stopifnot(abs(as.numeric(attr(rivals$ours(), "gradient")) - right) <= 1e-9 * pmax(1, abs(right)))
    times <- max(1L, as.integer(2000 / n))
    found <- sapply(seq_len(rounds), function(k) sapply(rivals, seconds, times))
    shown <- apply(found, 1, median)
    cat(sprintf("%-52s %7d", text, n), sprintf("%10.2f", shown * 1e6),
        sprintf("%6.1fx", shown[-1] / shown[1]), "\\n")
    cat("ratio", n, shown[["Deriv"]] / shown[["ours"]], "\\n", file = "ratios", append = TRUE)
  }}
}}
"""


def main(rounds: int) -> None:
    """Write the functions, and let R time them."""
    if shutil.which("Rscript") is None:
        sys.exit("R is not installed: ./dev setup")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for i, text in enumerate(CASES, 1):
            code = export(read(text), text, (), [Notation.R], 1).codes[0].text
            (folder / f"f{i}.R").write_text(code)
        cases, points = ", ".join(f'"{c}"' for c in CASES), ", ".join(map(str, POINTS))
        (folder / "run.R").write_text(SCRIPT.format(rounds=rounds, cases=cases, points=points))
        print(f"{'formula':52} {'points':>7} {'us: ours, Deriv, stats::deriv':>32}   rival / ours", flush=True)
        subprocess.run(["Rscript", "--vanilla", "run.R"], cwd=folder, check=True)
        lines = (folder / "ratios").read_text().split("\n")
    rows = [line.split() for line in lines if line]
    for n in POINTS:
        ratios = sorted(float(row[2]) for row in rows if int(float(row[1])) == n)
        print(
            f"Deriv's function takes {ratios[len(ratios) // 2]:.1f} times ours at {n:,} points (median over formulas)"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    main(parser.parse_args().rounds)
