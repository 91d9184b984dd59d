"""The corpora that are declared as data: names, layouts, look-alikes."""

from pathlib import Path

import pytest

from sk_ser import datasets
from sk_ser.datasets import concat_corpora, find_corpora, load, load_ravdess, load_ravdess_song
from sk_ser.datasets._registry import known_corpora
from sk_ser.exceptions import CorpusError, CorpusWarning

#: By corpus: names in the published layout, with emotion, speaker, sex and sentence.
NAMES = {
    "aesdd": {
        "anger/a03 (4).wav": ("anger", "4", None, "03"),
        "fear/f10 (01).wav": ("fear", "1", None, "10"),
        "anger/a06 (5)b.wav": ("anger", "5", None, "06"),
        "sadness/s20 (2).wav": ("sadness", "2", None, "improvised-2-sadness"),
    },
    "ased": {
        "05Angry/a5-03-01-02-50.wav": ("anger", "50", "male", "anger-03"),
        "01Neutral/n1-01-02-01-07.wav": ("neutral", "07", "female", "common-01"),
        "04Sad/S4-04-02-01-29.wav": ("sadness", "29", "female", "sadness-04"),
    },
    "banglaser": {
        "Actor 25/03-01-02-01-03-02-25.wav": ("sadness", "25", "male", "3"),
        "Actor 02/03-01-05-01-01-03-02.wav": ("neutral", "02", "female", "1"),
    },
    "baved": {
        "21/0-m-21-0-1-105.wav": ("neutral", "0", "male", "0"),
        "5/5-f-23-6-2-1843.wav": ("high", "5", "female", "6"),
    },
    "cafe": {
        "CaFE_48k/Colère/Faible/01-C-1-1.wav": ("anger", "01", "male", "1"),
        "CaFE_48k/D\u201ago\u2013t/Fort/12-D-2-6.wav": ("disgust", "12", "female", "6"),
        "CaFE_192k/Neutre/02-N-0-3.aiff": ("neutral", "02", "female", "3"),
    },
    "emotale": {
        "wav/DK_001_A_1.wav": ("anger", "001", "female", "1"),
        "wav/EN_019_B_5.wav": ("boredom", "019", "male", "5"),
    },
    "emovdb": {
        "bea_Amused/amused_1-15_0001.wav": ("amusement", "bea", "female", "0001"),
        "sam/Sleepy/sleepiness_29-56_0033.wav": ("sleepiness", "sam", "male", "0033"),
        "jenie_anger_1-28_0011.wav": ("anger", "jenie", "female", "0011"),
    },
    "emovo": {
        "EMOVO/f1/rab-f1-b1.wav": ("anger", "f1", "female", "b1"),
        "EMOVO/m3/gio-m3-n5.wav": ("happiness", "m3", "male", "n5"),
    },
    "esd": {
        "0001/中立/0001_000350.wav": ("neutral", "0001", "female", "zh-350"),
        "0011/Angry/0011_000351.wav": ("anger", "0011", "male", "en-001"),
        "0020/Surprise/test/0020_001750.wav": ("surprise", "0020", "male", "en-350"),
    },
    "jl": {
        "JL(wav+txt)/female1_angry_10a_1.wav": ("anger", "female1", "female", "10"),
        "JL(wav+txt)/male2_apologetic_3b_2.wav": ("apologetic", "male2", "male", "3"),
    },
    "mesd": {
        "Anger_C_A_abajo.wav": ("anger", None, None, "abajo"),
        "Happiness_F_A_de_nada.wav": ("happiness", None, "female", "de_nada"),
    },
    "nemo": {
        "samples/EB0_anger_10.wav": ("anger", "EB0", "female", "10"),
        "samples/WR0_surprised_64.wav": ("surprise", "WR0", "male", "64"),
    },
    "ravdess_song": {
        "Actor_01/03-02-06-01-02-01-01.wav": ("fear", "01", "male", "dogs"),
        "Actor_12/03-02-01-01-01-02-12.wav": ("neutral", "12", "female", "kids"),
    },
    "shemo": {
        "female/F01A01.wav": ("anger", "F01", "female", None),
        "male/M56W02.wav": ("surprise", "M56", "male", None),
    },
    "subesco": {
        "F_01_OISHI_S_1_ANGRY_1.wav": ("anger", "F_01", "female", "1"),
        "M_01_MESBAH_S_10_SURPRISE_5.wav": ("surprise", "M_01", "male", "10"),
    },
    "turev": {
        "Sound Source/Angry/1157_kz_beste.wav": ("anger", "1157", None, "beste"),
        "Sound Source/Sad/7895_hl_zeytin.wav": ("sadness", "7895", None, "zeytin"),
        "Sound Source/Happy/1234_mt_acik.wav": ("happiness", "1234", None, "acik"),
        "Sound Source/Calm/6783_sk_algi.wav": ("calm", "6783", None, "algi"),
    },
}
#: Names of the same form with a value that the corpus does not have.
ALIENS = {
    "aesdd": "anger/n03 (4).wav",
    "ased": "05Angry/a4-03-01-02-50.wav",
    "banglaser": "Actor 35/03-01-02-01-03-02-35.wav",
    "baved": "0/0-x-21-0-1-105.wav",
    "cafe": "13-C-1-1.wav",
    "emotale": "DK_002_A_1.wav",
    "emovdb": "bea_Amused/happy_1-15_0001.wav",
    "emovo": "rab-f4-b1.wav",
    "esd": "0021_000351.wav",
    "jl": "female1_bored_10a_1.wav",
    "mesd": "Surprise_C_A_abajo.wav",
    "nemo": "XY0_anger_10.wav",
    "ravdess_song": "03-02-07-01-02-01-01.wav",
    "shemo": "F01B01.wav",
    "subesco": "F_01_OISHI_S_11_ANGRY_1.wav",
    "turev": "9999_kz_beste.wav",
}


def plain(value):
    return None if value != value else value


@pytest.fixture(params=sorted(NAMES))
def corpus(request):
    return request.param


@pytest.mark.parametrize("flat", [False, True])
def test_names_are_read_nested_and_flat(make_corpus, corpus, flat):
    names = NAMES[corpus]
    if flat and corpus != "emovdb":  # its speakers are folders
        names = {name.rpartition("/")[2]: facts for name, facts in names.items()}
    bunch = load(corpus, make_corpus(*names))
    assert len(bunch.skipped) == 0
    rows = bunch.frame.set_index("path")[["emotion", "speaker", "sex", "sentence"]]
    for path, row in rows.iterrows():
        (facts,) = (facts for name, facts in names.items() if path.endswith(f"/{name}"))
        assert tuple(map(plain, row)) == facts
    assert "Licence" in bunch.DESCR
    assert "Reference" in bunch.DESCR


def test_its_loader_reads_a_zip(make_zip, corpus):
    bunch = getattr(datasets, f"load_{corpus}")(make_zip(*NAMES[corpus]))
    assert len(bunch.data) == len(NAMES[corpus])
    assert bunch.name == corpus


def test_it_is_found_by_its_names(make_corpus, corpus):
    (bunch,) = find_corpora(make_corpus(*NAMES[corpus]))
    assert (bunch.name, len(bunch.data)) == (corpus, len(NAMES[corpus]))


def test_every_corpus_is_found_beside_the_others(make_corpus):
    names = [f"{corpus}/{name}" for corpus in NAMES for name in NAMES[corpus]]
    found = find_corpora(make_corpus(*names))
    assert {bunch.name: len(bunch.data) for bunch in found} == {
        corpus: len(NAMES[corpus]) for corpus in NAMES
    }


def test_a_name_that_does_not_fit_is_named(make_corpus, corpus):
    with pytest.warns(CorpusWarning, match="1 of .* recordings left out"):
        bunch = load(corpus, make_corpus(*NAMES[corpus], ALIENS[corpus]))
    assert len(bunch.data) == len(NAMES[corpus])
    assert bunch.skipped["path"].item().endswith(ALIENS[corpus])


def test_a_look_alike_is_refused(make_corpus, corpus):
    aliens = [f"{n}/{ALIENS[corpus]}" for n in "abcdefgh"]
    with pytest.raises(CorpusError, match=f"speak against {corpus}|no recording of {corpus}"):
        load(corpus, make_corpus(*NAMES[corpus], *aliens))


# BanglaSER and RAVDESS have names of one form


def named(channel, emotions, statements, repetitions, actors, intensities=("01", "02")):
    return [
        f"Actor_{actor}/03-{channel}-{emotion}-{intensity}-{statement}-{repetition}-{actor}.wav"
        for actor in actors
        for emotion in emotions
        for intensity in intensities
        if (emotion, intensity) != ("01", "02")
        for statement in statements
        for repetition in repetitions
    ]


BANGLA = named("01", ["01", "03", "05"], ["01", "02", "03"], ["01", "02"], ["07", "25"], ["01"])
SPEECH = named("01", ["01", "03", "05", "08"], ["01", "02"], ["01", "02"], ["01", "02"])
SONGS = named("02", ["01", "03", "05"], ["01", "02"], ["01", "02"], ["01", "02"])


@pytest.mark.parametrize(
    ("names", "found"), [(BANGLA, "banglaser"), (SPEECH, "ravdess"), (SONGS, "ravdess_song")]
)
def test_each_of_the_same_form_is_told_from_the_others(make_corpus, names, found):
    (bunch,) = find_corpora(make_corpus(*names))
    assert (bunch.name, len(bunch.data)) == (found, len(names))


def test_all_of_the_same_form_are_found_side_by_side(make_corpus):
    parts = {"a": BANGLA, "b": SPEECH, "c": SONGS}
    folder = make_corpus(*(f"{part}/{name}" for part, names in parts.items() for name in names))
    with pytest.warns(CorpusWarning, match="ravdess_song: left out, its speakers are those"):
        assert [bunch.name for bunch in find_corpora(folder)] == ["banglaser", "ravdess"]
    (songs,) = find_corpora(folder, names=["ravdess_song"])
    assert len(songs.data) == len(SONGS)


def test_speech_and_songs_in_one_folder_are_ravdess_without_its_songs(make_corpus):
    with pytest.warns(CorpusWarning, match="sung, not spoken"):
        (bunch,) = find_corpora(make_corpus(*SPEECH, *SONGS))
    assert (bunch.name, len(bunch.data)) == ("ravdess", len(SPEECH))


@pytest.mark.parametrize("name", ["ravdess", "banglaser"])
def test_neither_is_loaded_as_the_other(make_corpus, name):
    with pytest.raises(CorpusError, match=f"speak against {name}"):
        load(name, make_corpus(*(BANGLA if name == "ravdess" else SPEECH)))


def test_who_sings_is_who_speaks(make_corpus):
    speech = load_ravdess(make_corpus(*SPEECH, folder="speech"))
    songs = load_ravdess_song(make_corpus(*SONGS, folder="songs"))
    both = concat_corpora(speech, songs)
    assert set(both.groups) == {"ravdess/01", "ravdess/02"}
    assert set(both.frame["corpus"]) == {"ravdess", "ravdess_song"}
    assert set(concat_corpora(both).groups) == set(both.groups)


# One corpus's own


def test_the_folder_of_esd_must_agree_with_the_number(make_corpus):
    with pytest.warns(CorpusWarning, match="the folder names another emotion"):
        bunch = load("esd", make_corpus("0011/Happy/0011_000351.wav", "0011/Happy/0011_000701.wav"))
    assert bunch.target.tolist() == ["happiness"]


def test_no_speaker_of_mesd_is_known(make_corpus):
    bunch = load("mesd", make_corpus(*NAMES["mesd"]))
    assert bunch.groups is None
    assert bunch.frame["voice"].tolist() == ["child", "female"]


def test_cafe_keeps_one_of_two_sampling_rates(make_corpus):
    names = "CaFE_48k/Peur/Fort/12-P-2-5.wav", "CaFE_192k/Peur/Fort/12-P-2-5.aiff"
    with pytest.warns(CorpusWarning, match="copy of another file"):
        assert len(load("cafe", make_corpus(*names)).data) == 1


def test_ratings_of_emotale_are_means_of_three(make_corpus):
    folder = make_corpus("wav/DK_001_A_1.wav", "wav/DK_001_A_2.wav")
    columns = [f"a{n}_{letter}" for letter in "AVD" for n in (1, 2, 3)]
    row = "DK_001_A_1.wav,4.0,4.0,5.5,1,2,3,3,3,4.5"
    (folder / "annotations.csv").write_text(f"file,{','.join(columns)}\n{row}\n")
    frame = load("emotale", folder).frame
    assert frame.loc[0, ["arousal", "valence", "dominance"]].tolist() == [4.5, 2.0, 3.5]
    assert frame.loc[1, ["arousal", "valence", "dominance"]].isna().all()


@pytest.mark.parametrize("text", ["", "file,a1_A\n", "name,a1_A\nx,1\n", b"\xff\x00"])
def test_a_table_of_other_ratings_is_named(make_corpus, text):
    folder = make_corpus("wav/DK_001_A_1.wav")
    table = folder / "annotations.csv"
    table.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CorpusError, match=r"annotations\.csv: not the ratings of EmoTale"):
        load("emotale", folder)


@pytest.mark.corpus
def test_the_real_emotale(corpora):
    bunch = load("emotale", corpora / "emotale")
    emotions = ["anger", "boredom", "happiness", "neutral", "sadness"]
    assert bunch.frame["emotion"].value_counts().to_dict() == dict.fromkeys(emotions, 160)
    assert bunch.frame.groupby("language")["speaker"].nunique().sum() == 32
    assert len(set(bunch.groups)) == 18
    assert bunch.frame[["arousal", "valence", "dominance"]].stack().between(1, 5).all()
    assert bunch.frame.groupby("emotion")["arousal"].mean().idxmin() == "boredom"


def test_the_guide_lists_every_corpus_with_its_licence():
    guide = (Path(__file__).parents[2] / "docs" / "corpora.md").read_text(encoding="utf-8")
    ours = {n: corpus for n, corpus in known_corpora().items() if hasattr(datasets, f"load_{n}")}
    assert len(ours) == 22
    for name, corpus in ours.items():
        (line,) = [line for line in guide.splitlines() if line.startswith(f"| `{name}` |")]
        assert f"| {corpus.language} |" in line
        assert line.endswith(f"| {corpus.licence} |")
