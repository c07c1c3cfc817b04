"""Many certificates in one process of Coq, which loads the libraries once."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache

__all__ = ["accepted", "installed"]

# Seconds for one sentence of a file.
SECONDS = 60
LOADED = "From Coq Require Import Reals Lra Lia ZArith Psatz.\nFrom Coquelicot Require Import Coquelicot.\nFrom Interval Require Import Tactic.\n"


@cache
def installed() -> bool:
    """Whether Coq is installed, with the libraries that certificates need."""
    if shutil.which("coqtop") is None:
        return False
    done = subprocess.run(["coqtop", "-q", "-quiet"], input=LOADED, capture_output=True, text=True, check=False)
    return "Error" not in done.stdout + done.stderr


def accepted(files: Sequence[str], command: Sequence[str] = ("coqtop",)) -> list[str]:
    """Return for each certificate "" if Coq accepts it, else its first complaint.

    Each file is checked sentence by sentence as `coqc` does, but libraries are loaded before the first one, and what a file defines is
    forgotten after it.

    Args:
        files: The certificates.
        command: The program, `coqtop`.
    """
    text = [LOADED, f"Set Default Timeout {SECONDS}.\n"]
    for i, file in enumerate(files):
        # A file without a proof that ends would hide those after it.
        text.append(f'Goal True. idtac "BEGIN {i}". exact I. Qed.\nLemma mark_{i} : True. Proof. exact I. Qed.\n')
        text.append(re.sub(r"^(From|Require) .*?\.$", "", file, flags=re.MULTILINE))
        text.append(f'\nAbort All.\nGoal True. idtac "END {i}". exact I. Qed.\nReset mark_{i}.\n')
    done = subprocess.run(
        [*command, "-q", "-quiet"],
        input="".join(text),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    found = []
    for i, file in enumerate(files):
        inside = re.search(rf"BEGIN {i}\n(.*?)END {i}\n", done.stdout, re.DOTALL)
        if inside is None:
            found.append("Coq ended before it")
            continue
        # "Abort All" complains that no proof is open, as it has to.
        errors = [e.strip() for e in re.findall(r"Error:(.*?)(?=\n\n|\Z)", inside[1], re.DOTALL)]
        real = [
            " ".join(e.split())[:200]
            for e in errors
            if "No focused proof" not in e and "no open proof" not in e.lower()
        ]
        stated = len(re.findall(r"^Theorem ", file, re.MULTILINE))
        found.append(real[0] if real else "" if stated else "no theorem")
    return found
