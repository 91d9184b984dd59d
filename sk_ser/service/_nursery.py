"""What the server imports that workers are forked off: they have it at once, and share it."""

import gc

from sk_ser._light_skops import import_skops
from sk_ser.service import _worker  # noqa: F401

import_skops()
# a collector that marks objects would copy the memory that they are in, for each worker
gc.freeze()
