"""skops's description of a model: normalised before saving, checked before loading.

skops describes an object as a tree of nodes in `schema.json`, and names a loader for each node;
arrays are members of their own. skops checks the types that the nodes name. This module checks that
a file has nothing that no model of sk_ser needs: it allows few loaders, each for the types it is
made for, one description of each object, arrays of their declared size, no cache on disk and no
parallel processes.
"""

import io
import json
import math
import re
from importlib import import_module

import numpy as np

from sk_ser.exceptions import ModelFileError

SCHEMA = "schema.json"
#: Older protocols of skops have other loaders, which no file of sk_ser uses.
_OLDEST_PROTOCOL = 2
#: Nodes without inner nodes, which may be repeated.
_LEAVES = {"JsonNode", "TypeNode", "FunctionNode"}
#: Loaders that models of sk_ser need. Bound methods and functions of `operator`, which name code as
#: text, and sparse matrices, which are compressed, are excluded.
_LOADERS = _LEAVES | {
    *("BytearrayNode", "BytesNode", "CachedNode", "ConstructorFromReduceNode", "DTypeNode"),
    *("DictNode", "ListNode", "LossNode", "MaskedArrayNode", "NdArrayNode", "ObjectNode"),
    *("PartialNode", "RandomGeneratorNode", "RandomStateNode", "SetNode", "SliceNode"),
    *("TreeNode", "TupleNode"),
}
#: The only types of loaders that call the type that a node names; scalars are checked apart.
_TYPES = {
    "BytearrayNode": {"builtins.bytearray"},
    "BytesNode": {"builtins.bytes"},
    "DictNode": {"builtins.dict", "sklearn.utils._bunch.Bunch"},
    "JsonNode": {"builtins.str"},
    "ListNode": {"builtins.list"},
    "MaskedArrayNode": {"numpy.ma.MaskedArray", "numpy.ma.core.MaskedArray"},
    "RandomStateNode": {"numpy.random.mtrand.RandomState"},
    "SetNode": {"builtins.set"},
    "TupleNode": {"builtins.tuple"},
}
#: Scalars of NumPy; ``numpy.void(10**10)`` would take 10 GB.
_SCALARS = re.compile(r"numpy\.(ndarray|str_|bool_?|(u?int|float|complex)\d+|(long|ulong)(long)?)")
#: Packages whose objects have a dict of attributes that can be checked. scikit-learn's estimators
#: refuse anything else themselves.
_WITH_A_DICT = ("sk_ser.", "sklearn.pipeline.")
#: Parameters that concern the machine and not the model, with the values that a file may give them.
_OF_THE_MACHINE = {
    "memory": ("null",),
    "n_jobs": ("null", "1"),
    "verbose": ("null", "false", "0"),
}
#: Most nodes that a loader may visit: a few that refer to each other can stand for billions.
_MOST_VISITS = 5_000_000


def compact(members):
    """Describe each object once, replace random names by numbers, and drop unused members.

    skops describes an object wherever it occurs: the nets of a VotingClassifier, which are both
    in a list and in a dict, would be stored twice.

    Parameters
    ----------
    members : dict of str to bytes
        As skops writes them.

    Returns
    -------
    dict of str to bytes
        The same model, readable by skops; equal models give equal members.
    """
    numbers, files = {}, {}

    def walk(value):
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        if not _is_node(value):
            return {name: walk(inner) for name, inner in value.items()}
        known = value["__id__"] in numbers
        number = numbers.setdefault(value["__id__"], len(numbers) + 1)
        if known and value["__loader__"] not in _LEAVES:
            kind = {name: value[name] for name in ("__class__", "__module__")}
            return kind | {"__loader__": "CachedNode", "__id__": number}
        node = {name: walk(inner) for name, inner in value.items()}
        if "file" in node:
            suffix = node["file"].rpartition(".")[2]
            node["file"] = files.setdefault(node["file"], f"{len(files) + 1}.{suffix}")
        return node | {"__id__": number}

    schema = walk(json.loads(members[SCHEMA]))
    kept = {new: members[old] for old, new in files.items()}
    return {SCHEMA: json.dumps(schema, separators=(",", ":")).encode()} | kept


def check_members(members, trusted=()):
    """Raise ModelFileError, without a path, unless members are as :func:`compact` makes them.

    Parameters
    ----------
    members : dict of str to bytes
        Of an untrusted file.
    trusted : sequence of str, default=()
        Full names of types that the user trusts.
    """
    _check(SCHEMA in members, f"there is no {SCHEMA}")
    try:
        schema = json.loads(members[SCHEMA])
        _check(_is_node(schema), "the schema describes no object")
        protocol, nodes = schema.get("protocol"), list(_nodes(schema))
        known = type(protocol) is int and protocol >= _OLDEST_PROTOCOL
        _check(known, "its protocol is not one of sk_ser")
        for node in nodes:
            _check_node(node, trusted)
        _check_visits(schema, nodes)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(f"its schema cannot be read ({error!r})") from error
    named = {node["file"] for node in nodes if "file" in node}
    _check(named == members.keys() - {SCHEMA}, "its arrays are not those that the schema names")
    for name in named:
        if not name.endswith(".bin"):
            _check_array(name, members[name])


def check_constructors(members):
    """Raise ModelFileError if something other than a type is to be called.

    Parameters
    ----------
    members : dict of str to bytes
        Checked, of trusted types only: their modules are imported.
    """
    for node in _nodes(json.loads(members[SCHEMA])):
        if node["__loader__"] == "ConstructorFromReduceNode":
            found = getattr(import_module(node["__module__"]), node["__class__"], None)
            _check(isinstance(found, type), f"it calls {_name(node)}, which is not a type")


def _is_node(value):
    return isinstance(value, dict) and isinstance(value.get("__loader__"), str)


def _nodes(node):
    """Yield a node and all within it, at any depth."""
    yield node
    for inner in _inner_nodes(node):
        yield from _nodes(inner)


def _inner_nodes(value):
    """Yield the nodes directly within a node."""
    for inner in value.values() if isinstance(value, dict) else value:
        if _is_node(inner):
            yield inner
        elif isinstance(inner, (dict, list)):
            yield from _inner_nodes(inner)


def _check_node(node, trusted):
    loader, content = node["__loader__"], node.get("content")
    name = _name(node)
    _check(loader in _LOADERS, f"it asks for the loader {loader!r}, which no model of sk_ser needs")
    if loader == "ConstructorFromReduceNode":
        _check(name in trusted, f"it calls {name}, which no model of sk_ser needs")
    elif loader == "NdArrayNode":
        _check(_SCALARS.fullmatch(name) or name in trusted, f"an array in it is a {name}")
    elif name not in (*_TYPES.get(loader, [name]), *trusted):
        raise ModelFileError(f"a {loader} in it makes a {name}")
    if loader == "ObjectNode" and name.startswith(_WITH_A_DICT):
        whole = content is None or content["__loader__"] == "DictNode"
        _check(whole, f"the attributes of {node['__class__']} are not a dict")
    elif loader == "DictNode":
        for parameter, values in _OF_THE_MACHINE.items():
            for key, value in content.items():
                given = (value["__loader__"], value.get("content"))
                inert = given in [("JsonNode", allowed) for allowed in values]
                _check(inert or not key.endswith(parameter), f"{key} is set in it")
        _check(
            all(map(_is_plain_type, node["key_types"]["content"])),
            "a dict has keys of an unexpected type",
        )


def _name(node):
    return f"{node['__module__']}.{node['__class__']}"


def _is_plain_type(node):
    return node["__loader__"] == "TypeNode" and (
        node["__module__"] == "numpy"
        or f"{node['__module__']}.{node['__class__']}"
        in ("builtins.str", "builtins.int", "builtins.float", "builtins.bool", "builtins.NoneType")
    )


def _check_visits(schema, nodes):
    """Check that each object is described once, does not contain itself, and is visited rarely."""
    whole = [node for node in nodes if node["__loader__"] not in _LEAVES | {"CachedNode"}]
    described = {node["__id__"]: node for node in whole}
    leaves = {node["__id__"] for node in nodes if node["__loader__"] in _LEAVES}
    distinct = len(described) == len(whole) and not leaves & described.keys()
    _check(distinct, "two objects have the same number")
    n_visits = _count_visits(schema, described, {}, set())
    _check(n_visits <= _MOST_VISITS, "its objects refer to each other too often")


def _count_visits(node, described, counts, parents):
    """Count the visits of a loader that follows every reference, without following them all.

    Parameters
    ----------
    node : dict
        Where the loader begins.
    described : dict of int to dict
        The nodes of all objects by number.
    counts : dict of int to int
        What is counted already, by number; it is filled.
    parents : set of int
        Numbers of the objects around the node.
    """
    if node["__loader__"] in _LEAVES:
        return 1
    number = node["__id__"]
    if number not in counts:
        _check(number in described, "it refers to an object that is missing")
        _check(number not in parents, "an object in it contains itself")
        inside = parents | {number}
        counts[number] = 1 + sum(
            _count_visits(inner, described, counts, inside)
            for inner in _inner_nodes(described[number])
        )
    return counts[number]


def _check_array(name, content):
    """Check that an array has the size that its header declares."""
    file = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(file)
        read = getattr(np.lib.format, f"read_array_header_{version[0]}_{version[1]}")
        shape, _, dtype = read(file)
    except (ValueError, AttributeError, TypeError, SyntaxError) as error:
        raise ModelFileError(f"its array {name} cannot be read ({error})") from error
    size = math.prod(shape, start=dtype.itemsize)
    fits = not dtype.hasobject and size == len(content) - file.tell()
    _check(fits, f"its array {name} is not of the size that it declares")


def _check(holds, problem):
    if not holds:
        raise ModelFileError(problem)
