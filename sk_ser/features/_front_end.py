"""The front ends of the baselines, from paths to vectors or sequences."""

from sk_ser.audio import AudioLoader
from sk_ser.features._chroma import Chroma
from sk_ser.features._clip_pipeline import ClipPipeline, make_clip_pipeline
from sk_ser.features._delta import Delta
from sk_ser.features._frame_average import FrameAverage
from sk_ser.features._functionals import Functionals
from sk_ser.features._mean_normalizer import MeanNormalizer
from sk_ser.features._mel import MelSpectrogram
from sk_ser.features._mfcc import MFCC
from sk_ser.features._pitch import FundamentalFrequency
from sk_ser.features._spectral import SpectralStatistics
from sk_ser.features._temporal import RMSEnergy, ZeroCrossingRate
from sk_ser.features._union import make_frame_union

_SAMPLING_RATE = 16_000
_HOP_LENGTH = 160
_STATISTICS = ("mean", "std", "p5", "p25", "p50", "p75", "p95", "skewness", "kurtosis", "slope")


def make_front_end(
    *,
    on_error: str = "raise",
    memory: object = None,
    n_jobs: int | None = None,
    verbose: bool = False,
) -> ClipPipeline:
    """Build the front end of the classical baselines: 2,220 functionals of 74 descriptors.

    Frames of 25 ms every 10 ms at 16 kHz; 20 MFCC, 26 mel bands in dB, spectral
    statistics, chroma, zero-crossing rate, RMS energy, fundamental frequency and
    voicing; first and second derivatives of each; mean, standard deviation, five
    percentiles, skewness, kurtosis and slope of each over the frames that are at most
    30 dB below the clip's loudest.

    Parameters
    ----------
    on_error : {"raise", "warn", "skip"}, default="raise"
        What to do about a file that cannot be read; see
        :class:`~sk_ser.audio.AudioLoader`.
    memory : str, Path, joblib.Memory or None, default=None
        Folder of the cache of each clip's vector; see :class:`ClipPipeline`.
    n_jobs : int or None, default=None
        Number of clips to work on at a time.
    verbose : bool, default=False
        Whether to show a progress bar with the time left.

    Returns
    -------
    ClipPipeline
        With steps ``audioloader``, ``frameunion``, ``delta`` and ``functionals``.

    Examples
    --------
    >>> from sk_ser.features import make_front_end
    >>> front_end = make_front_end()
    >>> len(front_end.get_feature_names_out())
    2220
    >>> front_end = front_end.set_params(frameunion__mfcc__n_mfcc=13)
    """
    framing = {"n_fft": 512, "win_length": 400, "frame_length": 400, "hop_length": _HOP_LENGTH}
    descriptors = make_frame_union(
        MFCC(n_mfcc=20, n_mels=40),
        MelSpectrogram(n_mels=26, scale="db"),
        SpectralStatistics(),
        ZeroCrossingRate(),
        RMSEnergy(),
        **framing,
    )
    # pitch classes and the periods of low voices need longer frames
    descriptors.descriptors += [
        ("chroma", Chroma(n_fft=2048, hop_length=_HOP_LENGTH)),
        ("pitch", FundamentalFrequency(frame_length=800, hop_length=_HOP_LENGTH)),
    ]
    loader = AudioLoader(_SAMPLING_RATE, on_error=on_error)
    steps = [loader, descriptors, Delta(), Functionals(_STATISTICS, min_level=30)]
    return make_clip_pipeline(*steps, memory=memory, n_jobs=n_jobs, verbose=verbose)


def make_sequence_front_end(
    *,
    on_error: str = "raise",
    memory: object = None,
    n_jobs: int | None = None,
    verbose: bool = False,
) -> ClipPipeline:
    """Build the front end of the neural baselines: 66 descriptors every 20 ms.

    64 mel bands in dB of frames of 25 ms at 16 kHz, fundamental frequency in semitones
    and voicing, computed every 10 ms and averaged over pairs of frames. Silence is trimmed at
    both ends (30 dB), and each mel band is normalised by its mean over the clip.

    Parameters
    ----------
    on_error : {"raise", "warn", "skip"}, default="raise"
        What to do about a file that cannot be read; see
        :class:`~sk_ser.audio.AudioLoader`.
    memory : str, Path, joblib.Memory or None, default=None
        Folder of the cache of each clip's sequence; see :class:`ClipPipeline`.
    n_jobs : int or None, default=None
        Number of clips to work on at a time.
    verbose : bool, default=False
        Whether to show a progress bar with the time left.

    Returns
    -------
    ClipPipeline
        With steps ``audioloader``, ``frameunion``, ``frameaverage`` and ``meannormalizer``.

    Examples
    --------
    >>> from sk_ser.features import make_sequence_front_end
    >>> front_end = make_sequence_front_end()
    >>> front_end.get_feature_names_out()[-3:].tolist()
    ['mel_63', 'f0', 'voicing']
    """
    descriptors = make_frame_union(
        MelSpectrogram(n_fft=512, win_length=400, n_mels=64, scale="db"),
        FundamentalFrequency(frame_length=800),
        hop_length=_HOP_LENGTH,
    )
    loader = AudioLoader(_SAMPLING_RATE, trim=30, on_error=on_error)
    steps = [loader, descriptors, FrameAverage(2), MeanNormalizer(("mel_",))]
    return make_clip_pipeline(*steps, memory=memory, n_jobs=n_jobs, verbose=verbose)
