"""A server of the Model Context Protocol for agents: `secant mcp`, with the tools check, differentiate and export.

It needs the package mcp: `pip install "secant[mcp]"`.
"""
