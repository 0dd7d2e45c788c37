from __future__ import annotations

import numpy as np

from microdata.value_lists import COMMON_NAMES, VALUE_TOPICS, category_hits, name_hits, name_share
from microdata.vocabulary import TOPICS, spoken

COLOURS_AND_PLACES = (
    "white black brown green gray king baker cook young may june april paris london georgia "
    "jordan chad israel china washington lincoln male female single divorced widowed master "
)


def test_no_plain_word_is_a_name():
    assert COMMON_NAMES.isdisjoint(COLOURS_AND_PLACES.split())
    assert all(name == spoken(name).strip() for name in COMMON_NAMES)


def test_the_words_of_special_categories_can_be_found():
    known = {topic.special_category for topic in TOPICS}
    for topic in VALUE_TOPICS:
        assert topic.special_category in known
        for phrase in f"{topic.words}|{topic.beside}".split("|"):
            assert spoken(phrase) == f" {phrase} "


def test_a_name_is_a_word_among_few():
    values = ["Mary Qux", "qux, MARÍA", "Jean-Luc", "Mary 3", "", "a b c d e Mary", "Mary" * 30]
    assert name_hits(values).tolist() == [True, True, True, False, False, False, False]


def test_values_that_no_row_holds_do_not_count_as_names():
    hits = np.ones(40, bool)
    rows = np.zeros(40, np.int64)
    rows[:20] = 1
    assert name_share(hits, rows) == 1
    rows[19] = 0
    assert name_share(hits, rows) is None


def test_a_long_list_is_no_special_category():
    many = [f"cancer {i}" for i in range(2_001)]
    assert category_hits(many) == ()
    assert category_hits(many[:2_000])
