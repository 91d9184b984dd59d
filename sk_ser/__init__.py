"""Speech emotion recognition with scikit-learn, evaluated on unseen speakers."""

import os

from sk_ser._version import __version__

# The shell asks the command line what can be typed next, and shall not wait for scikit-learn.
if "_SK_SER_COMPLETE" not in os.environ:
    # Importing it lets scoring="uar" work wherever sk_ser is imported, and so in every worker
    # process that is sent one of its estimators.
    import sk_ser.model_selection  # noqa: F401

__all__ = ["__version__"]
