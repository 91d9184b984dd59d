"""Comparisons of which the predictions are given, not made by any model."""

import numpy as np
import pandas as pd

from sk_ser.model_selection import ProtocolComparison

PROTOCOL = "speaker-independent"


def comparison_of(y_true, speakers, **predictions):
    """Make a comparison of models, by name, that predicted each clip once."""
    y_true, speakers = np.asarray(y_true), np.asarray(speakers)
    n_clips = len(y_true)
    parts = [
        pd.DataFrame(
            {
                "estimator": name,
                "protocol": PROTOCOL,
                "fold": 0,
                "index": np.arange(n_clips),
                "speaker": speakers,
                "y_true": y_true,
                "y_pred": np.asarray(y_pred),
            }
        )
        for name, y_pred in predictions.items()
    ]
    table = pd.DataFrame({"estimator": list(predictions), "protocol": PROTOCOL, "uar": np.nan})
    return ProtocolComparison(
        table=table,
        gap=pd.DataFrame(),
        folds=pd.DataFrame(),
        predictions=pd.concat(parts, ignore_index=True),
        classes=np.unique([y_true, *map(np.asarray, predictions.values())]).tolist(),
        settings={"confidence_level": 0.95, "random_state": 0},
    )


def right_at(places, y_true, classes):
    """Predict the label where told to, and the next class elsewhere."""
    following = dict(zip(classes, [*classes[1:], classes[0]], strict=True))
    return [
        label if right else following[label] for label, right in zip(y_true, places, strict=True)
    ]
