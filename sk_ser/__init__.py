"""Speech emotion recognition in scikit-learn's terms, evaluated on voices never heard."""

# Importing it lets scoring="uar" work wherever sk_ser is imported, and so in every worker
# process that is sent one of its estimators.
import sk_ser.model_selection  # noqa: F401
from sk_ser._version import __version__

__all__ = ["__version__"]
