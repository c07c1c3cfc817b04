"""The verb mcp: a server for agents."""

import click

from secant.command.app import app
from secant.command.session import Session, common
from secant.errors import Unimplemented

__all__: list[str] = []


@app.command()
@common
@click.pass_obj
def mcp(session: Session) -> None:
    """Serve agents by the Model Context Protocol on standard input and output.

    The tools are check, differentiate and export. An agent is given the command and its arguments:

    \b
    {"mcpServers": {"secant": {"command": "secant", "args": ["mcp"]}}}

    It needs the package mcp: pip install "secant[mcp]".
    """
    try:
        from secant.mcp.server import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        hint = 'install it: pip install "secant[mcp]"'
        raise Unimplemented(f"secant mcp needs the package mcp, which is not installed; {hint}") from None
    run(session.client)
