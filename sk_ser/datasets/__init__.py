"""Corpora of emotional speech as tables of paths, emotions and speakers."""

from sk_ser.datasets._clean import clean_corpora
from sk_ser.datasets._concat import concat_corpora
from sk_ser.datasets._corpora.aesdd import load_aesdd
from sk_ser.datasets._corpora.ased import load_ased
from sk_ser.datasets._corpora.banglaser import load_banglaser
from sk_ser.datasets._corpora.baved import load_baved
from sk_ser.datasets._corpora.cafe import load_cafe
from sk_ser.datasets._corpora.cremad import load_cremad
from sk_ser.datasets._corpora.emodb import load_emodb
from sk_ser.datasets._corpora.emotale import load_emotale
from sk_ser.datasets._corpora.emovdb import load_emovdb
from sk_ser.datasets._corpora.emovo import load_emovo
from sk_ser.datasets._corpora.esd import load_esd
from sk_ser.datasets._corpora.jl import load_jl
from sk_ser.datasets._corpora.mesd import load_mesd
from sk_ser.datasets._corpora.nemo import load_nemo
from sk_ser.datasets._corpora.ravdess import load_ravdess, load_ravdess_song
from sk_ser.datasets._corpora.savee import load_savee
from sk_ser.datasets._corpora.shemo import load_shemo
from sk_ser.datasets._corpora.subesco import load_subesco
from sk_ser.datasets._corpora.tess import load_tess
from sk_ser.datasets._corpora.turev import load_turev
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
    "load_aesdd",
    "load_ased",
    "load_banglaser",
    "load_baved",
    "load_cafe",
    "load_corpus",
    "load_cremad",
    "load_emodb",
    "load_emotale",
    "load_emovdb",
    "load_emovo",
    "load_esd",
    "load_jl",
    "load_mesd",
    "load_nemo",
    "load_ravdess",
    "load_ravdess_song",
    "load_savee",
    "load_shemo",
    "load_subesco",
    "load_tess",
    "load_turev",
    "load_urdu",
    "make_emotional_speech",
    "register_corpus",
    "unregister_corpus",
]
