from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.search import kernels

# Three columns of 5, 3 and 4 codes; the last stands in a word of its own.
FIELDS = np.array([[0, 0, 3], [0, 3, 2], [1, 7, 2]], np.int64)
SIZES = (5, 3, 4)


def pack(rows):
    keys = np.zeros((2, len(rows)), np.uint64)
    for i, row in enumerate(rows):
        for (word, shift, _), code in zip(FIELDS.tolist(), row, strict=True):
            keys[word, i] |= np.uint64(code << shift)
    return keys


rows = st.lists(
    st.tuples(*(st.integers(0, size - 1) for size in SIZES)), min_size=1, max_size=40, unique=True
)
lookups = st.tuples(
    *(st.lists(st.integers(0, size - 1), min_size=size, max_size=size) for size in SIZES)
)


@settings(max_examples=150, deadline=None)
@given(rows, lookups, st.sets(st.integers(0, 2)), st.integers(1, 2**40))
def test_roll_up_is_the_count_of_recoded_tuples(table, lookup, changed, factor):
    count = np.arange(1, len(table) + 1) * factor
    chosen = sorted(changed)
    start = np.cumsum([0, *SIZES])[:-1][chosen]
    flat = np.concatenate(lookup).astype(np.uint64)
    keys, total, group = kernels.roll_up(
        pack(table), count.astype(np.int64), FIELDS[chosen], start.astype(np.int64), flat
    )
    expected = Counter()
    for row, n in zip(table, count.tolist(), strict=True):
        expected[tuple(lookup[c][v] if c in changed else v for c, v in enumerate(row))] += n
    # Counters keep the order of first occurrence.
    assert np.array_equal(keys, pack(list(expected)))
    assert total.tolist() == list(expected.values())
    assert np.array_equal(np.bincount(group, weights=count), total)


def test_roll_up_of_more_classes_than_the_first_table_of_slots_holds():
    n = 5000
    keys = np.arange(2 * n, dtype=np.uint64)[None, :]
    fields = np.array([[0, 0, 1]], np.int64)
    out, total, _ = kernels.roll_up(
        keys, np.ones(2 * n, np.int64), fields, np.zeros(1, np.int64), np.zeros(2, np.uint64)
    )
    assert out.shape == (1, n)
    assert np.array_equal(total, np.full(n, 2))


@settings(max_examples=80, deadline=None)
@given(rows, lookups, st.data())
def test_sums_and_products_are_those_of_the_rows(table, amounts, data):
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=len(table), max_size=len(table))))
    count = np.arange(1, len(table) + 1)
    start = np.cumsum([0, *SIZES])[:-1].astype(np.int64)
    flat = np.concatenate(amounts).astype(np.int64)
    sums = kernels.sum_by_column(pack(table), count, chosen, (FIELDS, start), flat)
    assert sums.tolist() == [
        sum(n * amounts[c][row[c]] for row, n, yes in zip(table, count, chosen, strict=True) if yes)
        for c in range(3)
    ]
    products = kernels.product_by_class(pack(table), FIELDS, start, flat)
    assert products.tolist() == [
        amounts[0][row[0]] * amounts[1][row[1]] * amounts[2][row[2]] for row in table
    ]
