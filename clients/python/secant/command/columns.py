"""Options that take names of columns."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["columns_option"]

F = TypeVar("F", bound=Callable[..., Any])


class _Names(click.ParamType["list[str]"]):
    """Names with commas between them; a name with a comma is in double quotes, as in a CSV file."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        import csv

        found = [name.strip() for name in next(csv.reader([value], skipinitialspace=True), [])]
        if not found or not all(found):
            self.fail("a name is empty; write x,y", param, ctx)
        return found


def _joined(ctx: click.Context, option: click.Parameter, given: tuple[list[str], ...]) -> list[str]:
    return [name for several in given for name in several]


def columns_option(name: str, *, help: str) -> Callable[[F], F]:
    """Return a decorator that adds an option for names of columns: x,y, or several times."""
    return click.option(name, type=_Names(), multiple=True, callback=_joined, metavar="x,y", help=help)
