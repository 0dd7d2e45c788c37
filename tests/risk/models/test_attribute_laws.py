"""Laws of the attribute models: copies, order, and groups that are joined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.models import (
    AlphaModel,
    BetaLikeness,
    DeltaDisclosure,
    EnhancedBetaLikeness,
    EntropyLDiversity,
    TCloseness,
)
from risk.models.share_kernels import best_guesses

QUICK = settings(max_examples=40, deadline=None)
records = st.lists(
    st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 3))), min_size=1, max_size=24
)
MODELS = {
    "alpha": AlphaModel(column="s", alpha=1),
    "beta": BetaLikeness(column="s", beta=1),
    "enhanced beta": EnhancedBetaLikeness(column="s", beta=1),
    "delta": DeltaDisclosure(column="s", delta=1),
    "grassberger": EntropyLDiversity(column="s", diversity=1, estimator="grassberger"),
    "t": TCloseness(column="s", t=1),
}
SHARES = [name for name in MODELS if name != "grassberger"]
CONVEX = [name for name in SHARES if name != "delta"]


def by_class(model, classes):
    """Return a figure a class, by the first code of the class."""
    order = np.argsort(classes.codes("q"))
    return model.per_class(classes)[order]


@pytest.mark.parametrize("name", SHARES)
@QUICK
@given(records)
def test_a_hundred_copies_of_every_record_change_nothing(name, classes_from, rows):
    group, value = zip(*rows, strict=True)
    once, often = classes_from(group, value, 4), classes_from(group * 100, value * 100, 4)
    np.testing.assert_array_equal(by_class(MODELS[name], often), by_class(MODELS[name], once))


def test_copies_do_change_grassbergers_estimate(classes_from):
    model = MODELS["grassberger"]
    once, often = classes_from([0, 0], [0, 1], 2), classes_from([0, 0] * 100, [0, 1] * 100, 2)
    assert model.per_class(once)[0] == pytest.approx(np.exp(2))
    assert model.per_class(often)[0] == pytest.approx(2, abs=1e-2)


@pytest.mark.parametrize("name", MODELS)
@QUICK
@given(records, st.randoms(use_true_random=False), st.permutations(range(4)))
def test_the_order_of_rows_and_of_values_plays_no_part(name, classes_from, rows, draw, new):
    mixed = [(group, None if value is None else new[value]) for group, value in rows]
    draw.shuffle(mixed)
    one = classes_from(*zip(*rows, strict=True), 4)
    other = classes_from(*zip(*mixed, strict=True), 4)
    np.testing.assert_allclose(
        by_class(MODELS[name], other), by_class(MODELS[name], one), rtol=1e-12, atol=1e-12
    )


def worst(model, classes):
    """Return the figure of the worst class; a class without a known value has none."""
    return np.nanmax(model.per_class(classes), initial=-np.inf)


@pytest.mark.parametrize("name", CONVEX)
@QUICK
@given(records, st.integers(0, 3), st.integers(0, 3))
def test_joining_two_groups_never_raises_what_is_convex(name, classes_from, rows, one, other):
    group, value = zip(*rows, strict=True)
    joined = [one if code == other else code for code in group]
    fine, coarse = classes_from(group, value, 4), classes_from(joined, value, 4)
    # infinite before: no beta satisfied it, and it may do so now
    assert worst(MODELS[name], coarse) <= worst(MODELS[name], fine) + 1e-12


@QUICK
@given(records, st.integers(0, 3), st.integers(0, 3))
def test_joining_two_groups_never_helps_the_guess_from_the_group(classes_from, rows, one, other):
    group, value = zip(*rows, strict=True)
    joined = [one if code == other else code for code in group]

    def right(codes):
        table = classes_from(codes, value, 4).sensitive["s"]
        return best_guesses(table.offsets, table.value, table.n, 4, 0)[0]

    assert right(joined) <= right(group)


def test_joining_two_groups_can_raise_delta(classes_from):
    # value 1 is absent from the first group and does not count there; joined, it is made rare
    value = [0] * 6 + [0, 1] + [1] * 4
    fine = classes_from([0] * 6 + [1] * 2 + [2] * 4, value, 2)
    coarse = classes_from([0] * 8 + [2] * 4, value, 2)
    assert worst(MODELS["delta"], coarse) > worst(MODELS["delta"], fine)


@QUICK
@given(records)
def test_enhanced_beta_is_beta_or_none(classes_from, rows):
    classes = classes_from(*zip(*rows, strict=True), 4)
    plain, enhanced = (MODELS[name].per_class(classes) for name in ("beta", "enhanced beta"))
    finite = np.isfinite(enhanced)
    np.testing.assert_array_equal(enhanced[finite], plain[finite])
