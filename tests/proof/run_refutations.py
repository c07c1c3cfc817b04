"""python tests/proof/run_refutations.py [--cases FILE.tsv ...] [--coqtop COMMAND] [--each] [--keep FOLDER] [--step N]

The share of wrong claims whose certificate Coq accepts. Each statement is read back and compared with the claim beforehand.
"""

import argparse
import shlex
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))


def main() -> int:
    """Print the shares and what was not accepted; the exit code is 1 if less than 95 % were accepted."""
    from proof.coq import accepted
    from proof.refutations import refuted
    from proof.wrong_claims import cases, golden, seeds, textbook
    from secantd.errors import CalculusError
    from secantd.proof.errors import NoCertificateError

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, nargs="*", default=[])
    parser.add_argument("--coqtop", default="coqtop", help="the program, as in 'chroot FOLDER coqtop'")
    parser.add_argument("--each", action="store_true", help="run coqc once for each file, and print its time")
    parser.add_argument("--keep", type=Path, help="write the certificates into this folder")
    parser.add_argument("--step", type=int, default=1, help="of the formulas of books, only each N-th")
    given = parser.parse_args()
    groups = {"source material": seeds(), "books": textbook(given.step), "tables": golden()}
    groups |= {path.name: cases(path) for path in given.cases}
    least = 1.0
    for group, claims in groups.items():
        count: Counter[str] = Counter()
        files, sizes, about, printing = [], [], [], 0.0
        for text, claimed, variable, notation, order in claims:
            start = time.perf_counter()
            name = f"{text} | {claimed}"
            try:
                found = refuted(text, claimed, variable, notation, order)
            except NoCertificateError as error:
                count["no certificate"] += 1
                print(f"  none: {name}: {error}")
                continue
            except AssertionError as error:
                count["another statement"] += 1
                print(f"  another statement: {name}: {error}")
                continue
            except CalculusError as error:
                count["refused"] += 1
                print(f"  refused: {name}: {error.headline}")
                continue
            printing += time.perf_counter() - start
            if found is None:
                count["not refuted"] += 1
            elif not found[0].coq:
                count["intervals only"] += 1
                print(f"  {name}: {found[1]}")
            else:
                files.append(found[0].coq)
                sizes.append(len(found[0].coq))
                about.append(name)
        start = time.perf_counter()
        results = each(files) if given.each else accepted(files, shlex.split(given.coqtop))
        seconds = time.perf_counter() - start
        for i, (result, name) in enumerate(zip(results, about, strict=True)):
            count["accepted" if not result else "rejected"] += 1
            if result:
                print(f"  rejected: {name}: {result}")
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{group.replace(' ', '_')}_{i}.v").write_text(files[i], encoding="ascii")
        all_of = sum(count.values()) - count["not refuted"] - count["refused"]
        share = count["accepted"] / all_of if all_of else 1.0
        least = min(least, share)
        print(
            f"{group}: {count['accepted']} of {all_of} accepted ({share:.1%}); {dict(count)}; {seconds / max(len(files), 1):.2f} s each in Coq, "
            f"{sum(sizes) / max(len(sizes), 1) / 1000:.1f} kB each, at most {max(sizes, default=0) / 1000:.1f} kB",
            flush=True,
        )
    return least < 0.95


def each(files: list[str]) -> list[str]:
    """Return for each certificate what `coqc` complains about, "" if nothing."""
    import tempfile

    found = []
    for text in files:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "c.v").write_text(text, encoding="ascii")
            done = subprocess.run(["coqc", "-q", "c.v"], cwd=folder, capture_output=True, text=True, check=False)
            found.append("" if done.returncode == 0 else done.stderr.partition("Error:")[2][:200] or "failed")
    return found


if __name__ == "__main__":
    sys.exit(main())
