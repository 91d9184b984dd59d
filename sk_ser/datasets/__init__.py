"""Corpora of emotional speech as tables of paths, emotions and speakers."""

from sk_ser.datasets._clean import clean_corpora
from sk_ser.datasets._concat import concat_corpora
from sk_ser.datasets._corpora.cremad import load_cremad
from sk_ser.datasets._corpora.emodb import load_emodb
from sk_ser.datasets._corpora.ravdess import load_ravdess
from sk_ser.datasets._corpora.savee import load_savee
from sk_ser.datasets._corpora.tess import load_tess
from sk_ser.datasets._corpora.urdu import load_urdu
from sk_ser.datasets._corpus import load_corpus
from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._files import list_recordings
from sk_ser.datasets._find import find_corpora
from sk_ser.datasets._labels import EMOTIONS, harmonise_emotion
from sk_ser.datasets._registry import load, register_corpus, unregister_corpus
from sk_ser.datasets._synthetic import make_emotional_speech

__all__ = [
    "EMOTIONS",
    "Corpus",
    "clean_corpora",
    "concat_corpora",
    "find_corpora",
    "harmonise_emotion",
    "list_recordings",
    "load",
    "load_corpus",
    "load_cremad",
    "load_emodb",
    "load_ravdess",
    "load_savee",
    "load_tess",
    "load_urdu",
    "make_emotional_speech",
    "register_corpus",
    "unregister_corpus",
]
