"""What no emotion can be heard in is refused before anything is computed of it."""

import numpy as np

from sk_ser._containers import is_path
from sk_ser.audio import AudioLoader, Clip, decode, duration_of
from sk_ser.exceptions import AudioError

#: Seconds of the shortest clip that is predicted from: about half a syllable.
_SHORTEST = 0.1
#: Standard deviation of samples, full scale at 1, up to which a clip counts as silent: -80 dB.
_SILENCE = 1e-4
#: Samples that are looked at at a time.
_BLOCK = 2**16


class CarefulLoader(AudioLoader):
    """Loader that refuses what no emotion can be heard in, and does not decode long files."""

    def __init__(self, mono="mix", longest=None):
        super().__init__(None, mono=mono)
        self.longest = longest

    def transform_clip(self, item):
        """Load one clip at its own rate, or raise an AudioError that says why not."""
        if self.longest is not None and is_path(item):
            # what a header says is known at once, but need not be so
            self._refuse_long(duration_of(item) or 0.0)
            item = self._decode(item)
        clip = super().transform_clip(item)
        if clip.duration < _SHORTEST:
            raise AudioError(
                f"too short: {clip.duration:.2g} s, and {_SHORTEST} s at least are needed"
            )
        if _spread(np.asarray(clip)) <= _SILENCE:
            raise AudioError("silent: nothing in it is louder than -80 dB of full scale")
        return clip

    def _decode(self, path):
        samples, rate = decode(path, mono=self.mono, max_duration=self.longest)
        return Clip(samples[:, 0], rate)

    def _refuse_long(self, duration):
        if duration > self.longest:
            raise AudioError(f"too long: {duration:.1f} s, and {self.longest:g} s are allowed")


def _spread(samples):
    """Compute the standard deviation a block at a time: a long clip is not copied."""
    mean = np.mean(samples, dtype=np.float64)
    blocks = (samples[start : start + _BLOCK] for start in range(0, len(samples), _BLOCK))
    return np.sqrt(sum(np.sum(np.square(block - mean)) for block in blocks) / len(samples))
