"""The verb check: whether a claimed derivative is right, for one claim or for files of claims."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from secant.command.app import assumptions, certificate, point, tolerance, verb
from secant.command.carets import fitted
from secant.command.claims import SUFFIXES, Claim, claims, is_file_of_claims
from secant.command.session import Session
from secant.command.show import as_json, echo, facts, failure, named, printable, result
from secant.command.values import merged, text
from secant.errors import Error

if TYPE_CHECKING:
    from secant._direct import Direct
    from secant.client import Client
    from secant.results import Verdict

__all__ = ["CODES", "FAILED", "REFUTED", "UNDECIDED", "end_with_verdict", "verify", "worst"]

# Exit codes, as for diff and grep: 1 means no, 2 means trouble.
REFUTED, FAILED, UNDECIDED = 1, 2, 3
CODES = {"FAILED": FAILED, "REFUTED": REFUTED, "UNDECIDED": UNDECIDED}


verify = click.option(
    "--verify",
    is_flag=True,
    help="Let Coq check the certificate on this machine: needs coqc, Coquelicot and Interval. Exit code 2 unless it is accepted.",
)


def end_with_verdict(
    session: Session,
    ask: "Callable[[Client | Direct], Verdict]",
    claimed: str,
    true: str,
    path: str | None = None,
    verify: bool = False,
) -> None:
    """Ask for a verdict, print it, and exit with its code.

    Args:
        session: The options of the command line.
        ask: The call.
        claimed, true: What the two values of a counterexample are called.
        path: The file for the certificate; None: none is wanted.
        verify: Whether Coq checks the certificate here.
    """
    try:
        with session.engine() as s:
            found = ask(s)
    except Error as error:
        failure(error)
        sys.exit(FAILED)
    if not result(session, found):
        echo(f"{found.verdict}: {found.message}" if found.message else found.verdict)
        facts(
            at=named(found.witness_point),
            variable=found.variable,
            **{claimed: found.claimed_value, true: found.true_value},
            **{witness.name: f"{witness.verdict}  {witness.message}" for witness in found.witnesses},
        )
    if path is not None or verify:
        from secant.command.proof import end_of_proof

        if problem := end_of_proof(found, path, verify, quiet=session.json):
            echo(problem, err=True)
            sys.exit(FAILED)
    if not found:
        sys.exit(REFUTED if found.verdict == "REFUTED" else UNDECIDED)


def worst(counts: Counter[str]) -> int:
    """Return the exit code of several verdicts: FAILED before REFUTED before UNDECIDED.

    >>> worst(Counter(["PROVED", "UNDECIDED", "REFUTED"])), worst(Counter(["PROVED"]))
    (1, 0)
    """
    return next((code for word, code in CODES.items() if counts[word]), 0)


@verb("check", variables=True, shapes=True, optional=True)
@click.argument("claimed", type=text, required=False)
@point("--at", help="Point to try first.")
@click.option(
    "--witness",
    "witnesses",
    type=click.Choice(["exact", "ball", "sympy", "numeric", "deriv"]),
    multiple=True,
    help="Method of checking to use; may be given more than once. Default: exact, ball and numeric, and the others if these neither prove nor refute the claim",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="Time limit for all methods together. Default and maximum: the server's limit check_seconds, usually 3 s",
)
@click.option("--order", type=click.IntRange(0, 2), help="Order of the derivative; 0: F itself. Default: 1")
@assumptions
@tolerance
@certificate
@verify
@click.option("-q", "--quiet", is_flag=True, help="With files: print only the claims that are not right.")
def check(
    session: Session,
    f: str | None,
    claimed: str | None,
    variables: Sequence[str],
    at: Any,
    quiet: bool,
    written_in: str | None,
    certificate: str | None,
    verify: bool,
    **how: Any,
) -> None:
    """Check whether CLAIMED is the derivative of F, or the claims in files.

    With several variables, CLAIMED is the gradient, "c(2*x*y, x^2)", with --order 2 the Hessian. A wrong claim is shown with a point
    where it fails.

    \b
    secant check "x^2 * exp(x)" "2*x * exp(x)"
    secant check "x^2*y" "c(2*x*y, x^2)" x y
    secant check claims.csv README.md
    secant check "x^2" "x" --certificate proof.v

    A file of claims is a table (.csv, .tsv) with the columns f, claim and if needed variable, assume (x > 0; y > 0), order,
    notation and tolerance; or a Markdown page (.md, .qmd, .Rmd) whose blocks ```secant have lines such as d/dx x^3 = 3*x^2. Each
    claim is a line FILE:LINE: VERDICT.

    Exit codes: 0 the claim is proved or agrees at all points tried, 1 it is refuted, 2 the call failed, the command line is
    wrong, or there is no certificate that was asked for or none that Coq accepts, 3 undecided. Of several claims: 2 if one failed, else 1 if one is refuted, else 3 if one is undecided.
    """
    if claimed == "=" and variables:
        claimed, *variables = variables  # secant check F = CLAIMED
    files = [argument for argument in (f, claimed, *variables) if argument is not None]
    if files and all(map(is_file_of_claims, files)):
        if certificate is not None or verify:
            raise click.UsageError("--certificate and --verify are for one claim, not for files of claims.")
        how |= {"at": merged(at), "notation": written_in}
        sys.exit(of_files(session, files, quiet, how))
    if f is None or claimed is None:
        missing = "F and CLAIMED" if f is None else "CLAIMED"
        example = 'secant check "x^2" "2*x"'
        raise click.UsageError(
            f"Give {missing}, {example}, or files of claims, whose names end in {', '.join(SUFFIXES)}."
        )
    if quiet:
        raise click.UsageError("--quiet needs files of claims.")
    formula, claim = f, claimed
    end_with_verdict(
        session,
        lambda s: s.check(
            formula,
            claim,
            *variables,
            at=merged(at),
            notation=written_in,
            certificate=certificate is not None or verify,
            **how,
        ),
        claimed="claimed",
        true="true",
        path=certificate,
        verify=verify,
    )


def of_files(session: Session, files: Sequence[str], quiet: bool, how: dict[str, Any]) -> int:
    """Print a line for each claim in files and return the exit code."""
    counts: Counter[str] = Counter()
    with session.engine() as s:
        for file, claim in claims_of(files):
            answer = verdict_on(s, claim, how)
            if isinstance(answer, str):
                word, message = "FAILED", answer
            else:
                word, message = answer.verdict, "; ".join([answer.message, *(f"note: {n}" for n in answer.notices)])
            counts[word] += 1
            if session.json:
                reply = {"error": answer} if isinstance(answer, str) else answer
                echo(as_json({"file": file, "line": claim.line, "f": claim.f, "claim": claim.claimed, "answer": reply}))
            elif not quiet or word in CODES:
                echo(f"{file}:{claim.line}: {word}: {f'{claim}: ' if claim.f else ''}{message}")
            if word in CODES and os.environ.get("GITHUB_ACTIONS") == "true":
                echo(annotation(file, claim.line, word, message), err=True)
    total = sum(counts.values())
    listed = f": {', '.join(f'{n} {word}' for word, n in sorted(counts.items()))}" if total else ""
    if not quiet or worst(counts):
        echo(f"{total} claim{'s' * (total != 1)}{listed}", err=True)
    return worst(counts)


def claims_of(files: Sequence[str]) -> Iterator[tuple[str, Claim]]:
    """Yield the claims of files with their file.

    Raises:
        click.UsageError: A file cannot be read, or is a table without the columns f and claim.
    """
    for file in files:
        try:
            for claim in claims(file):
                yield file, claim
        except OSError as error:
            raise click.UsageError(f"{file} cannot be read: {error.strerror or error}") from None
        except ValueError as error:
            raise click.UsageError(str(error)) from None


def verdict_on(s: "Client | Direct", claim: Claim, how: dict[str, Any]) -> "Verdict | str":
    """Return the verdict on a claim, or why there is none; what the claim has goes before the options."""
    if claim.problem:
        return claim.problem
    own = {name: value for name, value in how.items() if name not in claim.how or name == "assume"}
    assume = (*how.get("assume", ()), *claim.how.get("assume", ()))
    try:
        return s.check(claim.f, claim.claimed, *claim.variables, **{**own, **claim.how, "assume": assume})
    except (Error, ValueError) as error:
        return fitted(str(error))


def annotation(file: str, line: int, word: str, message: str) -> str:
    """Return the command that shows a message at a line in GitHub's view of a change.

    >>> annotation("a,b.csv", 3, "FAILED", "one\\ntwo")
    '::error file=a%2Cb.csv,line=3,title=secant check::FAILED: one%0Atwo'
    """
    text = printable(message).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    name = file.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
    return f"::error file={name},line={line},title=secant check::{word}: {text}"
