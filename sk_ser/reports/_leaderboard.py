"""A table of several models on several corpora, for a terminal."""

import pandas as pd

from sk_ser._text import percent_of, printable, with_interval

#: Titles of columns, by protocol.
_TITLES = {"speaker-independent": "unseen speakers", "random": "random split"}


def print_leaderboard(comparisons: dict, console) -> None:
    """Print the scores of all corpora and models, the gaps, and the notes below.

    Parameters
    ----------
    comparisons : dict of str to ProtocolComparison
        By corpus. All have the same protocols; gaps are from the first.
    console : rich.console.Console
        Where to print.

    Returns
    -------
    None

    Examples
    --------
    >>> from rich.console import Console
    >>> from sklearn.dummy import DummyClassifier
    >>> from sk_ser.model_selection import compare_protocols
    >>> from sk_ser.reports import print_leaderboard
    >>> emotions, speakers = ["angry", "calm", "calm"] * 20, list("abcdefghijkl") * 5
    >>> found = compare_protocols(
    ...     DummyClassifier(), [[0]] * 60, emotions, groups=speakers, random_state=0
    ... )
    >>> print_leaderboard({"corpus": found}, Console(width=120))  # doctest: +SKIP
    """
    from rich.table import Table

    table = Table(title="Unweighted average recall (UAR) in %, with 95 % intervals over speakers")
    gaps = pd.concat([one.gap.assign(corpus=name) for name, one in comparisons.items()])
    compared = [" / ".join(gaps[side].unique()) for side in ("protocol", "reference")]
    titles = [printable(_TITLES.get(name, name)) for name in compared]
    for number, name in enumerate(("corpus", "model", *titles, "gap (points)", "chance")):
        table.add_column(name, justify="left" if number < 2 else "right")
    for gap in gaps.itertuples():
        comparison = comparisons[gap.corpus]
        table.add_row(
            printable(gap.corpus),
            gap.estimator,
            percent_of(comparison.row(gap.estimator, gap.protocol)),
            percent_of(comparison.row(gap.estimator, gap.reference)),
            with_interval(gap.gap, gap.gap_low, gap.gap_high, spec="+.1f"),
            f"{100 * comparison.chance:.0f}",
        )
    console.print(table)
    for corpus, comparison in comparisons.items():
        for note in comparison.notes:
            console.print(f"{corpus}: {note}", style="dim", markup=False)
