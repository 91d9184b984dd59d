"""Malicious files that run code, exhaust memory or write to a path."""

import hashlib
import io
import json
import os
import resource
import sys
import time
import zipfile

import numpy as np
import pytest

from sk_ser.exceptions import ModelFileError
from sk_ser.persistence import load, read_header
from sk_ser.persistence._file import pack_zip, read_file, unpack_zip, write_file
from sk_ser.persistence._trusted import AROUND
from tests.persistence.forge import (
    array,
    forge,
    holding,
    node,
    of_dict,
    of_json,
    of_list,
    of_object,
    of_tuple,
)


@pytest.fixture
def marker(tmp_path, monkeypatch):
    """File that any of these would make, were it run; a module would make it, were it imported."""
    path = tmp_path / "it ran"
    (tmp_path / "trap.py").write_text(f"open({str(path)!r}, 'w')\nclass Trap: pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield path
    assert not path.exists()
    assert "trap" not in sys.modules


def calls(name, *args):
    return node("ConstructorFromReduceNode", name, content=of_tuple(*args))


def run(command):
    """Ways to ask for a command, each by another loader of skops."""
    command = of_json(command)
    attributes = {"args": of_tuple(command), "kwds": of_dict(), "namespace": of_json(None)}
    system = node("FunctionNode", "posix.system")
    return {
        "a function": system,
        "eval": node("FunctionNode", "builtins.eval"),
        "a function as a type": node("TypeNode", "posix.system"),
        "a constructor": calls("subprocess.Popen", command),
        "a function as a constructor": calls("posix.system", command),
        "a list's class": node("ListNode", "posix.system", content=[command]),
        "a tuple's class": node("TupleNode", "posix.system", content=[command]),
        "a set's class": node("SetNode", "posix.system", content=[command]),
        "a dict's class": node("DictNode", "posix.system", content={}, key_types=of_list()),
        "an array's class": node("NdArrayNode", "posix.system", type="numpy", file="1.npy"),
        "a random state's class": node("RandomStateNode", "posix.system", content=of_dict()),
        "a loss's class": node(
            "LossNode", "posix.system", __reduce__={"args": of_tuple(command)}, content=of_dict()
        ),
        "a tree's class": node(
            "TreeNode", "posix.system", __reduce__={"args": of_tuple(command)}, content=of_dict()
        ),
        "a partial": node(
            "PartialNode", "functools.partial", content={"func": system} | attributes
        ),
        "a method": node(
            "MethodNode", "builtins.str", content={"func": "format", "obj": of_json("x")}
        ),
        "a function of operator": node(
            "OperatorFuncNode", "operator.methodcaller", attrs=of_tuple(of_json("fit"))
        ),
        "the type of a key": node(
            "DictNode",
            "builtins.dict",
            content={"touch it": of_json(1)},
            key_types=of_list(node("FunctionNode", "posix.system")),
        ),
        "a class of its own": of_object("trap.Trap"),
        "a class in a module of its own": node("TypeNode", "trap.Trap"),
        "a loader that skops lacks": node("PickleNode", "builtins.bytes", file="1.npy"),
        "a loader of the command line": node("JsonNode2", "builtins.str", content="1"),
        "a generator of a made-up kind": node(
            "RandomGeneratorNode",
            "numpy.random._generator.Generator",
            content={
                "bit_generator": of_dict(bit_generator=of_json("seed")),
                "seed_seq": of_dict(),
            },
        ),
    }


@pytest.mark.parametrize("way", list(run("")))
def test_what_asks_for_code_is_refused_and_nothing_runs(way, marker, tmp_path):
    content = io.BytesIO()
    np.save(content, np.zeros(1))
    asked = run(f"touch '{marker}'")[way]
    named = {"1.npy": content.getvalue()} if "file" in asked else {}
    for schema in (asked, holding(asked)):
        path = forge(tmp_path / "m.skops", schema, named)
        with pytest.raises(ModelFileError, match=r"m\.skops"):
            load(path)


def test_these_files_do_run_once_they_are_trusted(tmp_path):
    # or the tests above would hold of files that ask for nothing
    path = tmp_path / "it ran"
    # arguments up to `shell`
    arguments = [f"touch '{path}'", -1, None, None, None, None, None, True, True]
    asked = calls("subprocess.Popen", *map(of_json, arguments))
    load(forge(tmp_path / "m.skops", asked), trusted=["subprocess.Popen"]).wait()
    assert path.exists()


def test_a_function_is_not_called_even_if_it_is_trusted(marker, tmp_path):
    asked = calls("posix.system", of_json(f"touch '{marker}'"))
    path = forge(tmp_path / "m.skops", holding(asked))
    with pytest.raises(ModelFileError, match=r"posix\.system, which is not a type"):
        load(path, trusted=["posix.system"])


@pytest.mark.parametrize("name", AROUND)
def test_no_trusted_name_is_called(name, tmp_path):
    numbers = of_list(*map(of_json, range(9)))
    for asked in (
        calls(name, numbers, numbers),
        node("ListNode", name, content=[numbers, numbers]),
        node("TupleNode", name, content=[numbers, numbers]),
        node("SetNode", name, content=[numbers]),
        node("DictNode", name, content={}, key_types=of_list()),
        node("RandomStateNode", name, content=of_dict()),
        node("NdArrayNode", name, type="numpy", file="1.npy"),
    ):
        arrays = {"1.npy": npy((1,))} if "file" in asked else {}
        if (asked["__loader__"], name) == ("DictNode", "sklearn.utils._bunch.Bunch"):
            continue
        with pytest.raises(ModelFileError, match=r"it calls|makes a|is a"):
            load(forge(tmp_path / "m.skops", holding(asked), arrays))


@pytest.mark.parametrize("name", ["numpy.void", "numpy.bytes_", "numpy.object_", "builtins.bytes"])
def test_an_array_is_not_the_size_of_another(name, tmp_path):
    content = io.BytesIO()
    np.save(content, np.array(2 * 10**9))
    asked = node("NdArrayNode", name, type="numpy", file="1.npy")
    with pytest.raises(ModelFileError, match=f"an array in it is a {name}"):
        load(forge(tmp_path / "m.skops", holding(asked), {"1.npy": content.getvalue()}))


def test_what_is_not_trusted_is_named_with_the_remedy(tmp_path, marker):
    path = forge(tmp_path / "m.skops", holding(node("FunctionNode", "trap.Trap")))
    with pytest.raises(ModelFileError, match=r"trusted=\['trap.Trap'\]"):
        load(path)


def test_a_pickle_in_an_array_is_not_read(tmp_path, marker):
    class Evil:
        def __reduce__(self):
            return os.system, (f"touch '{marker}'",)

    content = io.BytesIO()
    np.save(content, np.array([Evil()], dtype=object), allow_pickle=True)
    path = forge(tmp_path / "m.skops", holding(array()), {"1.npy": content.getvalue()})
    with pytest.raises(ModelFileError, match="not of the size that it declares"):
        load(path)


def test_a_pickle_in_place_of_a_model_is_not_read(tmp_path, marker):
    path = tmp_path / "m.skops"
    path.write_bytes(b"cposix\nsystem\n(S'touch \"" + str(marker).encode() + b"\"'\ntR.")
    with pytest.raises(ModelFileError, match=r'run any code.*format="joblib"'):
        load(path)


@pytest.mark.parametrize("protocol", [0, 1, -1, 99, True, "2", None])
def test_another_protocol_has_other_loaders(protocol, tmp_path):
    path = forge(tmp_path / "m.skops", of_json(1), protocol=protocol)
    with pytest.raises(ModelFileError):
        load(path)


@pytest.mark.parametrize(
    "parameter, value",
    [
        ("memory", "cache"), ("memory", ["cache"]), ("clippipeline__memory", ["a", None]),
        ("param_x__memory", "a"), ("n_jobs", 40), ("n_jobs", -1), ("n_jobs", "40"),
        ("featureunion__n_jobs", [2]), ("verbose", 10), ("verbose", True),
    ],
)  # fmt: skip
def test_what_concerns_the_machine_is_refused_anywhere(parameter, value, tmp_path):
    search = "sklearn.model_selection._search.GridSearchCV"
    given = of_list(*map(of_json, value)) if isinstance(value, list) else of_json(value)
    for schema in (
        of_object("sk_ser.features._clip_pipeline.ClipPipeline", **{parameter: given}),
        of_object(search, param_grid=of_list(of_dict(**{parameter: given}))),
        of_object(search, cv_results_=of_dict(params=of_list(of_dict(**{parameter: given})))),
    ):
        with pytest.raises(ModelFileError, match=f"{parameter} is set in it"):
            load(forge(tmp_path / "m.skops", schema))


def test_a_cache_is_not_set_as_pairs(tmp_path):
    pipeline = "sk_ser.features._clip_pipeline.ClipPipeline"
    # which dict.update takes
    pairs = of_list(of_tuple(of_json("memory"), of_json(str(tmp_path))))
    same = node("CachedNode", "builtins.list", __id__=pairs["__id__"])
    for sly in (
        node("ObjectNode", pipeline, content=pairs),
        of_list(pairs, node("ObjectNode", pipeline, content=same)),
    ):
        with pytest.raises(ModelFileError, match="not a dict"):
            load(forge(tmp_path / "m.skops", sly))


# Too much


def npy(shape, n_bytes=8):
    """An array's header that promises a shape, and a few bytes."""
    content = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(content, header)
    return content.getvalue() + bytes(n_bytes)


@pytest.mark.parametrize("shape", [(10**12,), (2**40, 2**40), (-1,), (2,), (0,)])
def test_an_array_of_another_size_takes_no_memory(shape, tmp_path):
    path = forge(tmp_path / "m.skops", array(), {"1.npy": npy(shape)})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ModelFileError, match=r"array 1\.npy"):
        load(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB


def test_lists_of_the_same_lists_cost_no_time(tmp_path):
    # 2 ** 100 ways from the root to the end
    schema = of_list(of_json(1))
    for _ in range(100):
        again = node("CachedNode", "builtins.list", __id__=schema["__id__"])
        schema = of_list(schema, again)
    path = forge(tmp_path / "m.skops", schema)
    begin = time.perf_counter()
    with pytest.raises(ModelFileError, match="refer to each other too often"):
        load(path)
    assert time.perf_counter() - begin < 5


def test_numbers_that_two_objects_share_are_refused(tmp_path):
    first = of_list(of_json(1))
    second = of_list(of_json(2)) | {"__id__": first["__id__"]}
    with pytest.raises(ModelFileError, match="the same number"):
        load(forge(tmp_path / "m.skops", of_list(first, second)))


def test_an_object_that_holds_itself_is_refused(tmp_path):
    whole = of_list()
    whole["content"].append(node("CachedNode", "builtins.list", __id__=whole["__id__"]))
    with pytest.raises(ModelFileError, match="contains itself"):
        load(forge(tmp_path / "m.skops", whole))


@pytest.mark.parametrize("depth", [2_000, 200_000])
def test_what_is_nested_too_deeply_is_refused(depth, tmp_path):
    header, members = read_file(forge(tmp_path / "m.skops", of_json(1)))
    schema = '{"content": [' * depth + "1" + "]}" * depth
    path = tmp_path / "deep.skops"
    write_file(path, header, members | {"schema.json": schema.encode()})
    with pytest.raises(ModelFileError, match=r"deep\.skops"):
        load(path)


def test_compressed_members_are_refused_unread(tmp_path):
    path = forge(tmp_path / "m.skops", array(), {"1.npy": npy((1,))})
    content = zipfile.ZipFile(path)
    bomb = tmp_path / "bomb.skops"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, content:
        for name in content.namelist():
            archive.writestr(name, content.read(name))
        archive.writestr("2.npy", bytes(50_000_000))
    with pytest.raises(ModelFileError, match="compressed"):
        load(bomb)


def test_members_that_lie_over_one_another_are_refused(tmp_path):
    path = forge(tmp_path / "m.skops", array(), {"1.npy": npy((100_000,), 800_000)})
    content = path.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    tail = bytearray(content[end:])
    start, n_members = int.from_bytes(tail[16:20], "little"), int.from_bytes(tail[8:10], "little")
    # the directory names the large member twice more, at its own place
    entries = content[start:end].split(b"PK\x01\x02")
    large = b"PK\x01\x02" + next(entry for entry in entries if b"1.npy" in entry)
    more = large.replace(b"1.npy", b"2.npy") + large.replace(b"1.npy", b"3.npy")
    tail[8:10] = tail[10:12] = (n_members + 2).to_bytes(2, "little")
    tail[12:16] = (end - start + len(more)).to_bytes(4, "little")
    sly = tmp_path / "sly.skops"
    sly.write_bytes(content[:end] + more + bytes(tail))
    assert len(zipfile.ZipFile(sly).namelist()) == n_members + 2
    with pytest.raises(ModelFileError, match="larger than the file"):
        load(sly)


def test_unused_and_missing_arrays_are_refused(tmp_path):
    for schema, arrays in ((of_json(1), {"1.npy": npy((1,))}), (array(), {})):
        with pytest.raises(ModelFileError, match="arrays are not those"):
            load(forge(tmp_path / "m.skops", schema, arrays))


def test_a_name_that_leads_elsewhere_is_but_a_name(tmp_path):
    path = forge(tmp_path / "m.skops", array("../../x.npy"), {"../../x.npy": npy((1,))})
    np.testing.assert_array_equal(load(path), np.zeros(1))
    assert not list(tmp_path.parent.parent.glob("x.npy"))


# Models that are none


def test_a_net_that_its_arrays_do_not_make_takes_no_memory(tmp_path):
    pytest.importorskip("skorch")
    layers = {"n_channels": 3, "n_classes": 2, "recurrence": "lstm", "hidden_size": 10**7}
    for wrong in (layers, layers | {"n_layers": 10**9}):
        net = of_dict(
            layers=of_dict(**{name: of_json(value) for name, value in wrong.items()}),
            weights=of_dict(a=array()),
            optimizer=of_dict(),
            history=of_list(),
            mixed_precision=of_json(False),
            validation=of_json(None),
        )
        schema = of_object("sk_ser.neural._recurrent.LSTMClassifier", net_=net)
        path = forge(tmp_path / "m.skops", schema, {"1.npy": npy((1,))})
        with pytest.raises(ModelFileError, match=r"arrays (do not fit|cannot make)"):
            load(path)


def test_checksums_are_looked_at_first(tmp_path):
    path = forge(tmp_path / "m.skops", of_json(1))
    header, members = read_file(path)
    other = members | {"schema.json": members["schema.json"].replace(b"1", b"2")}
    checksums = json.loads(zipfile.ZipFile(path).read("checksums.json"))
    files = {"header.json": json.dumps(header).encode(), **other}
    path.write_bytes(pack_zip(files | {"checksums.json": json.dumps(checksums).encode()}))
    with pytest.raises(ModelFileError, match="checksums do not fit"):
        load(path)


# Headers


@pytest.mark.parametrize(
    "entries, fault",
    [
        ({"classes": "anger"}, "classes must be a list"),
        ({"classes": [["anger"]]}, r"classes\[0\] must be a label"),
        ({"sampling_rate": "16000"}, "sampling_rate must be null or a sampling rate"),
        ({"sampling_rate": 1}, "sampling_rate must be"),
        ({"sampling_rate": True}, "sampling_rate must be"),
        ({"versions": ["1.0"]}, "versions must be an object"),
        ({"versions": {"sk_ser": 1}}, r"versions\.sk_ser must be text"),
        ({"created": {}}, "created must be text"),
        ({"model": {"class": "SVC"}}, "model lacks description"),
        ({"training": ["much"]}, "training must be an object"),
        ({"training": {}}, "training lacks corpora"),
        ({"protocols": {"scores": {}}}, "protocols lacks chance"),
        ({"prediction_set": {"threshold": "0.2"}}, r"prediction_set\.threshold must be a number"),
        ({"prediction_set": 0.2}, "prediction_set must be an object"),
    ],
)
def test_a_header_of_wrong_types_is_refused(entries, fault, tmp_path):
    path = forge(tmp_path / "m.skops", of_json(1), **entries)
    for read in (load, read_header):
        with pytest.raises(ModelFileError, match=f"in its header, {fault}"):
            read(path)


def test_numbers_that_json_lacks_are_refused(tmp_path):
    path = forge(tmp_path / "m.skops", of_json(1), prediction_set={"threshold": 0.25})
    path.write_bytes(with_header(path, b"0.25", b"NaN "))
    with pytest.raises(ModelFileError, match="NaN is no number"):
        load(path)


def with_header(path, old, new):
    """Replace bytes of a header, with the checksum that fits."""
    members = unpack_zip(path.read_bytes())
    checksums = json.loads(members["checksums.json"])
    header = members["header.json"].replace(old, new)
    checksums["header.json"] = hashlib.sha256(header).hexdigest()
    new = {"header.json": header, "checksums.json": json.dumps(checksums).encode()}
    return pack_zip(members | new)
