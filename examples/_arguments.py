"""Command-line arguments of the examples."""

import argparse
from contextlib import contextmanager
from pathlib import Path

from sk_ser.exceptions import CorpusError


def make_parser(doc):
    """Make a parser whose help is a module's docstring."""
    summary, _, text = doc.partition("\n\n")
    keep_lines = argparse.RawDescriptionHelpFormatter
    return argparse.ArgumentParser(description=summary, epilog=text, formatter_class=keep_lines)


def existing(path):
    """Check the argument for a file or folder."""
    if not Path(path).exists():
        raise argparse.ArgumentTypeError(f"{path!r} does not exist")
    return path


@contextmanager
def usage_errors(parser):
    """Report a folder without a known corpus as a usage error."""
    try:
        yield
    except CorpusError as error:
        parser.error(str(error))
