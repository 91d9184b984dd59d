"""A table of several models on several corpora, for a terminal."""

from sk_ser._text import percent_of, printable, with_interval


def print_leaderboard(comparisons, console):
    """Print the scores of all corpora and models, unseen speakers first, and notes below.

    Parameters
    ----------
    comparisons : dict of str to ProtocolComparison
        By corpus, under a random and a speaker-independent protocol.
    console : rich.console.Console
        Where to print.

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
    for name in ("corpus", "model"):
        table.add_column(name)
    for name in ("unseen speakers", "random split", "gap (points)", "chance"):
        table.add_column(name, justify="right")
    for corpus, comparison in comparisons.items():
        for gap in comparison.gap.itertuples():
            table.add_row(
                printable(corpus),
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
