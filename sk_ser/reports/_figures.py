"""Figures of a comparison of protocols, to be embedded in a page."""

import base64
import io

from sk_ser.inspection import (
    ConfusionComparisonDisplay,
    GapDisplay,
    GroupResultsDisplay,
    ReliabilityDisplay,
)

#: Protocols whose confusions and speakers are drawn, beside those that the scores are of.
_SHOWN = ("as given", "random", "speaker-independent")


def comparison_figures(
    comparison: object, *, reliability: object = None, calibration: object = None
) -> list[tuple]:
    """Draw the figures of an audit: scores, confusions, speakers and calibration.

    Parameters
    ----------
    comparison : ProtocolComparison
        Of one estimator.
    reliability : DataFrame or None, default=None
        Curves of :func:`~sk_ser.model_selection.reliability_curve`, with a column ``protocol``.
    calibration : DataFrame or None, default=None
        Columns ``protocol`` and ``ece``; needed with `reliability`.

    Returns
    -------
    list of tuple
        Blocks of a document: ``("figure", title, png)``, the image in base64.

    Raises
    ------
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sk_ser.model_selection import compare_protocols
    >>> from sk_ser.reports import comparison_figures
    >>> emotions, speakers = ["angry", "calm", "calm"] * 20, list("abcdefghijkl") * 5
    >>> found = compare_protocols(
    ...     DummyClassifier(), [[0]] * 60, emotions, groups=speakers, random_state=0
    ... )
    >>> [title for _, title, _ in comparison_figures(found)]
    ['UAR under each protocol', 'Confusion of classes', 'UAR of each speaker']
    """
    # unseen speakers come last
    table = comparison.table.sort_values("seen", ascending=False, kind="stable")
    shown = [name for name in table["protocol"] if name in _SHOWN]
    displays = {"UAR under each protocol": GapDisplay.from_comparison(comparison)}
    if len(shown) > 1:
        confusion = ConfusionComparisonDisplay.from_comparison(comparison, protocols=shown)
        displays["Confusion of classes"] = confusion
    if comparison.predictions["speaker"].notna().all():
        speakers = GroupResultsDisplay.from_comparison(comparison, protocols=shown)
        displays["UAR of each speaker"] = speakers
    if reliability is not None:
        curves = dict(list(reliability.groupby("protocol", sort=False)))
        errors = calibration.set_index("protocol")["ece"].to_dict()
        displays["Confidence and accuracy"] = ReliabilityDisplay(curves, errors)
    return [("figure", title, _embed(display.plot())) for title, display in displays.items()]


def _embed(display):
    buffer = io.BytesIO()
    display.figure_.savefig(buffer, format="png", dpi=150, bbox_inches="tight")
    return base64.b64encode(buffer.getvalue()).decode()
