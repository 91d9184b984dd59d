"""Placeholder until the duplicates branch is merged."""

import hashlib

import numpy as np
import pandas as pd

from sk_ser._containers import check_items
from sk_ser.audio import AudioLoader


def find_duplicates(X, *, near=True, n_jobs=None):
    items = check_items(AudioLoader(), X, "paths")
    loader = AudioLoader()
    seen, rows = {}, []
    for n, item in enumerate(items):
        d = hashlib.sha256(np.asarray(loader.transform_clip(item)).tobytes()).digest()
        if d in seen:
            rows.append((seen[d], n, "exact", 1.0))
        else:
            seen[d] = n
    return pd.DataFrame(rows, columns=["first", "second", "kind", "similarity"])
