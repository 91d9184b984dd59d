"""The page at /docs: the schema in readable form, and a form to try the service.

FastAPI's own page loads a script from a content delivery network. This page loads nothing: it works
without internet, and no third party sees its visitors.
"""

import html
import json

_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
pre { background: #f5f5f5; padding: .6rem; overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #e4e4e4; }
"""


def make_page(schema, limits):
    """Write the page.

    Parameters
    ----------
    schema : dict
        The OpenAPI schema.
    limits : dict
        Values by name.

    Returns
    -------
    str
        HTML without scripts.
    """
    info = schema["info"]
    body = [
        f"<h1>{_text(info['title'])} {_text(info['version'])}</h1>",
        f"<p>{_text(info['description'])} "
        'For programs: <a href="openapi.json">openapi.json</a>.</p>',
        "<h2>Try it</h2>",
        '<form action="predict" method="post" enctype="multipart/form-data">'
        '<label>Recording <input type="file" name="file" required></label> '
        "<button>Predict</button></form>",
        "<pre>curl -F file=@clip.wav http://localhost:8000/predict</pre>",
        _table(("limit", "value"), limits.items()),
    ]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            body += _operation(schema, path, method, operation)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{_text(info['title'])}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _operation(schema, path, method, operation):
    answers = [
        (status, answer.get("description", ""), _name(answer))
        for status, answer in operation["responses"].items()
    ]
    yield f"<h2>{method.upper()} {_text(path)}</h2>"
    yield f"<p>{_text(operation.get('description', ''))}</p>"
    yield _table(("status", "", "answer"), answers)
    name = answers[0][2]
    if name:
        yield f"<pre>{_text(json.dumps(_example(schema, name), indent=1))}</pre>"


def _name(answer):
    """Return the name of the schema of a JSON answer."""
    content = answer.get("content", {}).get("application/json", {})
    return content.get("schema", {}).get("$ref", "").rpartition("/")[2]


def _example(schema, name):
    """Make an example from those of the fields, or from their types."""
    fields = schema["components"]["schemas"][name]["properties"]
    return {field: _example_of(schema, one) for field, one in fields.items()}


def _example_of(schema, field):
    if field.get("examples"):
        return field["examples"][0]
    name = field.get("$ref", "").rpartition("/")[2]
    return _example(schema, name) if name else field.get("type", "…")


def _table(head, rows):
    lines = [f"<tr>{''.join(f'<th>{_text(cell)}</th>' for cell in head)}</tr>"]
    lines += [f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows]
    return f"<table>{''.join(lines)}</table>"


def _text(content):
    return html.escape(str(content))
