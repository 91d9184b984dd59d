"""Zips are extracted once and whole, within their folder and within limits."""

import io
import stat
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from sk_ser.datasets import _archive, load_corpus, load_savee, load_tess
from sk_ser.exceptions import CorpusError, CorpusWarning

NAME = "TESS/OAF_back_angry.wav"


def everything_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_zip_is_extracted_beside_itself_and_found_again(make_zip, monkeypatch):
    path = make_zip(NAME, "readme.txt", "__MACOSX/TESS/._OAF_back_angry.wav")
    first = load_tess(path)
    (extracted,) = [entry for entry in path.parent.iterdir() if entry.is_dir()]
    assert extracted.name.startswith("corpus-")
    assert everything_below(extracted) == ["TESS", NAME]
    monkeypatch.setattr(_archive, "_extract_whole", None)
    assert load_tess(path).data.tolist() == first.data.tolist() == [str(extracted / NAME)]


def test_another_zip_of_the_same_name_is_extracted_anew(make_zip):
    assert load_tess(make_zip(NAME)).groups.tolist() == ["OAF"]
    assert load_tess(make_zip("YAF_back_sad.wav")).groups.tolist() == ["YAF"]


def test_extract_to(make_zip, tmp_path):
    bunch = load_tess(make_zip(NAME, path="here/corpus.zip"), extract_to=tmp_path / "there")
    assert bunch.data[0].startswith(str(tmp_path / "there" / "corpus-"))
    assert everything_below(tmp_path / "here") == ["corpus.zip"]


def test_zip_in_a_folder_that_cannot_be_written_goes_to_the_cache(make_zip, tmp_path, monkeypatch):
    path = make_zip(NAME)
    # A file where the folder would be: fails for root too, as permissions do not.
    (tmp_path / "blocked").touch()
    places = [tmp_path / "blocked", tmp_path / "cache"]
    monkeypatch.setattr(_archive, "places_for", lambda source: places)
    assert load_tess(path).data[0].startswith(str(tmp_path / "cache"))
    monkeypatch.setattr(_archive, "places_for", lambda source: places[:1])
    with pytest.raises(CorpusError, match=r"cannot be written to.*extract_to="):
        load_tess(make_zip("YAF_back_sad.wav"))


def test_cache_folder_is_the_users(make_zip, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home-cache"))
    assert _archive.places_for(tmp_path / "x.zip") == [tmp_path, tmp_path / "home-cache" / "sk_ser"]


def test_processes_that_extract_at_once_agree(make_zip, monkeypatch):
    path = make_zip(*[f"OAF_{word}_sad.wav" for word in ("a", "b", "c")])
    together = threading.Barrier(4)
    run = _archive._Extraction.run

    def run_together(self, archive, target):
        run(self, archive, target)
        together.wait(timeout=10)

    monkeypatch.setattr(_archive._Extraction, "run", run_together)
    with ThreadPoolExecutor(4) as pool:
        bunches = list(pool.map(load_tess, [path] * 4))
    assert len({tuple(bunch.data) for bunch in bunches}) == 1
    assert len([entry for entry in path.parent.iterdir() if entry.is_dir()]) == 1


@pytest.mark.parametrize(
    "name",
    [
        "../OAF_back_angry.wav",
        "a/../../OAF_back_angry.wav",
        "/tmp/OAF_back_angry.wav",
        "C:/OAF_back_angry.wav",
        "c:OAF_back_angry.wav",
        "..\\OAF_back_angry.wav",
        "\\\\server\\share\\OAF_back_angry.wav",
    ],
)
def test_member_that_would_leave_the_folder(make_zip, tmp_path, name):
    path = make_zip(NAME, name, path="deep/down/corpus.zip")
    with pytest.raises(CorpusError, match=r"refused.*outside its folder"):
        load_tess(path)
    assert everything_below(tmp_path) == ["deep", "deep/down", "deep/down/corpus.zip"]


def test_name_cut_short_by_nul(make_zip):
    path = make_zip("OAF_back_angry.wav.txt")
    path.write_bytes(path.read_bytes().replace(b".wav.txt", b".wav\0txt"))
    with pytest.raises(CorpusError, match="refused"):
        load_tess(path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices(tmp_path, kind):
    info = zipfile.ZipInfo("OAF_back_angry.wav")
    info.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "corpus.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(CorpusError, match="a link or a device"):
        load_tess(tmp_path / "corpus.zip")
    assert everything_below(tmp_path) == ["corpus.zip"]


def test_bomb_is_stopped_by_what_it_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(_archive, "RATIO_FLOOR", 2**20)
    with zipfile.ZipFile(tmp_path / "corpus.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OAF_back_angry.wav", bytes(8 * 2**20))
    with pytest.raises(CorpusError, match="far more than its size"):
        load_tess(tmp_path / "corpus.zip")
    assert everything_below(tmp_path) == ["corpus.zip"]


def test_bomb_within_a_zip_draws_on_the_same_allowance(tmp_path, monkeypatch):
    monkeypatch.setattr(_archive, "RATIO_FLOOR", 2**20)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OAF_back_angry.wav", bytes(8 * 2**20))
    with zipfile.ZipFile(tmp_path / "corpus.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    with pytest.raises(CorpusError, match="far more than its size"):
        load_tess(tmp_path / "corpus.zip")


def test_total_size_is_limited(make_zip, monkeypatch):
    monkeypatch.setattr(_archive, "MAX_BYTES", 100)
    with pytest.raises(CorpusError, match="far more than its size"):
        load_tess(make_zip(NAME, "YAF_back_sad.wav", "YAF_back_fear.wav"))


def test_number_of_members_is_limited(make_zip, monkeypatch):
    monkeypatch.setattr(_archive, "MAX_MEMBERS", 2)
    with pytest.raises(CorpusError, match="more than 2 files"):
        load_tess(make_zip(NAME, "a.txt", "b.txt"))


def test_damaged_member_leaves_nothing_behind(make_zip, tmp_path, wav_bytes):
    with zipfile.ZipFile(tmp_path / "corpus.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(NAME, wav_bytes)
    data = bytearray((tmp_path / "corpus.zip").read_bytes())
    data[data.index(b"RIFF")] ^= 0xFF
    (tmp_path / "corpus.zip").write_bytes(data)
    with pytest.raises(CorpusError, match=r"corpus\.zip: the archive is damaged"):
        load_tess(tmp_path / "corpus.zip")
    assert everything_below(tmp_path) == ["corpus.zip"]


def test_truncated_zip(make_zip):
    path = make_zip(NAME)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(CorpusError, match="neither a folder nor a zip"):
        load_tess(path)


def test_encrypted_member(make_zip):
    path = make_zip(NAME)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(CorpusError, match="is encrypted"):
        load_tess(path)


def test_member_that_is_there_twice(tmp_path, wav_bytes):
    with zipfile.ZipFile(tmp_path / "corpus.zip", "w") as archive:
        archive.writestr(NAME, wav_bytes)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(NAME, wav_bytes)
    with pytest.raises(CorpusError, match="cannot be extracted"):
        load_tess(tmp_path / "corpus.zip")


def test_zip_without_recordings_is_an_error_with_its_files(make_zip):
    with pytest.raises(CorpusError, match=r"no recordings in the archive.*readme\.txt"):
        load_tess(make_zip("readme.txt"))


def test_zip_within_a_zip(tmp_path, make_zip):
    inner = make_zip("AudioData/DC/a01.wav", path="AudioData.zip")
    with zipfile.ZipFile(tmp_path / "savee.zip", "w") as archive:
        archive.write(inner, "SAVEE/AudioData.zip")
    bunch = load_savee(tmp_path / "savee.zip")
    assert bunch.data[0].endswith("SAVEE/AudioData/AudioData/DC/a01.wav")


def test_zip_two_deep_is_reported(tmp_path, make_zip):
    deepest = make_zip("DC_a01.wav", path="deepest.zip")
    middle = make_zip("DC_a02.wav", path="middle.zip")
    with zipfile.ZipFile(middle, "a") as archive:
        archive.write(deepest, "deepest.zip")
    with zipfile.ZipFile(tmp_path / "savee.zip", "w") as archive:
        archive.write(middle, "middle.zip")
    with pytest.warns(CorpusWarning, match=r"deepest\.zip.*two archives deep"):
        assert len(load_savee(tmp_path / "savee.zip").data) == 1


def test_zip_of_your_own_corpus(make_zip):
    bunch = load_corpus(make_zip("my/Kim/Angry/1.wav", "my/Lee/Sad/1.wav"))
    assert bunch.groups.tolist() == ["Kim", "Lee"]
