"""A command whose expressions may begin with '-'."""

from typing import Any

import click

__all__ = ["Verb"]


class Verb(click.Command):
    """Takes "-x^2" for an argument: one dash and a text that is none of the command's options.

    What begins with two dashes is an option; an expression that does is written after `--`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the options before a `--` and everything else behind it, then parse as always."""
        takes_value = {
            name: not (isinstance(option, click.Option) and option.is_flag)
            for option in self.get_params(ctx)
            if isinstance(option, click.Option)
            for name in (*option.opts, *option.secondary_opts)
        }
        options: list[str] = []
        arguments: list[str] = []
        left = iter(args)
        for arg in left:
            if arg == "--":
                arguments.extend(left)
            elif arg in takes_value:
                options.append(arg)
                if takes_value[arg]:
                    options.extend(next_or_nothing(left))
            elif arg.startswith("--"):
                options.append(arg)  # "--at=x=2", or unknown, which click says well
            else:
                arguments.append(arg)
        return super().parse_args(ctx, [*options, "--", *arguments])


def next_or_nothing(values: Any) -> list[str]:
    """Return the next value as a list, an empty one where there is none."""
    return [value] if (value := next(values, None)) is not None else []
