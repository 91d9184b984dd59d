"""Malicious model files, with correct checksums."""

import json
from itertools import count

from sklearn.naive_bayes import GaussianNB

from sk_ser.persistence._file import write_file
from sk_ser.persistence._header import make_header

_numbers = count(1)


def node(loader, name, **more):
    """Describe an object by its full name, as skops does."""
    module, _, kind = name.rpartition(".")
    more = {"__id__": next(_numbers), "__loader__": loader} | more
    return {"__class__": kind, "__module__": module} | more


def of_json(value):
    return node("JsonNode", "builtins.str", content=json.dumps(value), is_json=True)


def of_list(*content):
    return node("ListNode", "builtins.list", content=list(content))


def of_tuple(*content):
    return node("TupleNode", "builtins.tuple", content=list(content))


def of_dict(**content):
    keys = of_list(*[node("TypeNode", "builtins.str") for _ in content])
    return node("DictNode", "builtins.dict", content=content, key_types=keys)


def of_object(name, **attributes):
    return node("ObjectNode", name, content=of_dict(**attributes))


def array(name="1.npy"):
    return node("NdArrayNode", "numpy.ndarray", type="numpy", file=name)


def holding(inner):
    """Describe a transformer of scikit-learn that holds something; it is trusted by itself."""
    name = "sklearn.preprocessing._function_transformer.FunctionTransformer"
    return of_object(name, func=inner)


def forge(path, schema, arrays=(), *, protocol=2, **header):
    """Write a file that says what it is told to, with checksums that fit."""
    schema = schema | {"protocol": protocol, "_skops_version": "0.16.0"}
    members = {"schema.json": json.dumps(schema).encode()} | dict(arrays)
    return write_file(path, make_header(GaussianNB(), "skops", None) | header, members)
