"""The compiled walk over a whole lattice; a plain numpy twin in the tests is its oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba as nb
import numpy as np

from transforms.search.profile_parts import (
    ARITHMETIC,
    BY_ENTROPY,
    CLASS_SIZE,
    GEOMETRIC,
    MAX,
    PRODUCTS,
    SQUARES,
    Answers,
    Classes,
    Fields,
    Row,
    Scoring,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


@nb.njit(cache=True, nogil=True)
def merge(
    classes: Classes,
    out: Classes,
    field: tuple[np.uint64, np.uint64],
    coarser: NDArray[np.uint64],
    slots: NDArray[np.uint32],
) -> np.int64:
    """
    Write the classes with one column generalised by one level to `out`; return how many.

    `out` may be where the classes stand now. There are at least twice as many slots as classes,
    a power of two.
    """
    shift, mask = field
    (keys, count), (new_keys, new_count) = classes, out
    # Places are unsigned: for others numba looks whether they count from the end.
    one, bits = np.uint64(1), np.uint64(6)
    while (one << bits) < 2 * keys.size:
        bits += one
    last = (one << bits) - one
    down = np.uint64(64) - bits
    slots[: np.int64(last) + 1] = 0
    others = ~(mask << shift)
    found = np.uint32(0)
    for i in range(keys.size):
        x = keys[i]
        y = (x & others) | (coarser[(x >> shift) & mask] << shift)
        # Fibonacci hashing: the high bits of the product depend on all bits of the key.
        p = ((y ^ (y >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)) >> down
        while True:
            taken = slots[p]
            if taken == 0:
                new_keys[found] = y
                new_count[found] = count[i]
                found += np.uint32(1)
                slots[p] = found
                break
            g = taken - np.uint32(1)
            if new_keys[g] == y:
                new_count[g] += count[i]
                break
            p = (p + one) & last
    return np.int64(found)


@nb.njit(cache=True, nogil=True)
def _count_left_out(
    count: NDArray[np.int32],
    bucket: NDArray[np.int64],
    suppressed: NDArray[np.int32],
    classes: NDArray[np.int32],
    smallest: NDArray[np.int32],
) -> None:
    """Write the records left out, the classes kept and the smallest of them for every k."""
    by_size = np.zeros(bucket.size, np.int64)
    least = np.int64(0)
    for i in range(count.size):
        people = np.int64(count[i])
        if people < bucket.size:
            by_size[np.uint64(people)] += 1
        elif least == 0 or people < least:
            least = people
    # The largest k first: a class of n people is kept for every k up to n.
    n = bucket.size - 1
    kept = count.size - by_size.sum()
    for b in range(suppressed.size - 1, -1, -1):
        smallest[b], classes[b] = least, kept
        while n >= 0 and bucket[n] == b:
            kept += by_size[n]
            suppressed[b] += n * by_size[n]
            if by_size[n] > 0:
                least = np.int64(n)
            n -= 1
    for b in range(1, suppressed.size):
        suppressed[b] += suppressed[b - 1]


@nb.njit(cache=True, nogil=True)
def _leaves_left_out(
    classes: Classes,
    level: NDArray[np.int64],
    fields: Fields,
    bucket: NDArray[np.int64],
    sums: NDArray[np.float64],
) -> None:
    """Add the leaves below the values of the classes that fail to sums[column, k]."""
    keys, count = classes
    limit = np.int64(bucket.size)
    for c in range(level.size):
        if fields.uniform[c, level[c]] > 0:
            continue
        shift, mask = fields.shift[c], fields.mask[c]
        leaves = fields.leaves[fields.start[c, level[c]] :]
        total = sums[c]
        for i in range(count.size):
            n = np.int64(count[i])
            if n < limit:
                total[np.uint64(bucket[np.uint64(n)])] += n * leaves[(keys[i] >> shift) & mask]


@nb.njit(cache=True, nogil=True)
def _entropy_left_out(
    classes: Classes,
    level: NDArray[np.int64],
    fields: Fields,
    given: tuple[NDArray[np.int64], NDArray[np.float64]],
    sums: NDArray[np.float64],
) -> None:
    """
    Add what the classes that fail first add to the sum of c log2 c to sums[column, k].

    `given` are the bucket of each size, and x log2 x.
    """
    keys, count = classes
    bucket, times_log = given
    places = sums.shape[1]
    begin = np.zeros(places + 2, np.int64)
    for n in count:
        if n < bucket.size:
            begin[bucket[n] + 2] += 1
    for b in range(places):
        begin[b + 2] += begin[b + 1]
    order = np.empty(begin[-1], np.int64)
    for i in range(count.size):
        if count[i] < bucket.size:
            b = bucket[count[i]] + 1
            order[begin[b]] = i
            begin[b] += 1
    for c in range(level.size):
        shift, mask = fields.shift[c], fields.mask[c]
        held = np.zeros(np.int64(mask) + 1, np.int64)
        for b in range(places):
            more = 0.0
            for j in range(begin[b], begin[b + 1]):
                i = order[j]
                code = (keys[i] >> shift) & mask
                now = held[code] + count[i]
                more += times_log[now] - times_log[held[code]]
                held[code] = now
            sums[c, b] = more


@nb.njit(cache=True, nogil=True)
def _products(classes: Classes, level: NDArray[np.int64], fields: Fields) -> NDArray[np.float64]:
    """Return the people of each class times the leaves below its values, multiplied."""
    keys, count = classes
    cost = count.astype(np.float64)
    for c in range(level.size):
        every = fields.uniform[c, level[c]]
        if every > 0:
            cost *= every
            continue
        shift, mask = fields.shift[c], fields.mask[c]
        leaves = fields.leaves[fields.start[c, level[c]] :]
        for i in range(count.size):
            cost[i] *= leaves[(keys[i] >> shift) & mask]
    return cost


@nb.njit(cache=True, nogil=True)
def _scores_by_class(
    cost: NDArray[np.float64],
    count: NDArray[np.int32],
    scoring: Scoring,
    bucket: NDArray[np.int64],
    row: Row,
) -> None:
    """Write the sum of the costs of all classes, those left out at what they cost more."""
    suppressed, score = row
    lost = np.zeros(score.size)
    for i in range(count.size):
        if count[i] < bucket.size:
            lost[bucket[count[i]]] += cost[i]
    everything = cost.sum()
    cheaper = 0.0
    for b in range(score.size):
        cheaper += lost[b]
        score[b] = everything
        if scoring.counts:
            score[b] += scoring.every * suppressed[b] - cheaper


@nb.njit(cache=True, nogil=True)
def _scores_by_column(
    level: NDArray[np.int64],
    scoring: Scoring,
    uniform: NDArray[np.float64],
    sums: NDArray[np.float64],
    row: Row,
) -> None:
    """Write the scores, in the order of operations of `ByColumn`: equal scores stay equal."""
    suppressed, score = row
    d, places = level.size, score.size
    out = suppressed.astype(np.float64)
    added = np.zeros(places)
    score[:] = 1.0 if scoring.aggregate == GEOMETRIC else 0.0
    for c in range(d):
        raw, low, span = scoring.raw[c, level[c]], scoring.low[c], scoring.span[c]
        weight, digits = scoring.weights[c], scoring.digits
        if not scoring.counts:
            added[:] = 0.0
        elif scoring.kind == BY_ENTROPY:
            total = 0.0
            for b in range(places):
                total += sums[c, b]
                added[b] = scoring.times_log[suppressed[b]] - total
        else:
            every, people = uniform[c, level[c]], scoring.people[c, level[c]]
            more, size = scoring.more, scoring.size[c]
            total = 0.0
            if every > 0:
                for b in range(places):
                    added[b] = more * (every * out[b]) / size + people * out[b]
            else:
                for b in range(places):
                    total += sums[c, b]
                    added[b] = more * total / size + people * out[b]
        for b in range(places):
            added[b] = max((raw + added[b] - low) / span, 0.0)
        if digits > 0:
            for b in range(places):
                added[b] = np.floor(added[b] * digits) / digits
        if scoring.aggregate == GEOMETRIC:
            for b in range(places):
                score[b] *= added[b] * weight + 1
        elif scoring.aggregate == MAX:
            for b in range(places):
                score[b] = max(score[b], added[b] * weight)
        else:
            for b in range(places):
                score[b] += added[b] * weight
    if scoring.aggregate == ARITHMETIC:
        score /= d
    elif scoring.aggregate == GEOMETRIC:
        for b in range(places):
            if b > 0 and suppressed[b] == suppressed[b - 1]:
                score[b] = score[b - 1]
            else:
                score[b] = score[b] ** (1 / d) - 1


@nb.njit(cache=True, nogil=True)
def _answer(
    classes: Classes,
    level: NDArray[np.int64],
    fields: Fields,
    scoring: Scoring,
    answers: Answers,
) -> None:
    """Write what is known of one node for every k."""
    node = (level * answers.stride).sum()
    bucket, count = answers.bucket, classes[1]
    suppressed, kept, score = answers.suppressed[node], answers.classes[node], answers.score[node]
    _count_left_out(count, bucket, suppressed, kept, answers.smallest[node])
    row = (suppressed, score)
    if scoring.kind == CLASS_SIZE:
        for b in range(score.size):
            score[b] = scoring.every / count.size
            if suppressed[b] > 0:
                score[b] += scoring.every / (kept[b] + 1) - scoring.every / count.size
    elif scoring.kind == SQUARES:
        people = count.astype(np.float64)
        _scores_by_class(people * people, count, scoring, bucket, row)
    elif scoring.kind == PRODUCTS:
        _scores_by_class(_products(classes, level, fields), count, scoring, bucket, row)
    else:
        sums = np.zeros((level.size, score.size))
        if scoring.counts and scoring.kind == BY_ENTROPY:
            _entropy_left_out(classes, level, fields, (bucket, scoring.times_log), sums)
        elif scoring.more != 0:
            _leaves_left_out(classes, level, fields, bucket, sums)
        _scores_by_column(level, scoring, fields.uniform, sums, row)


@nb.njit(cache=True, nogil=True)
def walk(
    classes: Classes,
    begin: NDArray[np.int64],
    order: NDArray[np.int64],
    given: tuple[Fields, Scoring, Answers],
    done: NDArray[np.int64],
) -> None:
    """
    Answer for all nodes that are reached by generalising some columns further.

    Depth first; each node is made from the one that is a level finer in the column that comes
    last in `order`, so that no table is made twice and few are held at once.

    Parameters
    ----------
    classes : Classes
        Of the original table at its lowest levels.
    begin : int64[d]
        The levels of the node to start with.
    order : int64[...]
        The columns that move; the others stay where they begin.
    given : (Fields, Scoring, Answers)
    done : int64[2]
        The nodes done are written to the first; a second that is not 0 ends the walk.
    """
    fields, scoring, answers = given
    depth = 1
    for c in order:
        depth += fields.levels[c] - 1 - begin[c]
    capacity = 64
    while capacity < 2 * classes[0].size:
        capacity *= 2
    slots = np.empty(capacity, np.uint32)
    level = np.zeros_like(begin)
    m = np.int64(classes[0].size)
    keys, count = classes[0].copy(), classes[1].copy()
    for c in range(begin.size):
        for _ in range(begin[c]):
            coarser = fields.coarser[fields.start[c, level[c]] :]
            field = (fields.shift[c], fields.mask[c])
            m = merge((keys[:m], count[:m]), (keys, count), field, coarser, slots)
            level[c] += 1
    all_keys = np.empty((depth, m), np.uint64)
    all_count = np.empty((depth, m), np.int32)
    all_keys[0] = keys[:m]
    all_count[0] = count[:m]
    size = np.zeros(depth, np.int64)
    size[0] = m
    turn = np.zeros(depth, np.int64)
    moved = np.zeros(depth, np.int64)
    at = 0
    fresh = True
    while at >= 0 and done[1] == 0:
        here = (all_keys[at, : size[at]], all_count[at, : size[at]])
        if fresh:
            _answer(here, level, fields, scoring, answers)
            done[0] += 1
            fresh = False
        if turn[at] >= order.size:
            level[moved[at]] -= 1
            at -= 1
            continue
        place = turn[at]
        c = order[place]
        turn[at] += 1
        if level[c] + 1 >= fields.levels[c]:
            continue
        at += 1
        coarser = fields.coarser[fields.start[c, level[c]] :]
        field = (fields.shift[c], fields.mask[c])
        size[at] = merge(here, (all_keys[at], all_count[at]), field, coarser, slots)
        level[c] += 1
        turn[at], moved[at], fresh = place, c, True
