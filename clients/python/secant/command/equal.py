"""The verb equal: whether two formulas are equal, for one pair or for a file of pairs."""

import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from secant.command.app import assumptions, certificate, point, tolerance, verb
from secant.command.check import end_with_verdict, verify, worst
from secant.command.session import Session
from secant.command.show import as_json, echo
from secant.command.values import merged, text
from secant.errors import Error

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from secant.results import Verdict

__all__: list[str] = []


class Pair(NamedTuple):
    """A line of a file of pairs: two formulas and the assumptions about their variables."""

    f: str
    g: str
    assume: tuple[str, ...]


@verb("equal", shapes=True, optional=True)
@click.argument("g", type=text, required=False)
@assumptions
@tolerance
@certificate
@verify
@click.option(
    "--file",
    "path",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="File of pairs instead of F and G; - is standard input. A line is F, a tab, G, and if it needs assumptions a tab "
    "and these, separated by semicolons. Empty lines and lines that begin with # are skipped.",
)
@click.option(
    "--in-flight", type=click.IntRange(1, 64), default=4, help="Pairs of a file that are sent at once. Default: 4"
)
@click.option(
    "--name", "names", multiple=True, help="Name of several letters that is a variable, for textbook and latex."
)
@point("--at", help="Point to try first.")
@click.option(
    "--witness",
    "witnesses",
    type=click.Choice(["exact", "ball", "sympy", "numeric"]),
    multiple=True,
    help="Method to use; may be given more than once. Default: all that are needed",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="Time limit for each pair. Default and maximum: the server's limit check_seconds, usually 3 s",
)
def equal(
    session: Session,
    f: str | None,
    g: str | None,
    assume: tuple[str, ...],
    path: str | None,
    in_flight: int,
    names: tuple[str, ...],
    at: Any,
    written_in: str | None,
    certificate: str | None,
    verify: bool,
    **how: Any,
) -> None:
    """Print whether the formulas F and G are equal.

    They are equal if they have the same value wherever both have one. Different formulas are shown with a point and both
    values.

    \b
    secant equal "(x + 1)^2" "x^2 + 2*x + 1"
    secant equal "sqrt(x^2)" x --assume "x > 0"

    Exit codes: 0 the formulas are proved equal or agree at all points tried, 1 they differ, 2 the call failed, the
    command line is wrong, or there is no certificate that was asked for or none that Coq accepts, 3 undecided. With --file: 2 if a call failed, else 1 if a pair differs, else 3 if one is
    undecided.
    """
    if (path is None) != (f is not None and g is not None) or (path is not None and f is not None):
        raise click.UsageError('Give two formulas F and G, secant equal "x^2" "x*x", or --file with pairs of them.')
    how |= {"at": merged(at), "notation": written_in}
    if path is not None:
        if certificate is not None or verify:
            raise click.UsageError("--certificate and --verify are for one pair, not for a file of pairs.")
        sys.exit(of_file(session, path, in_flight, assume, names, how))
    how["certificate"] = certificate is not None or verify
    end_with_verdict(
        session,
        lambda s: s.equal(f or "", g or "", *names, assume=assume, **how),
        claimed="g",
        true="f",
        path=certificate,
        verify=verify,
    )


def of_file(
    session: Session, path: str, in_flight: int, assume: tuple[str, ...], names: tuple[str, ...], how: dict[str, Any]
) -> int:
    """Print a line for each pair of a file and return the exit code."""
    # Imported here, as no other verb needs threads.
    from concurrent.futures import ThreadPoolExecutor

    counts: Counter[str] = Counter()
    with (
        click.open_file(path, encoding="utf-8-sig") as file,
        session.client() as s,
        ThreadPoolExecutor(in_flight) as pool,
    ):

        def verdict(pair: Pair) -> "Verdict | Error":
            try:
                return s.equal(pair.f, pair.g, *names, assume=(*assume, *pair.assume), **how)
            except Error as error:
                return error

        for pair, found in in_order(pool, verdict, pairs(file), in_flight):
            if isinstance(found, Error):
                word, message = "FAILED", str(found).replace("\n", " ").replace("\t", " ")
            else:
                word, message = found.verdict, "; ".join([found.message, *(f"note: {n}" for n in found.notices)])
            counts[word] += 1
            if session.json:
                answer = {"error": message} if isinstance(found, Error) else found
                echo(as_json({"f": pair.f, "g": pair.g, "answer": answer}))
            else:
                echo("\t".join([word, pair.f, pair.g, message]))
    total = sum(counts.values())
    echo(
        f"{total} pair{'s' * (total != 1)}: {', '.join(f'{n} {word}' for word, n in sorted(counts.items()))}", err=True
    )
    return worst(counts)


def pairs(lines: Iterable[str]) -> Iterator[Pair]:
    """Yield the pairs of a file.

    Raises:
        click.UsageError: A line does not have two or three cells.

    >>> list(pairs(["# roots", "sqrt(x^2)\\tx\\tx > 0; x < 9"]))
    [Pair(f='sqrt(x^2)', g='x', assume=('x > 0', 'x < 9'))]
    """
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r\n")
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) not in (2, 3):
            raise click.UsageError(f"Line {number} has {len(cells)} cells, not F, a tab and G.")
        assume = [a.strip() for a in cells[2].split(";") if a.strip()] if len(cells) == 3 else []
        yield Pair(cells[0], cells[1], tuple(assume))


def in_order(pool: "ThreadPoolExecutor", job: Any, items: Iterable[Pair], most: int) -> Iterator[tuple[Pair, Any]]:
    """Yield each item with the result of the job, in the order of the items, of which up to `most` are at work."""
    waiting: deque[tuple[Pair, Future[Any]]] = deque()
    for item in items:
        waiting.append((item, pool.submit(job, item)))
        if len(waiting) > most:
            first, future = waiting.popleft()
            yield first, future.result()
    for item, future in waiting:
        yield item, future.result()
