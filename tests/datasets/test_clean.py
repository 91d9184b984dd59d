"""Recordings that are left out: unusable ones, and those that two speakers have."""

import shutil

import numpy as np
import pytest
import soundfile

from sk_ser.datasets import clean_corpora, load_corpus, make_emotional_speech
from sk_ser.exceptions import CorpusError, CorpusWarning

RATE = 8_000


@pytest.fixture
def make_own(tmp_path):
    """Write clips of two speakers and emotions; return their folder."""

    def make(name="own", seed=0):
        rng = np.random.default_rng(seed)
        for speaker in ("Kim", "Lee"):
            for emotion in ("anger", "joy"):
                folder = tmp_path / name / speaker / emotion
                folder.mkdir(parents=True)
                for number in range(2):
                    samples = rng.normal(scale=0.1, size=RATE)
                    soundfile.write(folder / f"{number}.wav", samples, RATE)
        return tmp_path / name

    return make


def clean(*folders, **options):
    return clean_corpora([load_corpus(folder) for folder in folders], **options)


def test_a_corpus_without_faults_stays_as_it_is(make_own):
    corpus = load_corpus(make_own())
    assert clean_corpora([corpus])[0] is corpus
    speech = make_emotional_speech(2, 2, random_state=0)
    assert clean_corpora([speech])[0] is speech


@pytest.mark.parametrize(
    "samples, reason",
    [
        (np.zeros(RATE), "silent"),
        ([0.5], "too short"),
        (np.column_stack([np.sin(np.arange(RATE)), -np.sin(np.arange(RATE))]), "cancel each other"),
        (None, "cannot be decoded"),
    ],
)
def test_an_unusable_recording_is_left_out_and_named(make_own, samples, reason):
    folder = make_own()
    path = folder / "Kim" / "anger" / "0.wav"
    path.write_text("not audio") if samples is None else soundfile.write(path, samples, RATE)
    with pytest.warns(CorpusWarning, match=rf"1 of 8 recordings .*0\.wav: .*{reason}"):
        (corpus,) = clean(folder)
    assert (len(corpus.data), len(corpus.target), len(corpus.groups)) == (7, 7, 7)
    assert str(path) not in corpus.data
    assert corpus.skipped["path"].tolist() == [str(path)]
    assert corpus.left_out == {"unusable": 1}
    with pytest.raises(CorpusError, match=rf"0\.wav: .*{reason}"):
        clean(folder, on_error="raise")


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_a_recording_of_two_speakers_is_kept_once(make_own, suffix):
    folder = make_own()
    samples, rate = soundfile.read(folder / "Kim" / "joy" / "0.wav")
    soundfile.write(folder / "Lee" / "joy" / f"9{suffix}", samples, rate)
    with pytest.warns(CorpusWarning, match=r"the same recording as .*Kim.*0\.wav, of speaker Kim"):
        (corpus,) = clean(folder)
    assert len(corpus.data) == 8
    assert corpus.left_out == {"copies": 1}


def test_a_copy_of_the_same_speaker_stays(make_own):
    folder = make_own()
    shutil.copy(folder / "Kim" / "joy" / "0.wav", folder / "Kim" / "joy" / "9.wav")
    assert len(clean(folder)[0].data) == 9


def test_a_recording_with_two_emotions_is_refused(make_own):
    folder = make_own()
    shutil.copy(folder / "Kim" / "joy" / "0.wav", folder / "Lee" / "anger" / "9.wav")
    with pytest.raises(CorpusError, match=r"the same recording as .*, as '(joy|anger)' and"):
        clean(folder)


def test_a_corpus_that_lies_twice_is_taken_once(make_own, tmp_path):
    folder = make_own()
    other = make_own("other", seed=1)
    shutil.copytree(folder, tmp_path / "backup")
    with pytest.warns(CorpusWarning, match="backup: 8 of 8 recordings are left out"):
        found = clean(folder, tmp_path / "backup", other)
    assert [corpus.name for corpus in found] == ["own", "other"]


def test_processes_find_the_same(make_own):
    folder = make_own()
    soundfile.write(folder / "Lee" / "joy" / "1.wav", np.zeros(RATE), RATE)
    for n_jobs in (1, 2):
        with pytest.warns(CorpusWarning, match="1 of 8"):
            assert len(clean(folder, n_jobs=n_jobs)[0].data) == 7


def test_nothing_that_remains_is_an_error(make_own):
    folder = make_own()
    for path in folder.rglob("*.wav"):
        soundfile.write(path, np.zeros(RATE), RATE)
    with pytest.warns(CorpusWarning), pytest.raises(CorpusError, match="no usable recording"):
        clean(folder)
