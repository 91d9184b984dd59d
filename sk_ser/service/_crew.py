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

from sk_ser.service._worker import FAILED, work

#: Seconds that a worker may take to load its model, and seconds between attempts.
_LOADING, _PAUSE = 120, 2.0


class WorkerError(Exception):
    """A worker gave no answer."""


class CrashedError(WorkerError):
    """The process ended before it answered."""


class TooSlowError(WorkerError):
    """No worker was free in time, or it did not answer in time."""

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
        Seconds that a file may wait for a worker, and that a worker may take.
    duties : tuple
        Arguments of :func:`~sk_ser.service._worker.work` after the connection.
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
        """Number of live workers that have loaded the model."""
        return sum(worker.is_ready for worker in self._workers)

    @property
    def pids(self):
        """Process ids of the live workers."""
        return [worker.pid for worker in self._workers if worker.is_ready]

    async def start(self):
        """Start all workers; raise ValueError if they cannot use the model."""
        # without this, a process that exits without `stop` would wait for its workers forever
        atexit.register(self.kill)
        self._workers = [Worker(self.duties) for _ in range(self.n_workers)]
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
        TooSlowError
            If no worker was free in time, or it did not answer in time.
        CrashedError
            If the worker process ended.
        """
        try:
            async with asyncio.timeout(self.timeout):
                worker = await self._idle.get()
        except TimeoutError as error:
            raise TooSlowError("no worker was free", was_waiting=True) from error
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
    def is_ready(self):
        """Whether there is a live process."""
        process = self._process
        try:
            return process is not None and process.is_alive()
        except ValueError:
            # the process was ended and closed in between
            return False

    @property
    def pid(self):
        """The id of the process."""
        return self._process.pid

    def start(self):
        """Start a process, replacing an earlier one, and wait until it has loaded the model."""
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
        """Let the process predict a file; end it if it fails."""
        if not self.is_ready:
            # it ended while idle, so this file is not the reason
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
    # workers share in memory what the fork server has imported
    context.set_forkserver_preload([*source.libraries, "sk_ser.service._nursery"])
    return context
