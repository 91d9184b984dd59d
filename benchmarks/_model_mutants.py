"""Model files that are changed in one way and have fitting checksums.

A seed and a number determine each of them. `tests/persistence/test_fuzz.py` also uses the module.
"""

import io
import json
import tokenize

import numpy as np

from sk_ser.persistence._file import read_file, write_file

#: False numbers for sizes, indices and parameters.
NUMBERS = (0, 1, -1, -5, 2**15, 10**8, 2**31 - 1, 2**31, -(2**31), 2**63 - 1, 2**64, 1e308, 0.5)
#: Other values that JSON knows.
VALUES = (None, True, "", "x" * 1000, [], {}, [0], "nan", "float32", "|O")
#: Functions and types that do harm or take memory when a file may call them.
NAMES = (
    ("os", "system"),
    ("posix", "system"),
    ("subprocess", "Popen"),
    ("builtins", "eval"),
    ("builtins", "bytearray"),
    ("numpy", "zeros"),
    ("numpy", "load"),
    ("joblib", "Memory"),
    ("sklearn.metrics", "balanced_accuracy_score"),
    ("sklearn.datasets", "fetch_openml"),
    ("sk_ser.persistence", "load"),
    ("functools", "partial"),
)
#: Loaders of skops.
LOADERS = (
    "ObjectNode", "FunctionNode", "PartialNode", "MethodNode", "OperatorFuncNode", "TypeNode",
    "ConstructorFromReduceNode", "NdArrayNode", "DictNode", "ListNode", "BytesNode", "JsonNode",
    "ReduceNode", "LossNode", "TreeNode", "CachedNode", "RandomStateNode", "SliceNode",
)  # fmt: skip


def mutate(source, target, seed, number):
    """Write a file with one to three changes.

    Parameters
    ----------
    source, target : path-like
        Files of :func:`sk_ser.persistence.save`.
    seed, number : int
        They determine the changes.

    Returns
    -------
    str
        The members that were changed, and how.
    """
    rng = np.random.default_rng([seed, number])
    header, members = read_file(source)
    labels = []
    for _ in range(rng.integers(1, 4)):
        if rng.random() < 0.1:
            header, label = _change_json(header, rng)
        else:
            # there are many arrays, but the structure and the trees are each one member
            others = [name for name in members if not name.endswith(".npy")]
            name = _pick(rng, others if rng.random() < 0.6 else list(members))
            members[name], label = _change_member(name, members[name], rng)
            label = f"{name}: {label}"
        labels.append(label)
    write_file(target, header, members)
    return "; ".join(labels)


def _change_member(name, content, rng):
    try:
        if name.endswith(".npy"):
            return _change_array(content, rng)
        changed, label = _change_json(json.loads(content), rng)
    except (ValueError, EOFError, SyntaxError, MemoryError, tokenize.TokenError):
        # no JSON, or an array that an earlier change has damaged
        return _change_bytes(content, rng)
    return json.dumps(changed).encode(), label


def _change_json(value, rng):
    """Change one place of a JSON document, each level of which is as likely as another."""
    places = list(_places(value))
    if not places:
        return value, "nothing"
    holder, key = _pick(rng, places)
    change = _pick(rng, (_other_number, _other_value, _other_name, _removed, _doubled, _shuffled))
    change(holder, key, rng)
    return value, f"{key}, {change.__name__.strip('_')}"


def _places(value):
    """Yield the dicts and lists of a document with each of their keys."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _other_number(holder, key, rng):
    number = _pick(rng, NUMBERS)
    # XGBoost writes numbers as text
    holder[key] = str(number) if isinstance(holder[key], str) else number


def _other_value(holder, key, rng):
    holder[key] = _pick(rng, VALUES)


def _other_name(holder, key, rng):
    """Name another type or loader in the node that holds the place, or in the place itself."""
    node = holder[key] if isinstance(holder[key], dict) else holder
    if isinstance(node, dict):
        node["__module__"], node["__class__"] = _pick(rng, NAMES)
        node["__loader__"] = _pick(rng, LOADERS)


def _removed(holder, key, rng):
    del holder[key]


def _doubled(holder, key, rng):
    if isinstance(holder, list):
        holder.insert(key, holder[key])
    elif isinstance(holder[key], list):
        holder[key] = holder[key] * 2


def _shuffled(holder, key, rng):
    if isinstance(holder[key], list):
        holder[key] = [holder[key][place] for place in rng.permutation(len(holder[key]))]


def _change_array(content, rng):
    """Change the values, the shape or the type of an array."""
    array = np.load(io.BytesIO(content), allow_pickle=False)
    change = _pick(rng, ("values", "shape", "type", "bytes"))
    if change == "bytes" or not array.size:
        return _change_bytes(content, rng)
    if change == "type":
        types = ("i1", "i8", "f2", "c16", "U8") if array.dtype.kind in "iufb" else ("U1", "S8")
        with np.errstate(all="ignore"):
            array = array.astype(_pick(rng, types))
    elif change == "shape":
        array = np.repeat(array.ravel(), 2) if rng.random() < 0.5 else array.ravel()[:-1]
    elif array.dtype.kind in "if":
        array = array.copy()
        with np.errstate(all="ignore"):
            array.flat[rng.integers(array.size)] = np.array(
                _pick(rng, (0, -1, -5, 2**31 - 1, 10**8, 7))
            ).astype(array.dtype)
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue(), change


def _change_bytes(content, rng):
    content = bytearray(content)
    for place in rng.integers(len(content), size=rng.integers(1, 20)) if content else ():
        content[place] = rng.integers(256)
    return bytes(content), "bytes"


def _pick(rng, values):
    return values[rng.integers(len(values))]
