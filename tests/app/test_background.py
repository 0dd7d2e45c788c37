import threading
import time

import pytest

from ui.background import Background


def waited(running):
    until = time.monotonic() + 10
    while running.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    return running.poll()


def test_the_result_is_there_when_the_work_is_done_and_not_before():
    go_on = threading.Event()

    def work(_):
        go_on.wait(10)
        return 7

    running = Background(work)
    assert not running.done
    assert running.poll() is None
    assert running.wait(0.01) is None
    go_on.set()
    assert running.wait(10) == 7
    assert running.poll() == 7


def test_progress_is_told_and_stopping_reaches_the_work():
    told = threading.Event()

    def work(on_progress):
        done = 0
        while on_progress(done, 100):
            done += 1
            told.set()
            time.sleep(0.001)
        return done

    running = Background(work)
    assert told.wait(10)
    running.stop()
    assert waited(running) >= 1
    assert running.progress[1] == 100


def test_what_the_work_raises_reaches_whoever_asks():
    def work(_):
        raise ValueError("too much")

    running = Background(work)
    with pytest.raises(ValueError, match="too much"):
        waited(running)
    assert running.done
