"""What a user is told, and how a command ends."""

import signal
import sys
import warnings
from contextlib import contextmanager, nullcontext

import typer

#: Status of a command that was used wrongly, or could not begin.
USAGE = 2
#: Status of a command that was interrupted, as shells have it.
INTERRUPTED = 130


@contextmanager
def plain_messages(kept=""):
    """Print warnings as notes; end on a known error with a message and status 2.

    An interrupt ends with status 130, and tells what is kept.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = lambda message, *_: say(f"Note: {message}", fg="yellow")
        try:
            from sk_ser.exceptions import AudioError, CorpusError
            from sk_ser.model_selection import EvaluationWarning

            # these come back under the leaderboard
            warnings.simplefilter("ignore", EvaluationWarning)
            # loky replaces a process that has grown; nothing is lost, and nothing is to be done
            warnings.filterwarnings("ignore", message="A worker stopped while some jobs")
            with _quiet_workers():
                yield
        except (CorpusError, AudioError, ValueError, ImportError) as error:
            say(f"Error: {error}", fg="red")
            raise typer.Exit(USAGE) from None
        except BrokenPipeError:
            # who reads has enough
            raise
        except OSError as error:
            say(f"Error: {error.filename or ''}: {error.strerror or error}", fg="red")
            raise typer.Exit(USAGE) from None
        except KeyboardInterrupt:
            say(f"Stopped. {kept}".rstrip(), fg="yellow")
            raise typer.Exit(INTERRUPTED) from None


def _quiet_workers():
    """Let joblib's processes print no traceback on Ctrl-C, which a terminal sends to them, too."""
    import joblib

    try:
        return joblib.parallel_config(backend="loky", initializer=_ignore_interrupts)
    except TypeError:
        # joblib before 1.5 prints them
        return nullcontext()


def _ignore_interrupts():
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def say(message, **style):
    """Print on stderr, which scripts do not read results from."""
    typer.secho(message, err=True, **style)


def console():
    """Make a console of 120 columns where there is no terminal to tell its width."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 120)
