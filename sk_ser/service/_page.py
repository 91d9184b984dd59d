"""The page at /docs: the schema in readable form, and a form to try the service.

FastAPI's own page loads a script from a content delivery network. This page loads nothing: it works
without internet, and no third party sees its visitors.
"""

import json

from sk_ser.reports import to_html

_FORM = """\
<h2>Try it</h2>
<form action="predict" method="post" enctype="multipart/form-data">
<label>Recording <input type="file" name="file" required></label> <button>Predict</button></form>
<p>For programs: <a href="openapi.json">openapi.json</a></p>
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
    blocks = [
        ("title", f"{info['title']} {info['version']}"),
        ("text", info["description"]),
        ("code", "curl -F file=@clip.wav http://localhost:8000/predict"),
        ("table", ["limit", "value"], [[name, str(value)] for name, value in limits.items()]),
    ]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            blocks += _describe(schema, f"{method.upper()} {path}", operation)
    # all content is escaped, so the tag occurs once
    return to_html(blocks).replace("</body>", f"{_FORM}</body>")


def _describe(schema, title, operation):
    answers = operation["responses"].items()
    rows = [[status, answer.get("description", ""), _name(answer)] for status, answer in answers]
    yield "heading", title
    yield "text", operation.get("description", "")
    yield "table", ["status", "", "answer"], rows
    if name := rows[0][2]:
        yield "code", json.dumps(_example(schema, name), ensure_ascii=False)


def _name(answer):
    """Return the name of the schema of a JSON answer."""
    content = answer.get("content", {}).get("application/json", {})
    return content.get("schema", {}).get("$ref", "").rpartition("/")[2]


def _example(schema, name):
    """Make an example from those of the fields, or from their types."""
    example = {}
    for field, one in schema["components"]["schemas"][name]["properties"].items():
        if "$ref" in one:
            example[field] = _example(schema, one["$ref"].rpartition("/")[2])
        else:
            example[field] = one.get("examples", [one.get("type", "…")])[0]
    return example
