"""Chunks from a microphone."""

import queue
import warnings
from collections.abc import Iterator

import numpy as np

from sk_ser._optional import import_optional
from sk_ser.exceptions import AudioWarning


def microphone(
    sampling_rate: int = 16_000,
    *,
    seconds: float = 0.1,
    channels: int = 1,
    device: object = None,
    buffer: float = 30.0,
) -> Iterator[np.ndarray]:
    """Record from a microphone until the generator is closed.

    The sound card fills a queue in the background, so nothing is lost during a prediction.

    Parameters
    ----------
    sampling_rate : int, default=16000
        In Hz.
    seconds : float, default=0.1
        Length of a chunk.
    channels : int, default=1
        Number of channels to record.
    device : int, str or None, default=None
        The microphone, as ``python -m sounddevice`` lists it; None is the system's default.
    buffer : float, default=30.0
        Seconds of sound that wait for the next prediction; further samples are lost.

    Yields
    ------
    ndarray of shape (n_samples, n_channels), float32
        Amplitudes with full scale at 1.

    Raises
    ------
    ImportError
        If sounddevice (extra ``microphone``) is not installed.
    OSError
        If the PortAudio library or the microphone is missing.

    Warns
    -----
    AudioWarning
        If samples were lost because the chunks were not taken fast enough.

    Examples
    --------
    >>> from sk_ser.recognition import StreamingPredictor, microphone
    >>> def listen(model):
    ...     for one in StreamingPredictor(model).stream(microphone()):
    ...         print(f"{one.end:6.1f} s  {one.emotion}")
    """
    if not seconds > 0:
        raise ValueError(f"microphone: seconds={seconds} must be > 0 s.")
    try:
        sounddevice = import_optional("sounddevice", extra="microphone", purpose="microphone")
    except OSError as error:
        message = f"microphone: {error}. Install it, for example: apt install libportaudio2"
        raise OSError(message) from error
    waiting = queue.Queue(maxsize=max(1, round(buffer / seconds)))
    lost = []

    def keep(chunk, frames, time, status):
        if getattr(status, "input_overflow", False):
            lost.append("the sound card")
        try:
            waiting.put_nowait(chunk.copy())
        except queue.Full:
            lost.append("the queue")

    try:
        recording = sounddevice.InputStream(
            device=device,
            samplerate=sampling_rate,
            channels=channels,
            dtype="float32",
            blocksize=max(1, round(seconds * sampling_rate)),
            callback=keep,
        )
    except (sounddevice.PortAudioError, ValueError) as error:
        raise OSError(
            f"microphone: device={device!r} cannot record {channels} channel(s) at "
            f"{sampling_rate} Hz ({error}). `python -m sounddevice` lists the devices."
        ) from error
    with recording:
        while True:
            yield waiting.get()
            if lost:
                message = f"microphone: samples were lost in {lost[0]}. Use a longer hop."
                warnings.warn(message, AudioWarning, stacklevel=2)
                lost.clear()
