"""Limit numerical libraries, here and in worker processes, to one thread.

The libraries read these variables when they load, so import this module before them.
"""

import os

for _library in ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMBA", "VECLIB_MAXIMUM"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
