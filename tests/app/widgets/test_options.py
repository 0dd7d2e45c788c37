from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.options import words_of


@given(st.lists(st.sampled_from(["a", "a\n", "a (2)", "", " ", "\u202ea", "w" * 500, "b"])))
def test_options_are_told_apart(names):
    words = words_of(names)
    assert len(set(words)) == len(names)
    assert all(word.strip() and len(word) < 130 for word in words)


def test_names_stay_as_they_are_where_they_differ():
    assert words_of(["Oslo", "Rome"]) == ["Oslo", "Rome"]
    assert words_of(["x", "x"]) == ["x", "x (2)"]
