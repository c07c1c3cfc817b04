"""Pages of derivations in HTML: what a notebook may show, and whole documents."""

import xml.etree.ElementTree as ElementTree
from html import escape

__all__ = ["document", "is_inert_page"]

# The elements of the service's pages: texts, lists, parts that fold, and MathML.
_ELEMENTS = frozenset(
    "div h3 h4 p b em ul li details summary math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover"
    " munderover mtable mtr mtd".split()
)
_ATTRIBUTES = frozenset(
    "class lang dir style open display displaystyle form fence stretchy accent linethickness width mathvariant".split()
)


def is_inert_page(html: str) -> bool:
    """Return whether a page contains nothing that a notebook would execute or load.

    >>> is_inert_page('<div class="secant-page"><p>x</p></div>')
    True
    >>> is_inert_page("<div><script>alert(1)</script></div>"), is_inert_page('<div onclick="alert(1)"></div>')
    (False, False)
    """
    try:
        elements = [] if "<!" in html or "<?" in html else list(ElementTree.fromstring(html).iter())
    except (ElementTree.ParseError, ValueError):
        return False
    for element in elements:
        if str(element.tag).rpartition("}")[2] not in _ELEMENTS:
            return False
        for name, value in element.attrib.items():
            # A style with brackets other than those of a colour, or with a backslash, could load something.
            loads = name == "style" and ("\\" in value or "(" in value.replace("rgba(", ""))
            if name not in _ATTRIBUTES or loads:
                return False
    return bool(elements)


def document(page: str, title: str) -> str:
    """Return a page as a whole HTML document, in the colours that the reader prefers.

    >>> print(document("<div></div>", "d/dx"))
    <!DOCTYPE html>
    <html>
    <head><meta charset="utf-8"/><meta name="color-scheme" content="light dark"/><title>d/dx</title></head>
    <body style="max-width:60em;margin:2em auto;padding:0 1em;font-family:sans-serif">
    <div></div>
    </body>
    </html>
    """
    head = (
        '<head><meta charset="utf-8"/><meta name="color-scheme" content="light dark"/>'
        f"<title>{escape(title)}</title></head>"
    )
    body = '<body style="max-width:60em;margin:2em auto;padding:0 1em;font-family:sans-serif">'
    return f"<!DOCTYPE html>\n<html>\n{head}\n{body}\n{page}\n</body>\n</html>"
