"""The features of most tutorials on speech emotion recognition, by sk_ser and by librosa.

They are the means over time of zero-crossing rate, chroma, 20 MFCC, RMS and 128 mel bands, at
22.05 kHz with librosa's default framing.
"""

import librosa
import numpy as np

from sk_ser.features import (
    MFCC,
    Chroma,
    Functionals,
    MelSpectrogram,
    RMSEnergy,
    ZeroCrossingRate,
    make_frame_union,
)

RATE = 22_050
#: A descriptor of sk_ser and a function of librosa for each family.
FAMILIES = {
    "zcr": (ZeroCrossingRate(), librosa.feature.zero_crossing_rate),
    "chroma": (Chroma(), lambda y: librosa.feature.chroma_stft(y=y, sr=RATE)),
    "mfcc": (MFCC(20), lambda y: librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=20)),
    "rms": (RMSEnergy(), lambda y: librosa.feature.rms(y=y)),
    "mel": (MelSpectrogram(128), lambda y: librosa.feature.melspectrogram(y=y, sr=RATE)),
}
UNION = make_frame_union(*(ours for ours, _ in FAMILIES.values()))
MEAN = Functionals(("mean",))


def librosa_means(samples):
    """Compute the features of samples at 22.05 kHz with librosa."""
    return np.concatenate([theirs(samples).mean(axis=1) for _, theirs in FAMILIES.values()])
