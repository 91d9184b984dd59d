"""Average successive frames."""

import numpy as np

from sk_ser._arrays import FrameSequence
from sk_ser._clipwise import ClipwiseTransformer


class FrameAverage(ClipwiseTransformer):
    """Average groups of successive frames.

    A network over 100 frames per second learns little more than one over 50, and takes twice
    as long. Averaging keeps information that dropping every other frame would lose.

    Parameters
    ----------
    n_frames : int, default=2
        Number of frames per group; the last group of a clip may be smaller.

    Attributes
    ----------
    descriptor_names_in_ : ndarray of shape (n_descriptors,)
        Names of the descriptors that `fit` saw; ``x0``, … if they had none.
    n_features_in_ : int
        Number of frames of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    The level of a group is that of its loudest frame.

    Examples
    --------
    >>> from sk_ser.features import FrameAverage, FrameSequence
    >>> sequence = FrameSequence([[1.0], [3.0], [4.0]], frame_rate=100.0)
    >>> average = FrameAverage(2).transform_clip(sequence)
    >>> average.tolist(), average.frame_rate
    ([[2.0], [4.0]], 50.0)
    """

    takes = "sequences"

    def __init__(self, n_frames=2):
        self.n_frames = n_frames

    def transform_clip(self, sequence: np.ndarray) -> FrameSequence:
        """Average one sequence."""
        if len(sequence) == 0:
            return sequence
        starts = np.arange(0, len(sequence), self.n_frames)
        sizes = np.diff(np.append(starts, len(sequence)))
        total = np.add.reduceat(np.asarray(sequence), starts, axis=0)
        rate = None if sequence.frame_rate is None else sequence.frame_rate / self.n_frames
        level = None if sequence.level is None else np.maximum.reduceat(sequence.level, starts)
        return FrameSequence(total / sizes[:, None], sequence.names, rate, level)

    def check_params(self) -> None:
        """Validate the parameters."""
        self.check_whole("n_frames", 1)
