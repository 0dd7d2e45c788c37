"""The parent's side: start the other program, never wait for it, take its answers or its end."""

from __future__ import annotations

import importlib.util
import json
import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, cast

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.measure import Context
from microdata.release import Release
from microdata.roles import Roles
from risk.second_opinion.comparison import Comparison
from risk.second_opinion.question import Question, questions, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

SECONDS = 60.0
MEMORY_BYTES = 4 * 1024**3
UNAVAILABLE = "the second opinion is not available: pycanon does not run on this Python"

_ROOT = Path(__file__).resolve().parents[2]
# Isolated mode ignores the environment and the folder, so the child is told where the project is.
# Its file is run without its package, whose compiled code it has no use for.
_CHILD = (
    "import runpy, sys; sys.path.insert(0, sys.argv[1]); "
    "runpy.run_path(sys.argv[2])['main'](sys.argv[3])"
)
_CHILD_FILE = Path(__file__).with_name("child.py")
_BYTES_A_WRITE = 1 << 20
# How a process ends that asks for memory it may not have, or for more time.
_OUT_OF_MEMORY = {-signal.SIGABRT, -signal.SIGSEGV}
_OUT_OF_TIME = {-getattr(signal, name) for name in ("SIGXCPU",) if hasattr(signal, name)}
_TOO_MUCH_MEMORY = "pycanon needed more memory than it may have"


class Running:
    """
    A second opinion in the making.

    A process of its own computes it under a limit of time and of memory. It ends with its last
    answer, at the time limit, on `stop`, or when this process ends in whatever way, because the
    pipe that it listens to closes then. So a session that is closed leaves nothing behind that
    outlives the time limit, and a server that is stopped leaves nothing at all.

    Parameters
    ----------
    asked : tuple of Question
        Those without a hindrance are sent.
    codes : int32[columns, n]
        The table, as `question.table` makes it.
    quasi : int
        How many of its columns are quasi-identifiers.
    seconds : float
        The time limit; starting the process counts.
    """

    def __init__(
        self, asked: tuple[Question, ...], codes: NDArray[np.int32], quasi: int, seconds: float
    ) -> None:
        self._asked = asked
        self._seconds = seconds
        self._result: Future[tuple[Comparison, ...]] = Future()
        self._ended_by: Literal["time", "stop", ""] = ""
        sent = [
            {"number": number, "asked": question.asked, "attribute": question.attribute}
            for number, question in enumerate(asked)
            if not question.hindrance
        ]
        if not sent:
            self._process = None
            self._result.set_result(self._compared({}, ""))
            return
        call = {
            "memory_bytes": MEMORY_BYTES,
            "cpu_seconds": math.ceil(seconds) + 1,
            "columns": codes.shape[0],
            "records": codes.shape[1],
            "quasi": quasi,
            "questions": sent,
        }
        arguments = [str(_ROOT), str(_CHILD_FILE), json.dumps(call)]
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", _CHILD, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        threading.Thread(target=self._follow, args=(self._process, codes), daemon=True).start()

    def poll(self) -> tuple[Comparison, ...] | None:
        """Return the comparisons, or None while they are being computed; never waits."""
        return self._result.result() if self._result.done() else None

    def wait(self, seconds: float | None = None) -> tuple[Comparison, ...] | None:
        """
        Return the comparisons, at the time limit at the latest.

        Parameters
        ----------
        seconds : float, optional
            How long to wait before None is returned.
        """
        with suppress(TimeoutError):
            return self._result.result(seconds)
        return None

    def stop(self) -> None:
        """End the process; what it had answered until then is the result."""
        self._end("stop")

    def _end(self, by: Literal["time", "stop"]) -> None:
        if self._process is not None and not self._result.done():
            self._ended_by = self._ended_by or by
            self._process.kill()

    def _follow(self, process: subprocess.Popen[bytes], codes: NDArray[np.int32]) -> None:
        source, pipe = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        timer = threading.Timer(self._seconds, self._end, ("time",))
        timer.daemon = True
        timer.start()
        feeder = threading.Thread(target=_feed, args=(source, codes), daemon=True)
        feeder.start()
        answers: dict[int, dict[str, Any]] = {}
        for line in pipe:
            with suppress(ValueError):  # the last line of a process that is ended may be cut
                told = json.loads(line)
                answers[told["number"]] = told
        code = process.wait()
        timer.cancel()
        feeder.join()
        for end in (source, pipe):
            with suppress(OSError):
                end.close()
        self._result.set_result(self._compared(answers, self._ending(code)))

    def _ending(self, code: int) -> str:
        """Say why a question was not answered."""
        if self._ended_by == "stop":
            return "pycanon was stopped before it had finished"
        if self._ended_by == "time" or code in _OUT_OF_TIME:
            return f"pycanon did not finish within {self._seconds:g} seconds"
        if code in _OUT_OF_MEMORY:
            return _TOO_MUCH_MEMORY
        return "pycanon stopped with an error" if code >= 0 else "pycanon was ended by the system"

    def _compared(
        self, answers: Mapping[int, Mapping[str, Any]], ending: str
    ) -> tuple[Comparison, ...]:
        return tuple(
            _compare(question, answers.get(number, {}), ending)
            for number, question in enumerate(self._asked)
        )


def _compare(question: Question, told: Mapping[str, Any], ending: str) -> Comparison:
    if question.hindrance:
        return Comparison.impossible(question, question.hindrance)
    if "value" in told:
        return Comparison.of(question, told["value"])
    if told.get("error") == "MemoryError":
        return Comparison.impossible(question, _TOO_MUCH_MEMORY)
    if "error" in told:
        return Comparison.impossible(question, f"pycanon stopped with an error ({told['error']})")
    return Comparison.impossible(question, ending)


def _environment() -> dict[str, str]:
    # Without these, threads reserve far more address space than they use, and hit the cap.
    return os.environ | {
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _feed(pipe: IO[bytes], codes: NDArray[np.int32]) -> None:
    view = np.ascontiguousarray(codes, "<i4").data.cast("B")
    with suppress(OSError):  # the child may end before it has read everything
        for first in range(0, len(view), _BYTES_A_WRITE):
            pipe.write(view[first : first + _BYTES_A_WRITE])
        pipe.flush()


def start(
    release: Release,
    roles: Roles,
    *,
    missing: Literal["own", "wildcard"] = "own",
    seconds: float = SECONDS,
) -> Running:
    """
    Start a second opinion on a release, and return at once.

    Parameters
    ----------
    release : Release
        What is published, or `Release.original` for the table as it is.
    roles : Roles
    missing : {"own", "wildcard"}
        The rule in force for missing cells of quasi-identifiers.
    seconds : float
        The time limit.

    Returns
    -------
    Running
        Whose `poll` gives the comparisons once they are there.

    Raises
    ------
    PrivacyToolError
        No quasi-identifier, or a time limit that is not above zero.
    """
    if not (math.isfinite(seconds) and seconds > 0):
        raise PrivacyToolError(
            "The time limit of the second opinion must be a number of seconds above zero. "
            "Change it."
        )
    context = Context(release=release, roles=roles, missing=missing)
    asked = questions(context)
    if importlib.util.find_spec("pycanon") is None:
        asked = tuple(replace(question, hindrance=UNAVAILABLE) for question in asked)
    if all(question.hindrance for question in asked):
        return Running(asked, np.empty((0, 0), np.int32), 0, seconds)
    return Running(asked, table(context), max(1, len(context.classes.columns)), seconds)


def second_opinion(
    release: Release,
    roles: Roles,
    *,
    missing: Literal["own", "wildcard"] = "own",
    seconds: float = SECONDS,
) -> tuple[Comparison, ...]:
    """Return a second opinion on a release: `start`, and wait for the result."""
    return start(release, roles, missing=missing, seconds=seconds).wait() or ()
