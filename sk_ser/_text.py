"""Text for people: numbers with their intervals, and names that are safe to print."""

from math import isnan


def with_interval(value, low=None, high=None, *, spec=".1f", unit=""):
    """Write a number, and its interval if it has one.

    Parameters
    ----------
    value : float
    low, high : float or None, default=None
        Ends of the interval. None or NaN for a number without an interval.
    spec : str, default=".1f"
        Format of all three numbers.
    unit : str, default=""
        Follows the value.

    Returns
    -------
    str
        Such as ``"61.2 [57.0, 65.1]"``.

    Examples
    --------
    >>> from sk_ser._text import with_interval
    >>> with_interval(3.14, 2.0, 4.0, spec="+.1f", unit=" points")
    '+3.1 points [+2.0, +4.0]'
    """
    text = f"{value:{spec}}{unit}"
    has_interval = low is not None and not isnan(low)
    return f"{text} [{low:{spec}}, {high:{spec}}]" if has_interval else text


def percent_of(row, score="uar", *, unit=""):
    """Write a score of a table's row in per cent, with its interval if it has one.

    Parameters
    ----------
    row : Series or dict
        Holds the score, and its interval as ``<score>_low`` and ``<score>_high``, from 0 to 1.
    score : str, default="uar"
        Name of the score.
    unit : str, default=""
        Follows the value.

    Returns
    -------
    str
        Such as ``"61.2 [57.0, 65.1]"``.

    Examples
    --------
    >>> from sk_ser._text import percent_of
    >>> percent_of({"uar": 0.612, "uar_low": 0.57, "uar_high": 0.651}, unit=" %")
    '61.2 % [57.0, 65.1]'
    """
    ends = (row.get(f"{score}{end}") for end in ("", "_low", "_high"))
    return with_interval(*(None if end is None else 100 * end for end in ends), unit=unit)


def printable(text):
    r"""Replace characters that control a terminal, or that are invisible, by escapes.

    File names may contain them: escape sequences that change what a terminal shows, and marks
    that reverse the direction of the text.

    Parameters
    ----------
    text : object
        Is turned into text.

    Returns
    -------
    str
        On one line.

    Examples
    --------
    >>> from sk_ser._text import printable
    >>> print(printable("a\x1b[31m.wav"))
    a\x1b[31m.wav
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(text))


def spreadsheet_text(text):
    """Keep a spreadsheet from taking text of a CSV file for a formula.

    Parameters
    ----------
    text : object
        Text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return gets a single
        quote in front, which spreadsheets do not show. Other values are returned as they are.

    Returns
    -------
    object

    References
    ----------
    OWASP, "CSV injection", https://owasp.org/www-community/attacks/CSV_Injection

    Examples
    --------
    >>> from sk_ser._text import spreadsheet_text
    >>> spreadsheet_text("=1+1.wav"), spreadsheet_text("a.wav"), spreadsheet_text(-0.5)
    ("'=1+1.wav", 'a.wav', -0.5)
    """
    is_formula = isinstance(text, str) and text.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{text}" if is_formula else text
