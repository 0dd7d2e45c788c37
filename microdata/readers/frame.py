"""A pandas frame as a Dataset, understood as a file would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from microdata.dataset import Column, Dataset, ReadOptions, content_digest
from microdata.readers.normalise import normalise
from microdata.readers.raw import RawColumn, RawTable, column_from_arrow, column_from_objects

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def dataset_from_frame(
    frame: pd.DataFrame,
    name: str,
    options: ReadOptions = ReadOptions(),  # noqa: B008 - frozen, so one object serves all calls
) -> Dataset:
    """
    Build a Dataset from a frame in memory, for demo data, populations and tests.

    Parameters
    ----------
    frame : pandas.DataFrame
        Trusted: it is not parsed in a process of its own.
    name : str
        Of the dataset.
    options : ReadOptions
        Decimal mark, missing markers, text and number columns.

    Returns
    -------
    Dataset
        The same as for a file with the same content.
    """
    # The reading process imports this package too, and is to start without pandas.
    import pandas as pd  # noqa: PLC0415 - see above

    from microdata.readers.capped import categorical  # noqa: PLC0415 - see above

    columns: list[Column] = []
    values: dict[str, pd.Categorical] = {}

    def emit(column: Column, categories: Any, codes: NDArray[np.int32]) -> None:
        columns.append(column)
        values[column.name] = categorical(categories, codes)

    raw = RawTable(
        columns=[
            _column(str(header), frame.iloc[:, position])
            for position, header in enumerate(frame.columns)
        ],
        read=options,
    )
    read, issues = normalise(raw, options, emit)
    result = pd.DataFrame(values, copy=False)
    return Dataset(
        name=name,
        frame=result,
        columns=tuple(columns),
        digest=content_digest(result, tuple(columns)),
        read=read,
        issues=issues,
    )


def _column(header: str, series: pd.Series[Any]) -> RawColumn:
    try:
        array = pa.Array.from_pandas(series)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # values of more than one type
        present = series.notna()
        return column_from_objects(
            header, [x if there else None for x, there in zip(series, present, strict=True)]
        )
    return column_from_arrow(header, array)
