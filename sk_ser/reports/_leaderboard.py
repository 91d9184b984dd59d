"""A table of several models on several corpora, for a terminal."""

from sk_ser._text import percent_of, printable, with_interval

#: Titles of columns, by protocol.
_TITLES = {"speaker-independent": "unseen speakers", "random": "random split"}


def print_leaderboard(comparisons: dict, console: object) -> None:
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
    rows = [row for item in comparisons.items() for row in _rows(*item)]
    for number, name in enumerate(rows[0] if rows else ()):
        table.add_column(name, justify="left" if number < 2 else "right")
    for row in rows:
        table.add_row(*row.values())
    console.print(table)
    for corpus, comparison in comparisons.items():
        for note in comparison.notes:
            console.print(f"{corpus}: {note}", style="dim", markup=False)


def _rows(corpus, comparison):
    """Yield the cells of each row by the title of their column."""
    several = len(comparison.protocols) > 2
    for gap in comparison.gap.itertuples() if comparison.protocols[1:] else ():
        tested, reference = map(_title, (gap.protocol, gap.reference))
        yield {
            "corpus": printable(corpus),
            "model": gap.estimator,
            # with two protocols the title of the column names the tested one
            **({"protocol": tested} if several else {}),
            "score" if several else tested: percent_of(comparison.row(gap.estimator, gap.protocol)),
            reference: percent_of(comparison.row(gap.estimator, gap.reference)),
            "gap (points)": with_interval(gap.gap, gap.gap_low, gap.gap_high, spec="+.1f"),
            "chance": f"{100 * comparison.chance:.0f}",
        }
    if not comparison.protocols[1:]:
        for row in comparison.table.to_dict("records"):
            yield {
                "corpus": printable(corpus),
                "model": row["estimator"],
                _title(row["protocol"]): percent_of(row),
                "chance": f"{100 * comparison.chance:.0f}",
            }


def _title(protocol):
    return printable(_TITLES.get(protocol, protocol))
