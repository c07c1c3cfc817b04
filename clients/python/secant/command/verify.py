"""Certificates checked by Coq where it is installed."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

__all__ = ["INSTALL", "VerificationError", "forbidden", "verified"]

# Seconds for one certificate: a hundred times what most take.
SECONDS = 120.0
INSTALL = (
    "install Coq with Coquelicot and Interval; Debian and Ubuntu: apt-get install coq libcoq-coquelicot libcoq-interval"
)
# A file from a server may begin sentences with these words. Others could write files (Redirect, Extraction), run programs, or
# assume what is to be proved (Axiom).
ALLOWED = frozenset("From Require Open Lemma Theorem Corollary Definition Proof Qed Defined Ltac Print Check".split())
SETTINGS = frozenset(('Set Warnings "-all"', 'Set Warnings "-ambiguous-paths"'))
# The libraries; others could be files of this machine.
LIBRARIES = re.compile(
    r"(?:From (?:Coq|Coquelicot|Interval) )?Require Import (?:(?:Reals|Lra|Lia|Psatz|ZArith|Coquelicot|Tactic|Interval\.Tactic|"
    r"Coquelicot\.Coquelicot)(?:\s+|$))+"
)
OTHERS = {
    "Open": re.compile("Open Scope R_scope"),
    "From": LIBRARIES,
    "Require": LIBRARIES,
    "Print": re.compile(r"Print Assumptions [A-Za-z_][A-Za-z_0-9']*"),
    "Check": re.compile(r"Check [A-Za-z_][A-Za-z_0-9']*"),
}
GIVEN_UP = re.compile(r"(?<![\w'])(?:admit|give_up)(?![\w'])")


class VerificationError(Exception):
    """A certificate could not be checked, or was not accepted."""


def sentences(text: str) -> list[str]:
    """Return the sentences of a file for Coq, without comments.

    >>> sentences("Lemma a : 1 = 1. (* why. (* not *) *) Proof. - lra. Qed.")
    ['Lemma a : 1 = 1', 'Proof', '- lra', 'Qed']
    """
    kept, depth, at = [], 0, 0
    for match in re.finditer(r"\(\*|\*\)", text):
        if match.group() == "(*":
            kept += [text[at : match.start()]] if not depth else []
            depth += 1
        elif depth:
            # Outside of comments *) is text, as in (simpl in *).
            depth -= 1
            at = match.end()
    kept += [text[at:]] if not depth else []
    # After a brace a sentence may begin without a dot: [goal]: { exact I. }
    return [" ".join(part.split()) for part in re.split(r"\.(?=\s|$)|[{}]", " ".join(kept)) if part.strip()]


def forbidden(text: str) -> str:
    """Return the first sentence of a file for Coq that no certificate of Secant has; "" if there is none.

    >>> forbidden("Lemma a : 1 = 1. Proof. Admitted. Lemma b : 1 = 2. Proof. exact a. Qed.")
    'Admitted'
    """
    if not text.isascii():
        return next(line for line in text.splitlines() if not line.isascii())
    for setting in SETTINGS:
        # What is left must not join with what follows: "(" and "*" would begin a comment that Coq does not see.
        text = text.replace(f"{setting}.", " . ")
    # Coq reads strings in comments, too, and the end of a comment in a string is none.
    if '"' in text:
        return next(line for line in text.splitlines() if '"' in line)
    for sentence in sentences(text):
        # Bullets are sentences without a dot.
        first = sentence.lstrip("-+* ")
        word = re.match(r"\w*", first)
        begin = word.group() if word else ""
        own = OTHERS.get(begin)
        known = begin in ALLOWED or first[:1].islower() or first[:1] in "([" or not first
        if not known or (own and not own.fullmatch(first)) or GIVEN_UP.search(first):
            return sentence
    return ""


def verified(text: str, seconds: float = SECONDS) -> str:
    """Return the version of Coq that accepts a certificate.

    Args:
        text: The certificate.
        seconds: The time limit.

    Raises:
        VerificationError: Coq is not installed, lacks a library, took too long or rejects it; or the file has what no certificate has.
    """
    if found := forbidden(text):
        raise VerificationError(f"not checked: no certificate has the sentence {found[:80]!r}")
    coqc = shutil.which("coqc")
    if coqc is None:
        raise VerificationError(f"not checked: coqc is not installed; {INSTALL}")
    with tempfile.TemporaryDirectory(prefix="secant-") as folder:
        file = Path(folder, "certificate.v")
        file.write_text(text, encoding="ascii")
        output, code = run([coqc, "-q", file.name], folder, seconds)
        version = run([coqc, "--print-version"], folder, seconds)[0].split()[:1]
    if code is None:
        raise VerificationError(f"not checked: coqc took longer than {seconds:g} seconds")
    if code == 0:
        return f"Coq {version[0]}" if version else "Coq"
    if re.search(r"(Cannot find|Unable to locate|Cannot load).{0,200}(Coquelicot|Interval)", output, re.DOTALL):
        raise VerificationError(f"not checked: coqc lacks a library; {INSTALL}")
    errors = output.partition("Error:")[2].strip() or output.strip()[-400:] or f"exit code {code}"
    raise VerificationError(f"rejected by Coq: {' '.join(errors.split())[:400]}")


def run(command: list[str], folder: str, seconds: float) -> tuple[str, int | None]:
    """Return the output of a program and its exit code, None if it took too long."""
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except BaseException as error:
            process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                return "", None
            raise
    return output.decode(errors="replace"), process.returncode
