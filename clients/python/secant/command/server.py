"""Verbs about the server and the command: describe, functions, serve, completion."""

import re

import click

from secant.command.app import app
from secant.command.session import Session, common
from secant.command.show import echo, number, result, table

__all__: list[str] = []

# Up to this many functions are shown with their derivatives and sources.
IN_FULL = 5


@app.command()
@common
@click.pass_obj
def describe(session: Session) -> None:
    """Show the server's version, methods, limits, descent methods and functions.

    \b
    secant describe
    secant describe --server localhost:50051
    """
    with session.client() as s:
        found = s.describe()
    if result(session, found):
        return
    echo(f"secantd {found.version}")
    for name in ("methods", "notations", "witnesses", "back_ends", "constants"):
        echo(f"{name.replace('_', ' ')}: {', '.join(getattr(found, name))}")
    if found.data_sets:
        echo("\ndata sets" + (f", added by {found.engine}" if found.engine else ""))
        table([name, f"{each.rows:,} rows", ", ".join(each.columns)] for name, each in found.data_sets.items())
    echo("\nlimits")
    table([name, number(limit.value), limit.unit] for name, limit in found.limits.items())
    echo("\ndescent methods")
    for name, method in found.descent_methods.items():
        echo(f"{name}: {method.summary}" + ("; supports bounds" if method.bounded else ""))
        table(
            [f"  {setting}", f"{s.meaning}; {s.range}, default {number(s.default_value)}"]
            for setting, s in method.settings.items()
        )
    echo("\nfunctions")
    table([f.signature, f.summary] for f in found.functions.values())


@app.command()
@common
@click.argument("word", required=False)
@click.pass_obj
def functions(session: Session, word: str | None) -> None:
    """List the functions that formulas may use.

    With WORD, only functions with WORD in their name, aliases or summary; up to five of them are shown with their
    derivatives.

    \b
    secant functions normal
    secant functions softplus
    """
    with session.client() as s:
        found = [f for f in s.describe().functions.values() if f.matches(word or "")]
    if not found:
        raise click.BadParameter(f"no function has '{word}' in its names or its summary", param_hint="WORD")
    if result(session, found):
        return
    if len(found) > IN_FULL:
        table([f.signature, f.summary] for f in found)
        return
    for i, f in enumerate(found):
        echo(("\n" if i else "") + f.signature)
        names = [p.partition(" = ")[0] for p in f.parameters][: len(f.derivatives)]
        lines = [("", f.summary)] + [("also", ", ".join(f.aliases))] * bool(f.aliases)
        for name, derivative in zip(names, f.derivatives, strict=True):
            # In the derivatives, f is the function's own value.
            shown = re.sub(r"\bf\b", f"{f.name}({', '.join(names)})", derivative)
            lines.append((f"d/d{name}", shown or f"not known: {f.unknown}"))
        lines += [("source", f.source)] * bool(f.source)
        for label, text in lines:
            echo(f"  {label}: {text}" if label else f"  {text}")


@app.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes verbs, options and their values in a shell.

    \b
    eval "$(secant completion bash)"                 in ~/.bashrc
    eval "$(secant completion zsh)"                  in ~/.zshrc
    secant completion fish > ~/.config/fish/completions/secant.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"there is no completion for {shell}")
    click.echo(kind(app, {}, "secant", "_SECANT_COMPLETE").source())


@app.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def serve(arguments: tuple[str, ...]) -> None:
    """Run a server; see secant serve --help for its options.

    \b
    secant serve --listen 127.0.0.1:50051
    """
    from secant._embedded import serve as run

    run(arguments)
