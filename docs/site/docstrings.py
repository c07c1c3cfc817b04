"""Pages of the Python client, from its docstrings."""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import secant
from secant import rpcs

from docs.site.text import blocks, escaped, fenced

__all__ = ["pages"]

# Parts of the package that are imported by their own names.
PARTS = ("secant.files", "secant.dask", "secant.many", "secant.sql", "secant.testing")
HEADINGS = {
    "Args": "Arguments",
    "Attributes": "Attributes",
    "Returns": "Returns",
    "Raises": "Raises",
    "Yields": "Yields",
}
SECTION = re.compile(rf"^({'|'.join(HEADINGS)}):[ \t]*$", re.MULTILINE)
ITEM = re.compile(r"^    (?=\S)(\*{0,2}[\w., ]+?)(?: \([^)]*\))?: ", re.MULTILINE)
# The reply of a call of the contract.
CALL = re.compile(r"^Call\[(.*)\]$")
WIDE = 100


def pages() -> dict[str, str]:
    """Return the pages of the Python client by name; `index` lists them."""
    names = {name: getattr(secant, name) for name in secant.__all__}
    results, errors, clients, functions = {}, {}, {}, {}
    for name, value in names.items():
        if inspect.isclass(value) and issubclass(value, BaseException):
            errors[name] = value
        elif inspect.isclass(value):
            (results if value.__module__.startswith("secant.results") else clients)[name] = value
        elif callable(value):
            functions[name] = value
    own = {name: f for name, f in functions.items() if not hasattr(secant.Client, name) or name == "evaluate"}
    found = {
        "functions": page("Functions of the module", FUNCTIONS, members(own)),
        "client": page("Client", "", methods(secant.Client)),
        "types": page("Other classes", "", members({k: v for k, v in clients.items() if k != "Client"})),
        "results": page("Results", RESULTS, members(results)),
        "errors": page("Errors", ERRORS, members(errors)),
    }
    for module in PARTS:
        part = importlib.import_module(module)
        values = {name: getattr(part, name) for name in part.__all__ if callable(getattr(part, name))}
        about = inspect.getdoc(part) or ""
        found[module.removeprefix("secant.")] = page(f"`{module}`", "", [blocks(about), *members(values)])
    lines = [f"- [{text.splitlines()[0].removeprefix('# ')}]({name}.md)" for name, text in found.items()]
    tree = "\n".join(["```{toctree}", ":hidden:", "", *found, "```"])
    found["index"] = (
        "\n\n".join(["# The Python package", blocks(inspect.getdoc(secant) or ""), "\n".join(lines), tree]) + "\n"
    )
    return found


FUNCTIONS = (
    "Each method of [Client](client.md) is a function of the module as well: `secant.gradient(...)` calls one shared service, which "
    "starts with the first call, inside the process. `use` chooses another server. The functions below exist in the module only."
)
RESULTS = "What the calls return. The attributes of a result have the same names in every client."
ERRORS = "A call that fails raises a subclass of `Error`."


def page(title: str, about: str, parts: Iterator[str] | list[str]) -> str:
    """Return a page of Markdown."""
    return "\n\n".join(part for part in (f"# {title}", about, *parts) if part) + "\n"


def methods(kind: type) -> Iterator[str]:
    """Give the docstring of a class and its public methods."""
    yield docstring(kind)
    for name, value in inspect.getmembers(kind):
        if not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
            yield from member(name, value)


def members(values: dict[str, Any]) -> Iterator[str]:
    """Give the parts of classes and functions, each with a heading."""
    for name, value in values.items():
        yield from member(name, value)
        if inspect.isclass(value):
            for key, inner in vars(value).items():
                if not key.startswith("_") and isinstance(inner, property) and inner.__doc__:
                    yield f"`{key}`\n: " + docstring(inner).replace("\n", "\n  ")
            for key, inner in vars(value).items():
                if (
                    not key.startswith("_")
                    and inspect.isfunction(inner)
                    and inner.__doc__
                    and not hasattr(secant.Client, key)
                ):
                    yield from member(f"{name}.{key}", inner, depth=3)


def member(name: str, value: Any, depth: int = 2) -> Iterator[str]:
    """Give the heading, signature and docstring of a function, class or property."""
    yield f"{'#' * depth} {escaped(name)}"
    if not isinstance(value, property) and not (
        inspect.isclass(value) and value.__module__.startswith("secant.results")
    ):
        shown = signature(name, value)
        if shown:
            yield fenced(shown, "python")
    yield docstring(value)


def signature(name: str, value: Any) -> str:
    """Return a function with its parameters as its source has them, in one line where they fit."""
    if inspect.isclass(value):
        if issubclass(value, BaseException) or not inspect.isfunction(value.__init__):
            return ""
        value = value.__init__
    # The methods of a client are made from these functions.
    value = getattr(rpcs, name, value)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(value)))).body[0]
    except (OSError, TypeError, SyntaxError):
        return ""
    if not isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef):
        return ""
    words = list(parameters(tree.args))
    back = ""
    if tree.returns is not None and not name[0].isupper():
        back = " -> " + CALL.sub(r"\1", ast.unparse(tree.returns))
    line = f"{name}({', '.join(words)}){back}"
    if len(line) <= WIDE:
        return line
    return f"{name}(\n" + "".join(f"    {word},\n" for word in words) + f"){back}"


def parameters(found: ast.arguments) -> Iterator[str]:
    """Give the parameters of a function but `self` and private ones."""
    plain = [*found.posonlyargs, *found.args]
    defaults = [None] * (len(plain) - len(found.defaults)) + list(found.defaults)
    for p, default in zip(plain, defaults, strict=True):
        if p.arg != "self" and not p.arg.startswith("_"):
            yield parameter(p, default)
    if found.vararg is not None:
        yield "*" + parameter(found.vararg, None)
    elif found.kwonlyargs:
        yield "*"
    for p, default in zip(found.kwonlyargs, found.kw_defaults, strict=True):
        yield parameter(p, default)
    if found.kwarg is not None:
        yield "**" + parameter(found.kwarg, None)


def parameter(p: ast.arg, default: ast.expr | None) -> str:
    """Return a parameter with its type and default; types that are imported late are in quotes."""
    kind = p.annotation
    if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
        text = f"{p.arg}: {kind.value}"
    else:
        text = p.arg if kind is None else f"{p.arg}: {ast.unparse(kind)}"
    if default is None:
        return text
    return f"{text} = {ast.unparse(default)}" if kind is not None else f"{text}={ast.unparse(default)}"


def docstring(value: Any) -> str:
    """Return a docstring as Markdown."""
    text = inspect.getdoc(value) or ""
    parts = SECTION.split(text)
    found = [blocks(parts[0])] if parts[0].strip() else []
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        inside, rest = divided(body)
        found.append(f"**{HEADINGS[heading]}**")
        found += items(inside) if heading != "Returns" else [blocks(inspect.cleandoc("\n" + inside))]
        if rest.strip():
            found.append(blocks(rest))
    return "\n\n".join(found)


def divided(body: str) -> tuple[str, str]:
    """Return the indented lines of a section, and what follows it."""
    lines = body.strip("\n").splitlines()
    end = next((i for i, line in enumerate(lines) if line and not line.startswith(" ")), len(lines))
    return "\n".join(lines[:end]), "\n".join(lines[end:])


def items(text: str) -> list[str]:
    """Return the entries of a section as definitions."""
    marks = list(ITEM.finditer(text))
    if not marks:
        return [blocks(inspect.cleandoc("\n" + text))]
    found = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        body = text[mark.end() : following.start() if following else None]
        lines = [line.removeprefix("        ") for line in body.strip().splitlines()]
        found.append(f"`{mark[1]}`\n: " + blocks("\n".join(lines)).replace("\n", "\n  "))
    return found
