import numpy as np
import pandas as pd
import pytest

from microdata.dataset import Column, ColumnKind, Dataset, content_digest


def build(columns, kinds=None):
    """Build a Dataset from lists of text; None is missing."""
    kinds = kinds or {}
    frame, described = {}, []
    for name, values in columns.items():
        kind = kinds.get(name, ColumnKind.TEXT)
        distinct = sorted({v for v in values if v is not None})
        if kind in (ColumnKind.INTEGER, ColumnKind.DECIMAL):
            distinct.sort(key=float)
        frame[name] = pd.Categorical(values, categories=pd.Index(distinct, dtype=object))
        described.append(Column(name=name, kind=kind, original_name=name))
    table = pd.DataFrame(frame)
    return Dataset(
        name="table.csv",
        frame=table,
        columns=tuple(described),
        digest=content_digest(table, tuple(described)),
    )


@pytest.fixture
def make_dataset():
    return build


@pytest.fixture
def rng():
    return np.random.default_rng(20260101)
