"""The share of certificates that Coq accepts: `python tests/proof/accepted.py [FILE.tsv ...]`.

Each file is a table of claims of users, or of formulas of books, whose own derivatives are then the claims. Without files: the
examples of the course and tests/oracle/textbook.tsv. Theorems are checked in one process of Coq.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).parent))
from right_claims import Case, book, claims, seeds

BOOK = Path(__file__).parent.parent / "oracle" / "textbook.tsv"
# Claims for one process.
FRESH = 100
# Seconds for one step of a proof.
STEP = 40


class Coq:
    """A process of Coq that has read the preamble; it checks one theorem after another."""

    def __init__(self) -> None:
        from secantd.proof.lemmas import HEAD, LEMMAS

        self.process = subprocess.Popen(
            ["coqtop", "-quiet", "-q", "-w", "none"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, cwd=tempfile.gettempdir(),
        )  # fmt: skip
        self.count = 0
        self.ask(HEAD + "".join(LEMMAS.values()) + f"Set Default Timeout {STEP}.\n")

    def ask(self, text: str) -> str:
        """Return what Coq prints about commands."""
        self.count += 1
        end = f"end_{self.count}"
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{text}\nLocate {end}.\n")
        self.process.stdin.flush()
        return self.until(self.process.stdout, end)

    def until(self, output: IO[str], end: str) -> str:
        """Return the lines before one that names the end."""
        lines = []
        for line in output:
            if f"No object of basename {end}" in line:
                break
            lines.append(line)
        return "".join(lines)

    def accepts(self, certificate: str) -> str:
        """Return "" if all theorems of a certificate are accepted, else the error."""
        theorems = certificate[re.search(r"^Theorem ", certificate, re.MULTILINE).start() :]  # type: ignore[union-attr]
        theorems = theorems[: theorems.index("\nPrint Assumptions")]
        for theorem in re.split(r"\n(?=\(\* )", theorems):
            self.count += 1
            name = f"statement_{self.count}"
            text = re.sub(r"^Theorem \w+", f"Theorem {name}", theorem, count=1, flags=re.MULTILINE)
            found = self.ask(f"{text}\nAbort All.\nCheck {name}.\n")
            if not re.search(rf"\b{name}\s*\n\s+: ", found):
                error = re.search(r"Error:(.|\n)*?\n\n", found)
                return error[0].strip() if error else found[-300:] or "no answer"
        return ""

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def certificate_of(case: Case) -> str:
    """Return the certificate of a case."""
    import numpy as np
    from secantd.calculus.derivative import light_derivative
    from secantd.calculus.lightforms import exact_form
    from secantd.calculus.variables import chosen_variables
    from secantd.check.claimed import claims as claimed_nodes
    from secantd.language import Notation, read
    from secantd.proof.derivatives import certificate, statements

    data = {k: np.array(v, dtype=float) for k, v in json.loads(case.data).items()} if case.data else {}
    notation = Notation.PYTHON if case.notation == "PYTHON" else None
    f = read(case.text, notation, data=data)
    variables = chosen_variables(f, case.variables, [])
    if case.claim:
        nodes = claimed_nodes(f, read(case.claim, notation, data=data), variables)
    else:
        nodes = tuple([exact_form(f, light_derivative(f, f.outputs[0], [v])) for v in variables])
    return certificate(f.graph, statements(f.outputs[0], nodes, variables, 1)).coq


def measured(cases: Sequence[Case], verbose: bool) -> None:
    """Print the share of certificates that are accepted, and those that are not."""
    from secantd.errors import CalculusError
    from secantd.proof.errors import NoCertificateError

    coq = Coq()
    refused: list[tuple[Case, str]] = []
    failed: list[tuple[Case, str]] = []
    made: list[float] = []
    times: list[float] = []
    sizes: list[int] = []
    for i, case in enumerate(cases):
        if i and not i % FRESH:
            # Definitions and proofs fill memory.
            coq.close()
            coq = Coq()
        start = time.perf_counter()
        try:
            text = certificate_of(case)
        except (NoCertificateError, CalculusError) as error:
            refused.append((case, str(error).split("\n")[0]))
            continue
        middle = time.perf_counter()
        error_text = coq.accepts(text)
        end = time.perf_counter()
        if error_text:
            failed.append((case, error_text))
        else:
            made.append(middle - start)
            times.append(end - middle)
            sizes.append(len(text))
        if verbose:
            print(f"{end - middle:6.2f} s  {len(text):6d}  {case.text}  {case.variables}", flush=True)
    coq.close()
    theory = [r for r in refused if "no theory" in r[1]]
    accepted, count = len(times), len(cases)
    elementary = count - len(theory)
    print(f"{count} claims; {len(theory)} beyond what has a theory; of {elementary} others accepted {accepted}", end="")
    print(
        f" ({100 * accepted / max(1, elementary):.1f} %), not accepted {len(failed)}, refused {len(refused) - len(theory)}"
    )
    if times:
        for what, values, unit in (("made in", made, "s"), ("checked in", times, "s"), ("characters", sizes, "")):
            ordered = sorted(values)
            print(f"  {what}: median {ordered[len(ordered) // 2]:.4g} {unit}, largest {ordered[-1]:.4g} {unit}")
    for title, group in (("refused", [r for r in refused if r not in theory]), ("not accepted", failed)):
        for case, why in group:
            print(f"  {title}: {case.name} | {case.text} | {' '.join(case.variables)} | {case.claim}\n      {why}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="tables of claims or of formulas")
    parser.add_argument("--verbose", action="store_true", help="print each certificate's time and size")
    parser.add_argument("--every", type=int, default=1, help="only every n-th formula")
    given = parser.parse_args()
    groups: list[tuple[str, list[Case]]] = []
    if not given.files:
        groups += [("course", list(seeds())), ("books", list(book(BOOK)))]
    for file in given.files:
        users = file.read_text().startswith("id\t")
        groups.append((file.name, list(claims(file) if users else book(file))))
    for name, cases in groups:
        print(f"== {name}", flush=True)
        measured(cases[:: given.every], given.verbose)


if __name__ == "__main__":
    main()
