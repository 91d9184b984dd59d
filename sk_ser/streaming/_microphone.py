"""Chunks out of a microphone."""

import queue
import warnings

from sk_ser._optional import import_optional
from sk_ser.exceptions import AudioWarning

#: Seconds of sound that may wait for whoever takes it; what comes on top is lost.
_PATIENCE = 30


def microphone(sampling_rate=16_000, *, seconds=0.1, channels=1, device=None):
    """Record until nobody asks for more.

    The sound card fills a queue by itself, so that nothing is lost while a window is
    predicted.

    Parameters
    ----------
    sampling_rate : int, default=16000
        In Hz.
    seconds : float, default=0.1
        Length of a chunk.
    channels : int, default=1
        How many to record.
    device : int, str or None, default=None
        Which microphone, as ``python -m sounddevice`` lists them; None is the system's.

    Yields
    ------
    ndarray of shape (n_samples, n_channels), float32
        Amplitudes, full scale at 1.

    Raises
    ------
    ImportError
        If sounddevice (extra ``microphone``) is not installed.
    OSError
        If there is no PortAudio library, or no such microphone.

    Warns
    -----
    AudioWarning
        If samples were lost, since the chunks were not taken fast enough.

    Examples
    --------
    >>> from sk_ser.streaming import StreamingPredictor, microphone
    >>> def listen(model):
    ...     for one in StreamingPredictor(model).stream(microphone()):
    ...         print(f"{one.end:6.1f} s  {one.emotion}")
    """
    if not seconds > 0:
        raise ValueError(f"microphone: seconds={seconds} must be > 0 s.")
    sounddevice = _sounddevice()
    waiting = queue.Queue(maxsize=max(1, round(_PATIENCE / seconds)))
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
            f"{sampling_rate} Hz ({error}). `python -m sounddevice` lists what there is."
        ) from error
    with recording:
        while True:
            yield waiting.get()
            if lost:
                message = f"microphone: samples were lost in {lost[0]}. Use a longer hop."
                warnings.warn(message, AudioWarning, stacklevel=2)
                lost.clear()


def _sounddevice():
    try:
        return import_optional("sounddevice", extra="microphone", purpose="microphone")
    except OSError as error:
        raise OSError(
            f"microphone: {error}. Install the library, as with: apt install libportaudio2"
        ) from error
