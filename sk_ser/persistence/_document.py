"""A document of headings, paragraphs, lists and tables, as Markdown or as one HTML page.

A document is a list of blocks: ``("title", text)``, ``("heading", text)``, ``("text", text)``,
``("list", [text, ...])``, ``("table", header, rows)``.
"""

import html
import re

_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
div { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #e4e4e4; }
"""


def to_markdown(blocks):
    """Write Markdown.

    Parameters
    ----------
    blocks : list of tuple

    Returns
    -------
    str
        What is in the blocks is text: none of it is taken for Markdown or HTML.
    """
    parts = []
    for kind, *content in blocks:
        if kind == "table":
            header, rows = content
            lines = [[_escape(cell) for cell in line] for line in (header, *rows)]
            lines.insert(1, ["---"] * len(header))
            parts.append("\n".join("| " + " | ".join(line) + " |" for line in lines))
        elif kind == "list":
            parts.append("\n".join(f"- {_escape(text)}" for text in content[0]))
        else:
            sign = {"title": "# ", "heading": "## ", "text": ""}[kind]
            parts.append(sign + _escape(content[0]))
    return "\n\n".join(parts) + "\n"


def to_html(blocks):
    """Write a page that links to nothing.

    Parameters
    ----------
    blocks : list of tuple

    Returns
    -------
    str
    """
    title = html.escape(next(content for kind, content, *_ in blocks if kind == "title"))
    body = "\n".join(_to_element(*block) for block in blocks)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n{body}\n"
        "</body>\n</html>\n"
    )


def _to_element(kind, *content):
    if kind == "table":
        header, rows = content
        lines = [_to_row("th", header), *(_to_row("td", row) for row in rows)]
        return "<div><table>\n" + "\n".join(lines) + "\n</table></div>"
    if kind == "list":
        return "<ul>\n" + "\n".join(f"<li>{html.escape(t)}</li>" for t in content[0]) + "\n</ul>"
    tag = {"title": "h1", "heading": "h2", "text": "p"}[kind]
    return f"<{tag}>{html.escape(content[0])}</{tag}>"


def _to_row(tag, cells):
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _escape(text):
    """Keep text from being read as Markdown: signs that mean something, and new lines."""
    return re.sub(r"([\\`*\[\]<>|#_])", r"\\\1", " ".join(text.split()))
