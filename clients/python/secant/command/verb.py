"""A command that accepts expressions beginning with '-'."""

import click

from secant.command.stumbles import no_such_option

__all__ = ["Verb"]


class Verb(click.Command):
    """A command that takes "-x^2", which begins with one dash and is not one of its options, as an argument.

    Everything that begins with two dashes is an option, and so is -h; such an expression must come after `--`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments with all options moved before a `--` and everything else after it."""
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
                    value = next(left, None)
                    if value is None and not ctx.resilient_parsing:
                        # What follows here is not the next argument, but the "--" below.
                        raise click.BadOptionUsage(arg, f"Option {arg!r} requires an argument.", ctx)
                    options += [] if value is None else [value]
            elif arg.startswith("--"):
                no_such_option(arg, takes_value, ctx)
                options.append(arg)  # "--at=x=2", or unknown, which click reports
            else:
                arguments.append(arg)
        return super().parse_args(ctx, [*options, "--", *arguments])
