"""Messages to the user, files for results, and exit status of the commands."""

import signal
import sys
import warnings
from contextlib import contextmanager, nullcontext

import typer

from sk_ser._plugins import load_plugins
from sk_ser._text import printable
from sk_ser.exceptions import CorpusError

#: Exit status of a command that was used wrongly or could not begin.
USAGE = 2
#: Exit status of a command that was interrupted, as in shells.
INTERRUPTED = 130


@contextmanager
def plain_messages(kept=""):
    """Load plugins, print warnings as notes, and end on a known error with exit status 2.

    An interrupt ends with exit status 130 and a message that says what is kept.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = lambda message, *_: say(f"Note: {message}", fg="yellow")
        try:
            load_plugins()
            from sk_ser.model_selection import EvaluationWarning

            # the leaderboard lists these again
            warnings.simplefilter("ignore", EvaluationWarning)
            # loky replaces a process that has grown; nothing is lost
            warnings.filterwarnings("ignore", message="A worker stopped while some jobs")
            with _quiet_workers():
                yield
        except (ValueError, ImportError) as error:
            say(f"Error: {error}", fg="red")
            if isinstance(error.__cause__, CorpusError):
                say(f"Cause: {error.__cause__}", fg="red")
            raise typer.Exit(USAGE) from error
        except BrokenPipeError:
            # the reader of the pipe has closed it
            raise
        except OSError as error:
            say(f"Error: {error.filename or ''}: {error.strerror or error}", fg="red")
            raise typer.Exit(USAGE) from error
        except KeyboardInterrupt as interrupt:
            say(f"Stopped. {kept}".rstrip(), fg="yellow")
            raise typer.Exit(INTERRUPTED) from interrupt


def _quiet_workers():
    """Keep joblib's processes from printing a traceback on Ctrl-C."""
    import joblib

    try:
        return joblib.parallel_config(backend="loky", initializer=_ignore_interrupts)
    except TypeError:
        # joblib before 1.5 prints the tracebacks
        return nullcontext()


def _ignore_interrupts():
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def say(message, **style):
    """Print on stderr, apart from the results on stdout; file names cannot control the terminal."""
    lines = str(message).split("\n")
    typer.secho("\n".join(map(printable, lines)), err=True, **style)


def name_problems(problems):
    """Print a line for each file of a mapping or Series of problems; return their number."""
    for path, problem in problems.items():
        say(f"{printable(path)}: {problem}", fg="red")
    return len(problems)


def end_with(failed, total, what):
    """End with exit status 1 if some files have failed."""
    if failed:
        say(f"{failed} of {total} files {what}.", fg="yellow")
        raise typer.Exit(1)


def console():
    """Make a console, 120 columns wide if stdout is not a terminal."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 120)
