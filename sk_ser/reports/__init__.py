"""Results to read: documents as text, Markdown and HTML, model cards and leaderboards."""

from sk_ser.reports._card import save_card
from sk_ser.reports._document import print_document, to_html, to_markdown, to_text
from sk_ser.reports._figures import comparison_figures
from sk_ser.reports._leaderboard import print_leaderboard

__all__ = [
    "comparison_figures",
    "print_document",
    "print_leaderboard",
    "save_card",
    "to_html",
    "to_markdown",
    "to_text",
]
