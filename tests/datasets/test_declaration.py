"""Corpora declared as data."""

import pytest

from sk_ser.datasets import Corpus, load
from sk_ser.exceptions import CorpusError, CorpusWarning


def declare(pattern, example, **changes):
    texts = dict.fromkeys(("title", "language", "licence", "source", "reference", "form"), "none")
    return Corpus(**{"name": "mine", "pattern": pattern, "example": example} | texts | changes)


#: One for each kind of naming: the pattern, its tables, names and facts.
NAMINGS = {
    "sex in the speaker's code": (
        r"(?P<emotion>[a-z]+)-(?P<speaker>(?P<sex>[fm])\d)-(?P<sentence>\w+)",
        {"emotion": {"rab": "anger", "gio": "happiness"}, "sex": {"f": "female", "m": "male"}},
        {"rab-f1-b1.wav": ("anger", "f1", "female", "b1")},
    ),
    "folders of speakers, emotions and styles": (
        r"(?P<speaker>00\d\d)/(?P<emotion>[a-z]+)/(?:\w+/)?(?P=speaker)_(?P<sentence>\d{6})",
        {"emotion": str.lower, "sex": {"0011": "male", "0012": "female"}},
        {
            "0011/Angry/0011_000351.wav": ("angry", "0011", "male", "000351"),
            "0012/Sad/train/0012_000352.wav": ("sad", "0012", "female", "000352"),
        },
    ),
    "only the folder names the emotion": (
        r"(?P<emotion>colère|joie)/(?:fort|faible)/(?P<speaker>\d\d)-\w-\d-(?P<sentence>\d)",
        {
            "emotion": {"Colère": "anger", "Joie": "happiness"},
            "sex": lambda speaker: "male" if int(speaker) % 2 else "female",
        },
        {"CaFE/Colère/Fort/04-C-2-6.wav": ("anger", "04", "female", "6")},
    ),
    "numbers for sex and age": (
        r"(?P<speaker>\d+)-(?P<sex>[mf])-(?P<age>\d\d)-(?P<sentence>\d)-(?P<emotion>[0-2])-\d+",
        {"age": int, "emotion": {0: "low", 1: "neutral", 2: "high"}, "sex": {"m": "male"}},
        {"7-m-21-3-2-1234.wav": ("high", "7", "male", "3")},
    ),
}


@pytest.mark.parametrize("naming", NAMINGS)
def test_rules_of_naming(make_corpus, naming):
    pattern, tables, expected = NAMINGS[naming]
    corpus = declare(pattern, next(iter(expected)), tables=tables)
    frame = load(corpus, make_corpus(*expected)).frame
    columns = ["emotion", "speaker", "sex", "sentence"]
    assert list(map(tuple, frame[columns].to_numpy().tolist())) == list(expected.values())


def test_values_keep_their_type_and_further_columns_their_order():
    pattern, tables, (name,) = NAMINGS["numbers for sex and age"]
    facts = declare(pattern, name, tables=tables).facts(name)
    assert facts["age"] == 21
    assert [fact for fact in facts if not fact.startswith("_")] == [
        *("speaker", "sex", "age", "sentence", "emotion"),
    ]


def test_the_folder_of_one_speaker_alone(make_corpus):
    pattern, tables, names = NAMINGS["folders of speakers, emotions and styles"]
    corpus = declare(pattern, next(iter(names)), tables=tables)
    folder = make_corpus(*names) / "0011" / "Angry"
    assert load(corpus, folder).groups.tolist() == ["0011"]


def test_a_corpus_without_speakers(make_corpus):
    corpus = declare(r"(?P<emotion>\w+)_(?P<sex>[FM])_\w_(?P<sentence>\w+)", "Anger_F_A_abajo.wav")
    bunch = load(corpus, make_corpus("Anger_F_A_abajo.wav"))
    assert bunch.groups is None
    assert bunch.target.tolist() == ["Anger"]


LETTERS = r"(?P<speaker>s\d)(?P<emotion>[a-z])", "s1W.wav"


def test_case_is_ignored_in_pattern_and_tables():
    corpus = declare(*LETTERS, tables={"emotion": {"W": "anger"}})
    assert corpus.facts("x/S1w.WAV")["emotion"] == "anger"


def test_a_text_in_no_table_does_not_fit(make_corpus):
    corpus = declare(*LETTERS, tables={"emotion": {"W": "anger"}})
    with pytest.warns(CorpusWarning, match=r"s1X\.wav.*does not fit"):
        assert len(load(corpus, make_corpus("s1W.wav", "s1X.wav")).data) == 1


def test_copies_agree_in_all_groups_but_the_rank(make_corpus, names_of):
    corpus = declare(
        r"(?P<_rank>raw|clean)_(?P<speaker>s\d)_(?P<emotion>[a-z]+)_(?P<_take>\d)",
        "raw_s1_sad_1.wav",
        tables={"_rank": {"raw": 1, "clean": 0}},
    )
    names = ["raw_s1_sad_1.wav", "clean_s1_sad_1.wav", "raw_s1_sad_2.wav"]
    with pytest.warns(CorpusWarning, match="1 of 3 .*copy"):
        bunch = load(corpus, make_corpus(*names))
    assert names_of(bunch.data) == ["clean_s1_sad_1.wav", "raw_s1_sad_2.wav"]
    assert not [column for column in bunch.frame if column.startswith("_")]


def test_hooks_complete_and_leave_out(make_corpus):
    corpus = declare(
        r"(?P<speaker>s\d)_(?P<_number>\d+)",
        "s1_1.wav",
        complete=lambda facts, path: facts | {"emotion": path.parent.name.lower()},
        leave_out=lambda facts: "a rehearsal" if facts["_number"] == "0" else None,
    )
    with pytest.warns(CorpusWarning, match="a rehearsal"):
        bunch = load(corpus, make_corpus("Sad/s1_1.wav", "Joy/s2_2.wav", "Joy/s1_0.wav"))
    assert bunch.target.tolist() == ["joy", "sad"]


def test_everything_left_out_is_an_error_with_the_reason(make_corpus):
    corpus = declare(
        r"(?P<speaker>s\d)_(?P<emotion>\w+)", "s1_sad.wav", leave_out=lambda facts: "a rehearsal"
    )
    with pytest.raises(
        CorpusError, match="all 1 files of mine are left out: a rehearsal"
    ) as caught:
        load(corpus, make_corpus("s1_sad.wav"))
    assert caught.value.reason.startswith("all 1 files")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"example": "s1-sad.wav"}, r"Corpus 'mine': the example 's1-sad\.wav' does not fit"),
        ({"tables": {"emotion": {"joy": "happiness"}}}, "example .* does not fit"),
        ({"pattern": r"(?P<speaker>s\d)_\w+"}, "no group emotion"),
        (
            {"pattern": r"s\d_(?P<emotion>\w+)", "tables": {"age": {"s1": 3}}},
            "'age'.*no group speaker",
        ),
    ],
)
def test_mistakes_show_where_they_are_made(changes, message):
    good = {"pattern": r"(?P<speaker>s\d)_(?P<emotion>\w+)", "example": "s1_sad.wav"}
    with pytest.raises(ValueError, match=message):
        declare(**good | changes)


def test_the_description_has_the_facts_and_what_was_recorded():
    texts = {"title": "Mine: two friends", "licence": "CC0-1.0", "about": "\n  Text.\n"}
    corpus = declare(r"(?P<emotion>\w+)", "sad.wav", **texts)
    lines = corpus.descr.splitlines()
    assert lines[0] == "Mine: two friends"
    assert "Licence     CC0-1.0" in lines
    assert lines[-1] == "Text."
