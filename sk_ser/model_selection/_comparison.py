"""Results of an evaluation under several protocols."""

import html
import json
from dataclasses import dataclass, field
from itertools import product

import pandas as pd
from sklearn.metrics import classification_report

from sk_ser._text import percent_of, with_interval

FRAMES = ("table", "gap", "folds", "predictions", "probabilities")


@dataclass(repr=False)
class ProtocolComparison:
    """Scores of each estimator under each protocol, and the predictions behind them.

    Made by :func:`~sk_ser.model_selection.compare_protocols`. Scores are from 0 to 1, gaps in
    percentage points.

    Parameters
    ----------
    table : DataFrame
        A row for each estimator and protocol: ``estimator``, ``protocol``; each score under
        its name, and where an interval over speakers is defined ``<score>_low`` and
        ``<score>_high``; ``n_folds``, ``n_speakers``, ``n_clips`` that were tested; ``seen``,
        the share of test clips whose speaker is also in training; ``fit_seconds``, mean wall
        time of a fit in seconds.
    gap : DataFrame
        A row for each estimator and protocol after the first: ``estimator``, ``reference``
        (the first protocol), ``protocol``, ``uar_reference``, ``uar``, ``gap`` = 100 x
        (uar_reference - uar), ``gap_low``, ``gap_high``, ``n_speakers``. All are over the
        clips that both protocols tested, and the same speakers are drawn for both.
    folds : DataFrame
        A row for each fit: ``estimator``, ``protocol``, ``fold``, each score on that fold
        alone, ``n_train``, ``n_test``, ``seen``, ``fit_seconds``.
    predictions : DataFrame
        A row for each test clip of each fit: ``estimator``, ``protocol``, ``fold``, ``index``
        (its position in X), ``speaker``, ``y_true``, ``y_pred``.
    classes : list
        Sorted labels, those that were only predicted included.
    settings : dict
        ``scoring``, ``n_splits``, ``n_resamples``, ``confidence_level``, ``random_state`` that
        repeats the run, and what :func:`~sk_ser.model_selection.selection_optimism` adds.
    notes : list of str
        What to know before quoting a number.
    failures : list of str
        Folds that failed, with the error of each.
    probabilities : DataFrame or None
        With ``compare_protocols(..., probabilities=True)`` a row for each test clip of each
        fit: ``estimator``, ``protocol``, ``fold``, ``index``, ``y_true``, and a column for
        each class of y with its probability.

    Examples
    --------
    >>> import json
    >>> from sklearn.dummy import DummyClassifier
    >>> from sk_ser.model_selection import ProtocolComparison, compare_protocols
    >>> emotions, speakers = ["angry", "calm", "calm"] * 20, list("abcdefghijkl") * 5
    >>> found = compare_protocols(
    ...     DummyClassifier(), [[0]] * 60, emotions, groups=speakers, random_state=0
    ... )
    >>> found
    60 clips, 12 speakers, 2 classes. UAR in % (chance 50.0), gaps in points [95 % over speakers]
                                random speaker-independent random - speaker-independent
    DummyClassifier  50.0 [50.0, 50.0]   50.0 [50.0, 50.0]               0.0 [0.0, 0.0]
    >>> found.confusion("DummyClassifier", "random").loc["angry"].to_dict()
    {'angry': 0, 'calm': 20}
    >>> again = ProtocolComparison.from_dict(json.loads(json.dumps(found.to_dict())))
    >>> again.table.equals(found.table)
    True
    """

    table: pd.DataFrame
    gap: pd.DataFrame
    folds: pd.DataFrame
    predictions: pd.DataFrame
    classes: list
    settings: dict
    notes: list = field(default_factory=list)
    failures: list = field(default_factory=list)
    probabilities: pd.DataFrame | None = None

    @property
    def estimators(self):
        """Names of the estimators, in the order given."""
        return self.table["estimator"].unique().tolist()

    @property
    def protocols(self):
        """Names of the protocols, in the order given."""
        return self.table["protocol"].unique().tolist()

    @property
    def chance(self):
        """UAR of guessing: 1 / number of classes in the labels, from 0 to 1."""
        return 1 / self.predictions["y_true"].nunique()

    def row(self, estimator: str, protocol: str) -> pd.Series:
        """Scores of one estimator under one protocol.

        Parameters
        ----------
        estimator, protocol : str
            Names.

        Returns
        -------
        Series
            The row of :attr:`table`.

        Raises
        ------
        ValueError
            If there is no such estimator or protocol.
        """
        for what, name, known in (
            ("estimator", estimator, self.estimators),
            ("protocol", protocol, self.protocols),
        ):
            if name not in known:
                raise ValueError(f"{what} {name!r} was not compared. Choose from {known}.")
        return rows_of(self.table, estimator, protocol).iloc[0]

    def confusion(self, estimator: str, protocol: str) -> pd.DataFrame:
        """Confusion matrix over the test clips of all folds.

        Parameters
        ----------
        estimator, protocol : str
            Names.

        Returns
        -------
        DataFrame of shape (n_classes, n_classes)
            Number of clips, true labels down, predicted labels across.

        Raises
        ------
        ValueError
            If there is no such estimator or protocol.
        """
        rows = self.predictions_of(estimator, protocol)
        names = {"rownames": ["true"], "colnames": ["predicted"]}
        counts = pd.crosstab(rows["y_true"], rows["y_pred"], **names)
        return counts.reindex(index=self.classes, columns=self.classes, fill_value=0)

    def report(self, estimator: str, protocol: str) -> str:
        """Precision, recall and F1 of each class over the test clips of all folds, as text.

        Parameters
        ----------
        estimator, protocol : str
            Names.

        Returns
        -------
        str
            As :func:`sklearn.metrics.classification_report` lays it out. Macro-averaged
            recall is UAR.

        Raises
        ------
        ValueError
            If there is no such estimator or protocol.
        """
        rows = self.predictions_of(estimator, protocol)
        return classification_report(
            rows["y_true"], rows["y_pred"], labels=self.classes, zero_division=0.0
        )

    def predictions_of(self, estimator: str, protocol: str) -> pd.DataFrame:
        """Predictions of one estimator under one protocol.

        Parameters
        ----------
        estimator, protocol : str
            Names.

        Returns
        -------
        DataFrame
            Rows of :attr:`predictions`.

        Raises
        ------
        ValueError
            If there is no such estimator or protocol.
        """
        self.row(estimator, protocol)
        return rows_of(self.predictions, estimator, protocol)

    def to_dict(self) -> dict:
        """Convert to types that JSON has; :meth:`from_dict` converts back.

        Returns
        -------
        dict
            The attributes by name, tables as a list for each column, NaN as None. Confusion
            matrices are added as nested lists under ``confusion``, for other languages.
        """
        plain = {name: _to_columns(getattr(self, name)) for name in FRAMES}
        plain["confusion"] = {estimator: {} for estimator in self.estimators}
        for estimator, protocol in product(self.estimators, self.protocols):
            counts = self.confusion(estimator, protocol).to_numpy()
            plain["confusion"][estimator][protocol] = counts.tolist()
        for name in ("classes", "settings", "notes", "failures"):
            plain[name] = json.loads(json.dumps(getattr(self, name)))
        return plain

    @classmethod
    def from_dict(cls, plain: dict) -> "ProtocolComparison":
        """Convert the result of :meth:`to_dict` back.

        Parameters
        ----------
        plain : dict
            As :meth:`to_dict` returned it, or as read from a JSON file.

        Returns
        -------
        ProtocolComparison
            With the same tables.
        """
        frames = {name: _from_columns(plain[name]) for name in FRAMES if plain.get(name)}
        if "probabilities" in frames:
            # JSON turns whole numbers into text where they name columns
            labels = {str(label): label for label in plain["classes"]}
            frames["probabilities"] = frames["probabilities"].rename(columns=labels)
        rest = {name: plain[name] for name in ("classes", "settings", "notes", "failures")}
        return cls(**frames, **rest)

    def summary(self) -> pd.DataFrame:
        """Format UAR by protocol and the gaps between protocols.

        Returns
        -------
        DataFrame of str
            A row for each estimator. UAR in per cent and gaps in percentage
            points, each with its interval over speakers.
        """
        rows = {}
        for _, row in self.table.iterrows():
            rows.setdefault(row["estimator"], {})[row["protocol"]] = percent_of(row)
        # Protocols without a test clip in common, such as most pairs of corpora, have no gap.
        for row in self.gap.dropna(subset=["gap"]).itertuples():
            title = f"{row.reference} - {row.protocol}"
            rows[row.estimator][title] = with_interval(row.gap, row.gap_low, row.gap_high)
        return pd.DataFrame.from_dict(rows, orient="index")

    def _heading(self):
        level = f"{100 * self.settings['confidence_level']:g}"
        return (
            f"{self.predictions['index'].nunique()} clips, {self.table['n_speakers'].max()} "
            f"speakers, {len(self.classes)} classes. UAR in % (chance {100 * self.chance:.1f}), "
            f"gaps in points [{level} % over speakers]"
        )

    def __repr__(self):
        notes = [f"Note: {note}" for note in self.notes]
        return "\n".join([self._heading(), self.summary().to_string(), *notes])

    def _repr_html_(self):
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return f"<p>{html.escape(self._heading())}</p>{self.summary().to_html()}{notes}"


def rows_of(table, estimator, protocol):
    """Select the rows of one estimator under one protocol."""
    return table[(table["estimator"] == estimator) & (table["protocol"] == protocol)]


def _to_columns(frame):
    """Make lists by column; None for NaN, which JSON lacks."""
    if frame is None:
        return None
    return frame.astype(object).where(frame.notna(), None).to_dict("list")


def _from_columns(columns):
    frame = pd.DataFrame(columns)
    # A column of None alone would be of objects; it was NaN.
    empty = [name for name in frame if frame[name].isna().all()]
    return frame.astype(dict.fromkeys(empty, float))
