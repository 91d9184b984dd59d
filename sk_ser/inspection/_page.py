"""One self-contained page of an audit, with its plots inside."""

import base64
import io
from importlib.resources import files

from sk_ser._optional import import_optional
from sk_ser.inspection._confusion_comparison import ConfusionComparisonDisplay
from sk_ser.inspection._gap import GapDisplay
from sk_ser.inspection._group_results import GroupResultsDisplay
from sk_ser.inspection._reliability import ReliabilityDisplay


def render_page(report, *, taxonomy, n_shown=12):
    """Render a report as HTML.

    Parameters
    ----------
    report : LeakageReport
        Of :func:`~sk_ser.leakage.audit`.
    taxonomy : dict of str to str
        What the findings' kinds stand for.
    n_shown : int, default=12
        Rows of evidence that are shown of each finding.

    Returns
    -------
    str
        A page without links to anything else: plots are in it.

    Raises
    ------
    ImportError
        If jinja2 or matplotlib is not installed.

    Examples
    --------
    >>> from sk_ser.inspection import render_page
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.leakage import audit
    >>> X = np.random.default_rng(0).normal(size=(80, 3))
    >>> report = audit(GaussianNB(), X, np.arange(80) % 2, groups=np.arange(80) % 20 // 2)
    >>> "<!DOCTYPE html>" in render_page(report, taxonomy={"L3.3": "sampling bias"})
    True
    """
    jinja2 = import_optional("jinja2", extra="plot", purpose="render_page")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    source = files("sk_ser.inspection").joinpath("page.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(source).render(
        report=report,
        taxonomy=taxonomy,
        n_shown=n_shown,
        leaderboard=_leaderboard(report.comparison),
        headlines=report.headlines(),
        plots=_plots(report),
    )


def _leaderboard(comparison):
    """List each protocol with its UAR, interval, and how far the folds as given lie above it."""
    rows = []
    gaps = comparison.gap.set_index("protocol") if len(comparison.gap) else None
    for row in comparison.table.itertuples():
        gap = None
        if gaps is not None and row.protocol in gaps.index:
            found = gaps.loc[row.protocol]
            gap = f"{found.gap:+.1f} [{found.gap_low:.1f}, {found.gap_high:.1f}]"
        rows.append(
            {
                "protocol": row.protocol,
                "uar": _percent(
                    row.uar, getattr(row, "uar_low", None), getattr(row, "uar_high", None)
                ),
                "accuracy": f"{100 * row.accuracy:.1f}",
                "heard": "" if row.seen != row.seen else f"{100 * row.seen:.0f}",
                "gap": gap,
            }
        )
    return rows


def _percent(value, low, high):
    if low is None or low != low:
        return f"{100 * value:.1f}"
    return f"{100 * value:.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def _plots(report):
    comparison, tables = report.comparison, report.tables
    found = {"UAR under each protocol": _embed(GapDisplay.from_comparison(comparison).plot())}
    shown = _with_heard_and_without(comparison)
    if len(shown) > 1:
        confusion = ConfusionComparisonDisplay.from_comparison(comparison, protocols=shown).plot()
        found["Confusion of classes"] = _embed(confusion)
    if comparison.predictions["speaker"].notna().all():
        speakers = GroupResultsDisplay.from_comparison(comparison, protocols=shown).plot()
        found["UAR of each speaker"] = _embed(speakers)
    if "reliability" in tables:
        curves = dict(list(tables["reliability"].groupby("protocol", sort=False)))
        errors = tables["calibration"].set_index("protocol")["ece"].to_dict()
        found["How sure the model is, and how often right"] = _embed(
            ReliabilityDisplay(curves, errors).plot()
        )
    return found


def _with_heard_and_without(comparison):
    """Choose the folds as given and those of the other kind, voices never heard at the end."""
    table = comparison.table.sort_values("seen", ascending=False, kind="stable")
    names = ("as given", "random", "speaker-independent")
    return [name for name in table["protocol"] if name in names]


def _embed(display):
    buffer = io.BytesIO()
    display.figure_.savefig(buffer, format="png", dpi=150, bbox_inches="tight")
    return base64.b64encode(buffer.getvalue()).decode()
