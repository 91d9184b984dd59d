"""Steps that the tests of the clip pipeline put into it, where workers can import them."""

import os
from pathlib import Path

from sk_ser._clipwise import ClipwiseTransformer
from sk_ser.features import MFCC


class Counting(ClipwiseTransformer):
    """Pass clips on, and leave a file in a folder for each, in whatever process."""

    def __init__(self, folder, tag=0):
        self.folder = folder
        self.tag = tag

    def transform_clip(self, clip):
        count = len(list(Path(self.folder).iterdir()))
        Path(self.folder, f"{os.getpid()}-{count}-{id(clip)}").touch()
        return clip

    def get_feature_names_out(self, input_features=None):
        return input_features


class Failing(MFCC):
    """Fail as a bug would at clips that begin with a 7."""

    def describe(self, frames):
        if frames.samples[0] == 7:
            raise ZeroDivisionError("a bug")
        return super().describe(frames)


def double(batch):
    """Make an array twice as large."""
    return 2 * batch


class Unpicklable(Exception):
    """Error that pickle cannot make again: it asks for two arguments."""

    def __init__(self, one, two):
        super().__init__(one)


def refuse(clips):
    raise Unpicklable(1, 2)
