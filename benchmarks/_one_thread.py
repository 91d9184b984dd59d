"""Keep numerical libraries, here and in worker processes, to one thread.

They read these variables when they load, so this is imported before any of them.
"""

import os

for _library in ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMBA", "VECLIB_MAXIMUM"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
