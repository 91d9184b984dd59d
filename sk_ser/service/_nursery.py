"""Modules that the fork server imports, so that the workers share them in memory."""

import gc

from sk_ser._light_skops import import_skops
from sk_ser.service import _worker  # noqa: F401

import_skops()
# the garbage collector would write to shared memory and so copy it for each worker
gc.freeze()
