from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from microdata.dataset import ColumnKind, ReadOptions, content_digest
from microdata.errors import PrivacyToolError
from microdata.readers import dataset_from_frame


def rows(dataset, name):
    values = dataset.values(name)
    return [None if code < 0 else values[code] for code in dataset.codes(name)]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1, None, 3], ["1", None, "3"]),
        ([1.5, float("nan"), 2.0], ["1.5", None, "2"]),
        (["x", None, ""], ["x", None, None]),
        ([True, False, None], ["true", "false", None]),
        ([1, "x", 2.5], ["1", "x", "2.5"]),
        ([True, 1, "x"], ["true", "1", "x"]),
        (
            [dt.date(2020, 1, 2), None, dt.date(1999, 1, 1)],
            ["2020-01-02", None, "1999-01-01"],
        ),
        ([Decimal("1.50"), Decimal("2.00"), None], ["1.50", "2.00", None]),
        (pd.Categorical(["b", None, "a"]), ["b", None, "a"]),
        (np.array([0.1, 2, 3], dtype=np.float32), ["0.1", "2", "3"]),
        (pd.array([1, None, 3], dtype="Int64"), ["1", None, "3"]),
    ],
)
def test_each_type_becomes_its_text(values, texts):
    assert rows(dataset_from_frame(pd.DataFrame({"a": values}), "t"), "a") == texts


def test_the_index_is_dropped_and_the_digest_is_that_of_the_content():
    frame = pd.DataFrame({"a": ["x", "y"], "b": [1, 2]})
    dataset = dataset_from_frame(frame.set_axis([7, 3]), "t")
    assert dataset.frame.index.equals(pd.RangeIndex(2))
    assert dataset.digest == dataset_from_frame(frame, "other").digest
    assert dataset.digest == content_digest(dataset.frame, dataset.columns)
    changed = frame.assign(b=[1, 3])
    assert dataset.digest != dataset_from_frame(changed, "t").digest


def test_duplicate_and_other_than_text_headers_are_repaired():
    dataset = dataset_from_frame(pd.DataFrame([[1, 2, 3]], columns=["a", "a", 5]), "t")
    assert dataset.column_names == ("a", "a (2)", "5")


def test_options_apply():
    dataset = dataset_from_frame(
        pd.DataFrame({"a": ["1", "-9"]}), "t", ReadOptions(missing=("-9",), text_columns=("a",))
    )
    assert rows(dataset, "a") == ["1", None]
    assert dataset.column("a").kind is ColumnKind.CODE


def test_a_frame_without_rows_is_refused():
    with pytest.raises(PrivacyToolError, match="no records"):
        dataset_from_frame(pd.DataFrame({"a": []}), "t")


def test_a_digest_survives_any_order_of_chunks_and_categories():
    plain = pd.DataFrame({"a": ["b", "a", "b"]})
    backwards = pd.DataFrame({"a": pd.Categorical(["b", "a", "b"], categories=["b", "a"])})
    assert dataset_from_frame(plain, "t").digest == dataset_from_frame(backwards, "t").digest
