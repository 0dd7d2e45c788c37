import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microdata import kernels
from microdata.keys import key_layout, pack_keys
from microdata.wildcard_kernels import matching_by_pattern


def twin_group(keys):
    """Number columns by first occurrence, with a dictionary."""
    seen = {}
    group = [seen.setdefault(tuple(column), len(seen)) for column in keys.T.tolist()]
    first = [group.index(g) for g in range(len(seen))]
    return np.array(group), np.array(first)


def twin_contingency(group, value, amount, groups, values):
    dense = np.zeros((groups, values), np.int64)
    for g, v, n in zip(group, value, amount, strict=True):
        if g >= 0 and 0 <= v < values:
            dense[g, v] += n
    return dense


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**64 - 1)), max_size=60))
def test_groups_equal_those_of_a_dictionary_also_over_two_words(rows):
    keys = np.array([[r[0] for r in rows], [r[1] for r in rows]], np.uint64).reshape(2, -1)
    group, first = kernels.group_keys(keys)
    expected_group, expected_first = twin_group(keys)
    assert group.tolist() == expected_group.tolist()
    assert first.tolist() == expected_first.tolist()


def test_the_hash_table_grows_without_losing_a_key():
    keys = np.arange(50_000, dtype=np.uint64).repeat(2)[None, :]
    group, first = kernels.group_keys(keys)
    assert first.size == 50_000
    assert np.array_equal(group, np.arange(50_000).repeat(2))


def test_two_keys_of_one_hash_are_two_groups():
    # The hash of two words mixes the mixed first word with the second: one can make up for one.
    first = np.array([3, 77], np.uint64)
    mixed = [int(kernels.mix(word)) for word in first]
    keys = np.array([first, [5, 5 ^ mixed[0] ^ mixed[1]]], np.uint64)
    hashes = {int(kernels.mix(np.uint64(m) ^ w)) for m, w in zip(mixed, keys[1], strict=True)}
    assert len(hashes) == 1
    assert kernels.group_keys(keys)[0].tolist() == [0, 1]
    # The same keys in the tables of open cells, where nothing is open: nobody matches another.
    everything = np.full((2, 1), ~np.uint64(0))
    amount = np.array([4, 9])
    total = matching_by_pattern(keys, everything, np.array([0, 2]), amount)
    assert total.tolist() == [4, 9]


@given(
    st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 6), st.integers(1, 2**40)), max_size=80)
)
def test_contingency_equals_the_dense_table(rows):
    group, value, amount = (np.array([r[i] for r in rows]) for i in range(3))
    offsets, values, n = kernels.contingency(
        group.astype(np.int32), value.astype(np.int32), amount.astype(np.int64), 5, 6
    )
    dense = np.zeros((5, 6), np.int64)
    for g in range(5):
        part = slice(offsets[g], offsets[g + 1])
        assert (np.diff(values[part]) > 0).all(), "values of a class are sorted and distinct"
        dense[g, values[part]] = n[part]
    assert np.array_equal(dense, twin_contingency(group, value, amount, 5, 6))


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(1, 2**40)), max_size=80),
    st.lists(st.integers(-1, 3), min_size=5, max_size=5),
    st.sampled_from([7, 500]),
)
def test_merging_a_contingency_equals_counting_the_merged_groups(rows, into, values):
    group, value, amount = (np.array([r[i] for r in rows], int) for i in range(3))
    value, into = value.astype(np.int32), np.array(into, np.int32)
    before = kernels.contingency(group.astype(np.int32), value, amount, 5, values)
    merged = kernels.merge_contingency(into, *before, (4, values))
    wanted = kernels.contingency(into[group], value, amount, 4, values)
    for got, expected in zip(merged, wanted, strict=True):
        assert got.dtype == expected.dtype
        assert np.array_equal(got, expected)


def test_two_groupings_are_one_and_nowhere_stays_nowhere():
    first, then = np.array([2, -1, 0, 1, 2], np.int32), np.array([1, -1, 0], np.int32)
    assert kernels.compose(first, then).tolist() == [0, -1, 1, -1, 0]


@given(st.data())
def test_keys_are_recoded_as_column_by_column(data):
    sizes = data.draw(st.lists(st.integers(1, 2**40), min_size=1, max_size=6))
    layout = key_layout({str(i): size for i, size in enumerate(sizes)})
    m = data.draw(st.integers(0, 8))
    codes = [
        np.array(data.draw(st.lists(st.integers(0, size - 1), min_size=m, max_size=m)), np.int64)
        for size in sizes
    ]
    rules = {}
    for i, size in enumerate(sizes):
        if size <= 50 and data.draw(st.booleans()):
            rules[i] = data.draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))
    new = key_layout({str(i): 10 if i in rules else size for i, size in enumerate(sizes)})
    keys = pack_keys(layout, {str(i): code for i, code in enumerate(codes)}, m)
    starts, lookup = [], []
    for i in range(len(sizes)):
        starts.append(len(lookup) if i in rules else -1)
        lookup += rules.get(i, [])
    fields = [(*o.place, *n.place, s) for o, n, s in zip(layout, new, starts, strict=True)]
    recoded = kernels.recode_keys(
        keys, np.array(fields, np.int64), new[-1].word + 1, np.array(lookup, np.int64)
    )
    expected = {str(i): np.array(rules[i], int)[c] if i in rules else c
                for i, c in enumerate(codes)}  # fmt: skip
    assert np.array_equal(recoded, pack_keys(new, expected, m))


def test_a_code_without_a_place_leaves_the_other_columns_alone():
    layout = key_layout({"a": 4, "b": 4})
    keys = pack_keys(layout, {"a": np.array([0, 1]), "b": np.array([3, 2])}, 2)
    fields = [(*layout[0].place, *layout[0].place, 0), (*layout[1].place, *layout[1].place, -1)]
    recoded = kernels.recode_keys(keys, np.array(fields), 1, np.array([-1, 2, 0, 0]))
    assert ((recoded[0] >> np.uint64(layout[1].shift)) & np.uint64(3)).tolist() == [3, 2]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2), st.booleans()), max_size=40))
def test_amounts_are_counted_by_the_code_of_every_column(rows):
    layout = key_layout({"a": 7, "b": 3})
    a, b, keep = (np.array([row[i] for row in rows], int) for i in range(3))
    keys = pack_keys(layout, {"a": a, "b": b}, len(rows))
    total = np.zeros(10, np.int64)
    amount = np.arange(len(rows), dtype=np.int64) + 2**40
    places = np.array([(*layout[0].place, 0), (*layout[1].place, 7)])
    kernels.count_codes(keys, places, amount, keep.astype(bool), total)
    kept = np.flatnonzero(keep)
    for code in range(7):
        assert total[code] == sum(int(amount[i]) for i in kept if a[i] == code)
    for code in range(3):
        assert total[7 + code] == sum(int(amount[i]) for i in kept if b[i] == code)


def test_sums_are_64_bit_and_leave_out_group_minus_one():
    total = kernels.sum_by_group(
        np.array([0, 0, -1, 1], np.int32), np.array([2**40, 2**40, 7, 1], np.int64), 2
    )
    assert total.tolist() == [2**41, 1]
