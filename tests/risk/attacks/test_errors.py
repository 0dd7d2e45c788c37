from __future__ import annotations

import numpy as np
import pytest

from microdata.encoding import encode
from microdata.errors import PrivacyToolError
from microdata.readers import dataset_from_frame
from risk.attacks import Redraw, Shift, TransposedDigits
from risk.attacks.errors import unheard_of


@pytest.fixture
def source(context_of):
    table = {
        "age": ["10", "20", "30", "30", None],
        "day": ["2020-01-01", "2020-01-03", "2020-01-31", "2020-01-31", "2020-01-31"],
        "zip": ["12", "21", "33", "4", None],
        "none": [None] * 5,
    }
    return context_of(table, quasi=list(table)).release.source


def replaced(model, source, column, codes, seed=0):
    codes = np.asarray(codes, np.int64)
    return model.replaced(codes, column, source, np.random.default_rng(seed))


def test_a_value_is_redrawn_as_often_as_the_column_holds_it(source):
    drawn = replaced(Redraw(rate=1), source, "age", np.zeros(40_000))
    leaves = source.domain("age").leaves
    shares = dict(zip(leaves, np.bincount(drawn, minlength=3) / drawn.size, strict=True))
    # A missing cell is nothing that anybody could believe to know.
    assert shares == pytest.approx({"10": 0.25, "20": 0.25, "30": 0.5}, abs=0.01)


def test_nothing_is_drawn_from_a_column_without_values(source):
    assert replaced(Redraw(rate=1), source, "none", [0]).tolist() == [0]


def test_a_number_moves_to_the_nearest_value_and_a_gap_stays(source):
    domain = source.domain("age")
    code = domain.positions
    moved = replaced(Shift(rate=1, distance=4), source, "age", [code["20"], domain.missing])
    assert moved.tolist() == [code["20"], domain.missing]
    moved = replaced(Shift(rate=1, distance=10), source, "age", np.full(500, code["20"]))
    assert set(moved.tolist()) == set(code.values())


def test_a_date_moves_by_days(source):
    code = source.domain("day").positions
    moved = replaced(Shift(rate=1, distance=2), source, "day", np.full(200, code["2020-01-01"]))
    assert set(moved.tolist()) == {code["2020-01-01"], code["2020-01-03"]}


def test_a_word_cannot_be_off_by_units(context_of):
    words = context_of({"word": ["a", "b", "c", "d"]}, quasi=["word"]).release.source
    with pytest.raises(PrivacyToolError, match="'word' holds neither numbers nor dates"):
        replaced(Shift(rate=1, distance=1), words, "word", [0])


def test_digits_trade_places_within_the_column_or_out_of_it():
    import pandas as pd

    frame = pd.DataFrame({"zip": ["012", "021", "033", "x4", None]}, dtype=object)
    source = encode(dataset_from_frame(frame, "zips"))
    domain = source.domain("zip")
    code, strange = domain.positions, unheard_of(domain)
    asked = [code["033"], code["x4"], domain.missing]
    moved = replaced(TransposedDigits(rate=1), source, "zip", asked)
    assert moved.tolist() == [strange, code["x4"], domain.missing]
    moved = replaced(TransposedDigits(rate=1), source, "zip", np.full(100, code["012"]))
    assert set(moved.tolist()) == {code["021"], strange}


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan")])
@pytest.mark.parametrize(
    "model", [Redraw, TransposedDigits, lambda rate: Shift(rate=rate, distance=1)]
)
def test_a_rate_is_a_share(model, rate):
    with pytest.raises(PrivacyToolError, match="between 0 and 1"):
        model(rate=rate)


def test_a_shift_has_a_distance():
    with pytest.raises(PrivacyToolError, match="1 unit or more"):
        Shift(rate=0.1, distance=0)


def test_a_shift_stays_within_what_a_computer_can_draw():
    with pytest.raises(PrivacyToolError, match="at most 1,000,000"):
        Shift(rate=0.1, distance=2**63)
