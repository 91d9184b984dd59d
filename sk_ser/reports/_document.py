"""A document of headings, paragraphs, lists and tables, as text, Markdown or HTML.

A document is a list of blocks. A block is a tuple of its kind and its content:

- ``("title", text)``, ``("heading", text)``, ``("text", text)``;
- ``("item", text, style)``: a heading of the third level; the style is "severe", "warning",
  "note" or "", and a colour in HTML and in a terminal;
- ``("list", [text, ...])``, ``("code", text)``;
- ``("table", header, rows)``: cells are text;
- ``("details", summary, header, rows)``: a long table, in HTML only, and folded;
- ``("figure", title, png)``: an image in base64, in HTML only.

All content is text. Nothing of it is taken for Markdown or HTML, and control characters, which
file names may contain, are written as escapes.
"""

import html
import re

from sk_ser._text import printable

_HTML_ONLY = ("details", "figure")
_TAGS = {"title": "h1", "heading": "h2", "text": "p", "code": "pre"}
_COLOURS = {"severe": "bold red", "warning": "bold yellow", "note": "bold"}
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; }}
h1 {{ font-size: 1.6rem; }} h2 {{ font-size: 1.2rem; margin-top: 2.2rem; }}
h3 {{ font-size: 1rem; margin-top: 1.6rem; border-left: .4rem solid #999; padding-left: .6rem; }}
h3.severe {{ border-color: #D55E00; }} h3.warning {{ border-color: #E69F00; }}
div {{ overflow-x: auto; }} table {{ border-collapse: collapse; font-size: .9rem; }}
th, td {{ text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #e4e4e4;
  vertical-align: top; }}
img {{ max-width: 100%; }} pre {{ white-space: pre-wrap; font-size: .8rem; background: #f6f6f6;
  padding: .8rem; }}
summary {{ cursor: pointer; color: #0072B2; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def to_markdown(blocks: list[tuple]) -> str:
    r"""Write a document as Markdown.

    Parameters
    ----------
    blocks : list of tuple
        As the module describes them.

    Returns
    -------
    str

    Examples
    --------
    >>> from sk_ser.reports import to_markdown
    >>> print(to_markdown([("heading", "Files"), ("list", ["_a_.wav", "b|c.wav"])]))
    ## Files
    <BLANKLINE>
    - \_a\_.wav
    - b\|c.wav
    <BLANKLINE>
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
        elif kind == "code":
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", content[0])), default=0))
            parts.append("\n".join([fence, *map(printable, content[0].splitlines()), fence]))
        elif kind not in _HTML_ONLY:
            sign = {"title": "# ", "heading": "## ", "item": "### ", "text": ""}[kind]
            parts.append(sign + _escape(content[0]))
    return "\n\n".join(parts) + "\n"


def to_html(blocks: list[tuple], *, page: bool = True) -> str:
    r"""Write a document as HTML that links to nothing.

    Parameters
    ----------
    blocks : list of tuple
        As the module describes them.
    page : bool, default=True
        Whether to write a whole page, for which a title is needed, or its body only.

    Returns
    -------
    str

    Examples
    --------
    >>> from sk_ser.reports import to_html
    >>> to_html([("heading", "Files"), ("text", "<a>.wav")], page=False)
    '<h2>Files</h2>\n<p>&lt;a&gt;.wav</p>'
    """
    body = "\n".join(_to_element(*block) for block in blocks)
    if not page:
        return body
    title = next(text for kind, text, *_ in blocks if kind == "title")
    return _PAGE.format(title=_quote(title), body=body)


def to_text(blocks: list[tuple]) -> str:
    """Write a document as plain text.

    Parameters
    ----------
    blocks : list of tuple
        As the module describes them.

    Returns
    -------
    str

    Examples
    --------
    >>> from sk_ser.reports import to_text
    >>> print(to_text([("heading", "Files"), ("table", ["file", "n"], [["a.wav", 1]])]))
    Files
      file   n
      a.wav  1
    """
    return "\n".join(line for line, _ in _to_lines(blocks))


def print_document(blocks: list[tuple], console: object) -> None:
    """Print a document in a terminal.

    Parameters
    ----------
    blocks : list of tuple
        As the module describes them.
    console : rich.console.Console
        Where to. Lines are not broken, so that paths can be copied.

    Returns
    -------
    None

    Examples
    --------
    >>> from rich.console import Console
    >>> from sk_ser.reports import print_document
    >>> print_document([("heading", "Files"), ("list", ["a.wav"])], Console())
    Files
    - a.wav
    """
    for line, style in _to_lines(blocks):
        console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def _to_lines(blocks):
    """Yield lines of text, each with its style in a terminal."""
    for kind, *content in blocks:
        if kind == "table":
            yield from ((line, None) for line in _align(content))
        elif kind == "list":
            yield from ((f"- {_one_line(text)}", None) for text in content[0])
        elif kind == "code":
            yield from ((printable(line), None) for line in content[0].splitlines())
        elif kind == "item":
            yield _one_line(content[0]), _COLOURS.get(content[1])
        elif kind not in _HTML_ONLY:
            yield _one_line(content[0]), None if kind == "text" else "bold"


def _align(content):
    """Lay a table out in columns."""
    header, rows = content
    lines = [[printable(cell) for cell in line] for line in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [map(str.ljust, line, widths) for line in lines if any(line)]
    return ["  " + "  ".join(line).rstrip() for line in padded]


def _to_element(kind, *content):
    if kind == "table":
        lines = [_to_row("th", content[0]), *(_to_row("td", row) for row in content[1])]
        return "<div><table>\n" + "\n".join(lines) + "\n</table></div>"
    if kind == "details":
        summary, table = _quote(content[0]), _to_element("table", *content[1:])
        return f"<details><summary>{summary}</summary>{table}</details>"
    if kind == "figure":
        title = _quote(content[0])
        return f'<h3>{title}</h3>\n<img alt="{title}" src="data:image/png;base64,{content[1]}">'
    if kind == "list":
        return "<ul>\n" + "\n".join(f"<li>{_quote(text)}</li>" for text in content[0]) + "\n</ul>"
    if kind == "item":
        return f'<h3 class="{_quote(content[1])}">{_quote(content[0])}</h3>'
    lines = content[0].splitlines() if kind == "code" else content
    tag = _TAGS[kind]
    return f"<{tag}>" + "\n".join(map(_quote, lines)) + f"</{tag}>"


def _to_row(tag, cells):
    return "<tr>" + "".join(f"<{tag}>{_quote(cell)}</{tag}>" for cell in cells) + "</tr>"


def _quote(text):
    return html.escape(_one_line(text))


def _one_line(text):
    return printable(" ".join(str(text).split()))


def _escape(text):
    """Escape what Markdown would not show as it is; brackets of intervals are left alone."""
    text = _one_line(text)
    # an underscore within a word is one, and a bracket that no link follows is one
    text = re.sub(r"[\\`*<>|~$]|&(?=[#\w])|(?<!\w)_|_(?!\w)|\](?=[(\[:])", r"\\\g<0>", text)
    # signs of headings, lists and check boxes
    return re.sub(r"^(\d*)([-+#=.)](?=[-+#=]*(?:\s|$))|\[(?=.\]))", r"\1\\\2", text)
