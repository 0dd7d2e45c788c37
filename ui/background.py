"""Work behind the page: started once, looked at now and then, stopped when unwanted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class Background(Generic[T]):
    """
    One call in a thread of its own.

    Parameters
    ----------
    call : callable
        Gets a function to be called with (done, all) now and then, which returns False once the
        work is to be stopped; returns the result.
    """

    def __init__(self, call: Callable[[Callable[[int, int], bool]], T]) -> None:
        self._stopped = threading.Event()
        self._progress = (0, 0)
        self._result: Future[T] = Future()
        threading.Thread(target=self._run, args=(call,), daemon=True).start()

    def _run(self, call: Callable[[Callable[[int, int], bool]], T]) -> None:
        try:
            self._result.set_result(call(self._told))
        except BaseException as error:  # noqa: BLE001 -- whoever asks for the result gets it
            self._result.set_exception(error)

    def _told(self, done: int, of: int) -> bool:
        self._progress = (done, of)
        return not self._stopped.is_set()

    @property
    def progress(self) -> tuple[int, int]:
        """How much is done, and of how much; (0, 0) before anything was told."""
        return self._progress

    @property
    def done(self) -> bool:
        """Whether the call has returned or raised."""
        return self._result.done()

    def poll(self) -> T | None:
        """Return the result, or None while it is being computed; raises what the call raised."""
        return self._result.result() if self.done else None

    def wait(self, seconds: float) -> T | None:
        """Return the result, or None if it is not there after so many seconds."""
        with suppress(TimeoutError):
            return self._result.result(seconds)
        return None

    def stop(self) -> None:
        """Ask the work to stop; it does so at its next report of progress."""
        self._stopped.set()
