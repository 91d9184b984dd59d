"""A fixed number of worker processes, and replacements for those that crash or hang.

Decoders are native code, and their input is untrusted. In a separate process a decoder may crash,
run out of memory or never return, and only one answer is lost. Workers are forked from a server
process that has imported everything and has no threads, so they share its memory and start fast.
On systems without fork they are spawned.
"""

import asyncio
import atexit
import multiprocessing
from concurrent.futures import ThreadPoolExecutor

from sk_ser.service._worker import work

#: Seconds that a worker may take to load its model, and seconds between attempts.
_LOADING, _PAUSE = 120, 2.0


class WorkerError(Exception):
    """A worker gave no answer; with the status and the sentence for the client."""


class BusyError(WorkerError):
    """No worker was free in time."""

    status, answer = 503, "No worker was free in time. Try again."


class CrashedError(WorkerError):
    """The process ended before it answered."""

    status, answer = (
        503,
        "The process that read the file ended without an answer and was replaced. Try again; if "
        "other files are answered, this one may be damaged.",
    )


class TooSlowError(WorkerError):
    """The process did not answer in time."""

    status, answer = (
        504,
        "The file took longer than {timeout:g} s and was given up. Send a shorter recording, or "
        "one in an uncompressed format.",
    )


class Crew:
    """A fixed number of workers behind one queue.

    Parameters
    ----------
    n_workers : int
        Processes.
    timeout : float
        Seconds that a file may wait for a worker, and that a worker may take.
    duties : tuple
        Arguments of :func:`~sk_ser.service._worker.work` after the connection.
    """

    def __init__(self, n_workers, timeout, duties):
        self.timeout = timeout
        self.n_replaced = 0
        self._workers = [Worker(duties) for _ in range(n_workers)]
        self._answering, self._replacing = set(), set()
        self._idle = asyncio.Queue()
        self._threads = ThreadPoolExecutor(n_workers, thread_name_prefix="sk-ser-worker")

    @property
    def pids(self):
        """Process ids of the live workers that have loaded the model."""
        return [pid for worker in self._workers if (pid := worker.pid) is not None]

    async def start(self):
        """Start all workers; raise ValueError if they cannot use the model."""
        # without this, a process that exits without `stop` would wait for its workers forever
        atexit.register(self.kill)
        await asyncio.gather(*(self._in_thread(worker.start) for worker in self._workers))
        for worker in self._workers:
            self._idle.put_nowait(worker)

    async def predict(self, path):
        """Let a worker predict a file.

        Parameters
        ----------
        path : str

        Returns
        -------
        dict
            As :func:`~sk_ser.service._worker.answer_of` returns it.

        Raises
        ------
        WorkerError
            If no worker was free in time, it did not answer in time, or its process ended.
        """
        try:
            async with asyncio.timeout(self.timeout):
                worker = await self._idle.get()
        except TimeoutError as error:
            raise BusyError("no worker was free") from error
        # the client may disconnect; the worker has to return to the queue anyway
        return await asyncio.shield(_keep(self._ask(worker, path), self._answering))

    async def stop(self):
        """Let the workers finish, then end them."""
        await asyncio.gather(*self._answering, return_exceptions=True)
        for task in self._replacing:
            task.cancel()
        self.kill()
        self._threads.shutdown()
        atexit.unregister(self.kill)

    def kill(self):
        """End all workers at once."""
        for worker in self._workers:
            worker.retire()

    async def _ask(self, worker, path):
        try:
            answer = await self._in_thread(worker.ask, path, self.timeout)
        except WorkerError:
            self.n_replaced += 1
            _keep(self._replace(worker), self._replacing)
            raise
        self._idle.put_nowait(worker)
        return answer

    async def _replace(self, worker):
        while not worker.is_retired:
            try:
                await self._in_thread(worker.start)
            except ValueError:
                await asyncio.sleep(_PAUSE)
            else:
                self._idle.put_nowait(worker)
                return

    def _in_thread(self, function, *arguments):
        return asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


def _keep(coroutine, tasks):
    """Start a task and hold a reference to it; the event loop holds only a weak one."""
    task = asyncio.ensure_future(coroutine)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


class Worker:
    """One process, or its current replacement, and the connection to it."""

    def __init__(self, duties):
        self.duties = duties
        self.is_retired = False
        self._process = self._connection = None

    @property
    def pid(self):
        """The id of the process; None if it is not alive or has not loaded the model."""
        process = self._process
        try:
            return process.pid if process is not None and process.is_alive() else None
        except ValueError:
            # the process was ended and closed in between
            return None

    def start(self):
        """Start a process, replacing an earlier one, and wait until it has loaded the model."""
        self.kill()
        context = _context(self.duties[0])
        self._connection, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, *self.duties), daemon=True)
        process.start()
        theirs.close()
        try:
            failure = self._receive(_LOADING)
        except WorkerError as error:
            process.kill()
            raise ValueError(f"A worker did not start ({error}).") from error
        self._process = process
        if failure is not None or self.is_retired:
            self.kill()
            raise ValueError(failure)

    def ask(self, path, timeout):
        """Let the process predict a file; end it if it fails."""
        if self.pid is None:
            # it ended while idle, so this file is not the reason
            try:
                self.start()
            except ValueError as error:
                raise BusyError(str(error)) from error
        try:
            self._connection.send(path)
            return self._receive(timeout)
        except WorkerError:
            self.kill()
            raise
        except OSError as error:
            self.kill()
            raise CrashedError("the worker ended") from error

    def retire(self):
        """End the process and start no other."""
        self.is_retired = True
        self.kill()

    def kill(self):
        """End the process at once."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()
            process.close()
            self._connection.close()

    def _receive(self, timeout):
        try:
            if self._connection.poll(timeout):
                return self._connection.recv()
        except (EOFError, OSError) as error:
            raise CrashedError("the worker ended") from error
        raise TooSlowError(f"no answer within {timeout:g} s")


def _context(source):
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # workers share in memory what the fork server has imported
    context.set_forkserver_preload([*source.libraries, "sk_ser.service._nursery"])
    return context
