"""Processes that predict, as many as may at a time, and new ones for those that crash or hang.

Decoders are native code, fed with what strangers send. In a process of its own one may crash, run
out of memory or never end, and all that is lost is one answer. Processes are forked off a
server that has imported everything and holds no threads, so that they share its memory, and a new
one is there at once; where the system has no such server, they are begun anew.
"""

import asyncio
import atexit
import multiprocessing
from concurrent.futures import ThreadPoolExecutor

from sk_ser.service._worker import FAILED, work

#: Seconds that a worker may take to load its model, and those between attempts.
_LOADING, _PAUSE = 120, 2.0


class WorkerError(Exception):
    """No answer came from a worker."""


class CrashedError(WorkerError):
    """The process ended before it answered."""


class TooSlowError(WorkerError):
    """No worker was free, or the one that was did not answer, in time."""

    def __init__(self, message, was_waiting=False):
        super().__init__(message)
        self.was_waiting = was_waiting


class Crew:
    """A fixed number of workers behind one queue.

    Parameters
    ----------
    n_workers : int
        Processes.
    timeout : float
        Seconds that a file may wait for a worker, and that a worker may take for it.
    duties : tuple
        Arguments of :func:`~sk_ser.service._worker.work` after the connection: the Source, and
        seconds.
    """

    def __init__(self, n_workers, timeout, duties):
        self.n_workers, self.timeout, self.duties = n_workers, timeout, duties
        self.n_replaced = 0
        self._workers = []
        self._answering, self._replacing = set(), set()
        self._idle = asyncio.Queue()
        self._threads = ThreadPoolExecutor(n_workers, thread_name_prefix="sk-ser-worker")

    @property
    def n_ready(self):
        """Number of workers that have loaded the model and live."""
        return sum(worker.is_ready for worker in self._workers)

    async def start(self):
        """Start all workers; raise ValueError if the model is not such as they can use."""
        # a process that ends without `stop` would wait for workers that wait for it
        atexit.register(self.kill)
        self._workers = [Worker(self.duties) for _ in range(self.n_workers)]
        await asyncio.gather(*(self._in_thread(worker.start) for worker in self._workers))
        for worker in self._workers:
            self._idle.put_nowait(worker)

    async def predict(self, path):
        """Have a file predicted.

        Parameters
        ----------
        path : str
            The file.

        Returns
        -------
        dict
            As :func:`~sk_ser.service._worker.answer_of` makes it.

        Raises
        ------
        TooSlowError
            If none was free, or none answered, in time.
        CrashedError
            If the worker died of it.
        """
        try:
            async with asyncio.timeout(self.timeout):
                worker = await self._idle.get()
        except TimeoutError:
            raise TooSlowError("no worker was free", was_waiting=True) from None
        # who asked may go away; the worker still has to come back
        return await asyncio.shield(_keep(self._ask(worker, path), self._answering))

    async def stop(self):
        """Let workers end what they do, and end them."""
        await asyncio.gather(*self._answering, return_exceptions=True)
        for task in self._replacing:
            task.cancel()
        self.kill()
        self._threads.shutdown()
        atexit.unregister(self.kill)

    def kill(self):
        """End all workers at once, for good."""
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
    """Start a task among others; the event loop itself keeps but a weak reference to it."""
    task = asyncio.ensure_future(coroutine)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


class Worker:
    """One process, or the next that takes its place, and the connection to it."""

    def __init__(self, duties):
        self.duties = duties
        self.is_retired = False
        self._process = self._connection = None

    @property
    def is_ready(self):
        """Whether there is a process, and it lives."""
        process = self._process
        try:
            return process is not None and process.is_alive()
        except ValueError:
            # it was ended, and forgotten, in between
            return False

    def start(self):
        """Start a process, in place of one that was, and wait until it has its model."""
        self.kill()
        context = _context(self.duties[0])
        self._connection, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, *self.duties), daemon=True)
        process.start()
        theirs.close()
        try:
            state, reason = self._receive(_LOADING)
        except WorkerError as error:
            process.kill()
            raise ValueError(f"A worker did not start ({error}).") from error
        self._process = process
        if state == FAILED or self.is_retired:
            self.kill()
            raise ValueError(reason)

    def ask(self, path, timeout):
        """Have a file predicted; a worker that fails at it is ended."""
        if not self.is_ready:
            # it ended while it had nothing to do: this file is not to blame
            self._start_again()
        try:
            self._connection.send(path)
            return self._receive(timeout)[1]
        except (OSError, WorkerError) as error:
            self.kill()
            if isinstance(error, WorkerError):
                raise
            raise CrashedError("the worker ended") from error

    def retire(self):
        """End the process, and start no other."""
        self.is_retired = True
        self.kill()

    def kill(self):
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()
            process.close()
            self._connection.close()

    def _start_again(self):
        try:
            self.start()
        except ValueError as error:
            raise TooSlowError(str(error), was_waiting=True) from error

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
    # what the first crew has imported there, its workers need not import, and share in memory
    context.set_forkserver_preload([*source.libraries, "sk_ser.service._nursery"])
    return context
