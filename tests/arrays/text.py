"""A short text of a node, by which tests see the form of an answer."""

from secantd.expression import Node

INFIX = {"matmul": " %*% "}


def text(node: Node) -> str:
    op, a = node.op, [text(q) for q in node.args]
    if op == "number":
        return f"{node.value:g}"
    if op in ("symbol", "data"):
        return node.name
    if op == "length":
        return f"|{node.name}|"
    if op == "add":
        return "(" + " + ".join(a).replace(" + -", " - ") + ")"
    if op == "mul":
        return "[" + " * ".join(a) + "]"
    if op == "neg":
        return "-" + a[0]
    if op == "div":
        return f"{a[0]}/{a[1]}"
    if op == "pow":
        return f"{a[0]}^{a[1]}"
    if op == "matmul":
        return f"({a[0]} %*% {a[1]})"
    if op == "transpose":
        return f"t({a[0]})"
    if op in ("fill", "identity", "unit", "scatter", "reshape", "place"):
        a.append(str(node.shape))
    if isinstance(node.payload, tuple):
        a.append(str(node.payload))
    return f"{op}({', '.join(a)})"
