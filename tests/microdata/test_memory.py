import gc
import weakref

from microdata.memory import return_memory


class Table:
    pass


def test_what_was_alive_at_one_call_is_let_go_at_the_next():
    table = Table()
    table.itself = table
    held = weakref.ref(table)
    return_memory()
    assert held() is table
    del table
    return_memory()
    assert held() is None
    gc.unfreeze()
