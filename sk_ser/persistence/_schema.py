"""skops's description of a model, brought into one form when saved, held to it when loaded.

skops describes an object as a tree of nodes in `schema.json`, and names a loader for each; arrays
are members of their own. It audits the types that the nodes name. Here it is seen to that a file
has no more than a model of ours needs: few loaders, each object described once, arrays as large as
they say, and no path that a loaded pipeline would read from or write to.
"""

import io
import json

import numpy as np

from sk_ser.exceptions import ModelFileError

SCHEMA = "schema.json"
#: Protocols of skops before this one had loaders of their own, which no file of ours asks for.
_OLDEST_PROTOCOL = 2
#: Nodes that hold no others, and may be repeated.
_LEAVES = {"JsonNode", "TypeNode", "FunctionNode"}
#: Loaders that our models need. Not among them are bound methods and the functions of `operator`,
#: which name code by text, and sparse matrices, which are compressed.
_LOADERS = _LEAVES | {
    "BytearrayNode",
    "BytesNode",
    "CachedNode",
    "ConstructorFromReduceNode",
    "DTypeNode",
    "DictNode",
    "ListNode",
    "LossNode",
    "MaskedArrayNode",
    "NdArrayNode",
    "ObjectNode",
    "PartialNode",
    "RandomGeneratorNode",
    "RandomStateNode",
    "SetNode",
    "SliceNode",
    "TreeNode",
    "TupleNode",
}
#: Where the pipelines are, whose attributes have to be a dict that can be looked through.
_WITH_A_CACHE = ("sk_ser.", "sklearn.pipeline.")
#: Nodes on all ways from the root, at most: a few that refer to each other can stand for
#: more than there is time to look at.
_MOST_VISITS = 5_000_000


def compact(members):
    """Describe each object once, number what is named by chance, drop what is not needed.

    skops describes an object again wherever it is met: the nets of a VotingClassifier, which
    holds them in a list and by name, would be stored twice.

    Parameters
    ----------
    members : dict of str to bytes
        As skops writes them.

    Returns
    -------
    dict of str to bytes
        The same model, which skops reads; equal models make equal members.
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


def check_members(members):
    """Raise ModelFileError, without saying where, unless members are as :func:`compact` makes them.

    Parameters
    ----------
    members : dict of str to bytes
        Of a file that may come from anyone.
    """
    _check(SCHEMA in members, f"there is no {SCHEMA}")
    try:
        schema = json.loads(members[SCHEMA])
        nodes = list(_nodes(schema))
        _check(_is_node(schema), "the schema describes no object")
        _check_protocol(schema.get("protocol"))
        for node in nodes:
            _check_node(node)
        _check_visits(schema, nodes)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(f"its schema cannot be read ({error!r})") from error
    named = {node["file"] for node in nodes if "file" in node}
    _check(named == members.keys() - {SCHEMA}, "it holds other arrays than the schema names")
    for name in named:
        if not name.endswith(".bin"):
            _check_array(name, members[name])


def _is_node(value):
    return isinstance(value, dict) and isinstance(value.get("__loader__"), str)


def _nodes(value):
    """Find all nodes, at any depth."""
    if _is_node(value):
        yield value
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _nodes(inner)


def _inner_nodes(value):
    """Find the nodes that a node holds, and not what these hold."""
    for inner in value.values() if isinstance(value, dict) else value:
        if _is_node(inner):
            yield inner
        elif isinstance(inner, (dict, list)):
            yield from _inner_nodes(inner)


def _check_protocol(protocol):
    _check(type(protocol) is int and protocol >= _OLDEST_PROTOCOL, "its protocol is not ours")


def _check_node(node):
    loader, content = node["__loader__"], node.get("content")
    _check(loader in _LOADERS, f"it asks for the loader {loader!r}, which no model of ours needs")
    if loader == "ObjectNode" and f"{node['__module__']}.".startswith(_WITH_A_CACHE):
        whole = content is None or content["__loader__"] == "DictNode"
        _check(whole, f"the attributes of {node['__class__']} are no dict")
    elif loader == "DictNode":
        memory = content.get("memory")
        none = memory is None or (memory["__loader__"], memory["content"]) == ("JsonNode", "null")
        _check(none, "a pipeline in it has a cache on disk, which belongs to one machine")
        _check(all(map(_is_plain_type, node["key_types"]["content"])), "the keys of a dict are odd")


def _is_plain_type(node):
    return node["__loader__"] == "TypeNode" and (
        node["__module__"] == "numpy"
        or f"{node['__module__']}.{node['__class__']}"
        in ("builtins.str", "builtins.int", "builtins.float", "builtins.bool", "builtins.NoneType")
    )


def _check_visits(schema, nodes):
    """See that each object is described once, does not hold itself, and can be gone through."""
    described = {}
    for node in nodes:
        if node["__loader__"] not in _LEAVES | {"CachedNode"}:
            _check(node["__id__"] not in described, "two objects have one number")
            described[node["__id__"]] = node
    leaves = {node["__id__"] for node in nodes if node["__loader__"] in _LEAVES}
    _check(not leaves & described.keys(), "two objects have one number")
    visits = {}

    def count(node):
        loader, number = node["__loader__"], node["__id__"]
        if loader in _LEAVES:
            return 1
        if number not in visits:
            visits[number] = None
            whole = described.get(number)
            _check(whole is not None, "it refers to an object that is not there")
            visits[number] = 1 + sum(map(count, _inner_nodes(whole)))
        _check(visits[number] is not None, "an object in it holds itself")
        return visits[number]

    _check(count(schema) <= _MOST_VISITS, "it refers to the same objects more often than is sane")


def _check_array(name, content):
    """See that an array is as large as its header says, so that no more memory is taken."""
    file = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(file)
        read = getattr(np.lib.format, f"read_array_header_{version[0]}_{version[1]}")
        shape, _, dtype = read(file)
    except (ValueError, AttributeError, TypeError, SyntaxError) as error:
        raise ModelFileError(f"its array {name} cannot be read ({error})") from error
    size = dtype.itemsize
    for length in shape:
        size *= length
    fits = not dtype.hasobject and size == len(content) - file.tell()
    _check(fits, f"its array {name} is not what it says it is")


def _check(holds, problem):
    if not holds:
        raise ModelFileError(problem)
