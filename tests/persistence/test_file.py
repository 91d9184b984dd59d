"""A file that is not as it was written is an error, or says what it said: nothing between."""

import json
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.naive_bayes import GaussianNB

from sk_ser.exceptions import ModelFileError
from sk_ser.persistence import load, read_header, save
from sk_ser.persistence._file import read_file, write_file

X = np.random.default_rng(0).normal(size=(20, 2))
MODEL = GaussianNB().fit(X, np.arange(20) % 2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def content(folder):
    return save(MODEL, folder / "whole.skops", header={"sampling_rate": 16_000}).read_bytes()


def holds(folder, damaged, header):
    """Load damaged content: it must fail clearly, or be as it was."""
    path = folder / "damaged.skops"
    path.write_bytes(damaged)
    try:
        found = load(path)
    except ModelFileError as error:
        assert "damaged.skops" in str(error)  # noqa: PT017
    else:
        np.testing.assert_array_equal(found.predict_proba(X), MODEL.predict_proba(X))
    try:
        found = read_header(path)
    except ModelFileError:
        pass
    else:
        assert found == header


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_flipped_bits_are_errors_or_change_nothing(data, folder, content):
    header = read_header(folder / "whole.skops")
    damaged = bytearray(content)
    places = st.integers(0, 8 * len(content) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=3, unique=True)):
        damaged[place // 8] ^= 1 << place % 8
    holds(folder, damaged, header)


@pytest.mark.slow
def test_any_flipped_bit_is_an_error_or_changes_nothing(folder, content):
    header = read_header(folder / "whole.skops")
    for place in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[place // 8] ^= 1 << place % 8
        holds(folder, damaged, header)


def test_a_truncated_file_is_an_error_wherever_it_ends(folder, content):
    path = folder / "truncated.skops"
    for end in range(0, len(content), 7):
        path.write_bytes(content[:end])
        for read in (load, read_header):
            with pytest.raises(ModelFileError, match=r"truncated\.skops"):
                read(path)


@settings(max_examples=50, deadline=None)
@given(noise=st.binary(max_size=200), cut=st.integers(0, 400))
def test_what_is_put_in_or_taken_out_is_an_error_or_changes_nothing(noise, cut, folder, content):
    header = read_header(folder / "whole.skops")
    middle = len(content) // 2
    for damaged in (noise + content, content + noise, content[:middle] + noise + content[middle:]):
        holds(folder, damaged, header)
    holds(folder, content[:middle] + content[middle + cut :], header)


def test_members_that_change_places_are_an_error(folder, content):
    header, members = read_file(folder / "whole.skops")
    arrays = sorted(name for name in members if name.endswith(".npy"))
    first, second = arrays[:2]
    swapped = members | {first: members[second], second: members[first]}
    checksums = zipfile.ZipFile(folder / "whole.skops").read("checksums.json")
    path = write_file(folder / "swapped.skops", header, swapped)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in (parts | {"checksums.json": checksums}).items():
            archive.writestr(name, part)
    with pytest.raises(ModelFileError, match="checksums do not fit"):
        load(path)


def test_a_newer_format_says_what_to_update_to(folder):
    header, members = read_file(folder / "whole.skops")
    header |= {"format_version": 2, "versions": header["versions"] | {"sk_ser": "7.1.0"}}
    path = write_file(folder / "newer.skops", header, members)
    for read in (load, read_header):
        with pytest.raises(ModelFileError, match=r"version 2 of the format.*Update sk_ser to 7.1"):
            read(path)


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"no zip", b"\x80\x04N.", b"PK\x05\x06" + bytes(18)]
)
def test_what_is_no_model_is_told(content, tmp_path):
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    for read in (load, read_header):
        with pytest.raises(ModelFileError, match=r"other\.bin"):
            read(path)


def test_a_file_of_skops_itself_lacks_a_header(tmp_path):
    import skops.io

    skops.io.dump(MODEL, tmp_path / "plain.skops")
    with pytest.raises(ModelFileError, match="no header"):
        load(tmp_path / "plain.skops")


def test_skops_reads_ours(folder, content):
    import skops.io

    again = skops.io.load(folder / "whole.skops")
    np.testing.assert_array_equal(again.predict_proba(X), MODEL.predict_proba(X))


def test_a_missing_file_is_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.skops")


def test_what_was_there_stays_if_saving_fails(tmp_path, monkeypatch):
    path = save(MODEL, tmp_path / "m.skops")
    before = path.read_bytes()
    monkeypatch.setattr("os.replace", lambda *args: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        save(MODEL, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["m.skops"]


def test_equal_models_make_equal_files(tmp_path):
    paths = [save(MODEL, tmp_path / name) for name in "ab"]
    first, second = (read_file(path) for path in paths)
    assert first[1] == second[1]
    assert {**first[0], "created": 0} == {**second[0], "created": 0}
    assert json.loads(first[1]["schema.json"])["protocol"] == 2
