"""What every reader hands on: columns of text, before anything was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from microdata.dataset import Issue, ReadOptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

# Whole floats up to here are exact, so their text is that of the integer.
_EXACT_WHOLE = 1e15


@dataclass(frozen=True, kw_only=True)
class RawColumn:
    """
    One column as distinct texts and, per row, the position of its text.

    Parameters
    ----------
    header : str
        As it stood in the file; may be blank or a duplicate.
    texts : pyarrow.StringArray
        Texts without nulls; may repeat and may hold texts that no row uses.
    codes : ndarray of int32
        Position in `texts` for each row, -1 where the file says "missing".
    labels, description
        As in `Column`.
    """

    header: str
    texts: Any
    codes: NDArray[np.int32]
    labels: Mapping[str, str] = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """Columns of one length, with what was used to read them and what there is to tell."""

    columns: list[RawColumn]
    read: ReadOptions
    issues: tuple[Issue, ...] = ()

    @property
    def records(self) -> int:
        """Number of rows."""
        return len(self.columns[0].codes) if self.columns else 0


def column_from_arrow(
    header: str,
    values: Any,
    *,
    labels: Mapping[str, str] | None = None,
    description: str = "",
) -> RawColumn:
    """
    Build a column from an Arrow array of any plain type.

    Only distinct values are turned into text, whatever the number of rows.
    """
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(array, pa.ChunkedArray):
        # Chunks with different dictionaries stay apart until these are unified.
        array = pa.concat_arrays(array.unify_dictionaries().chunks)
    if pa.types.is_null(array.type):
        return RawColumn(
            header=header,
            texts=pa.array([], pa.string()),
            codes=np.full(len(array), -1, dtype=np.int32),
            labels=labels or {},
            description=description,
        )
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    texts = _texts(array.dictionary)
    codes = pc.fill_null(pc.cast(array.indices, pa.int32()), -1).to_numpy(zero_copy_only=False)
    missing = pc.is_null(texts).to_numpy(zero_copy_only=False)
    if missing.any():  # NaN, or a null that stands in the dictionary
        codes = np.where(np.append(missing, False)[codes], -1, codes).astype(np.int32)
        texts = pc.fill_null(texts, "")
    return RawColumn(
        header=header, texts=texts, codes=codes, labels=labels or {}, description=description
    )


def column_from_objects(header: str, values: Iterable[object]) -> RawColumn:
    """Build a column from Python objects of mixed types, such as the cells of a workbook."""
    texts: dict[object, str] = {}
    encoded = [_object_text(value, texts) for value in values]
    return column_from_arrow(header, pa.array(encoded, pa.string()))


def _object_text(value: object, known: dict[object, str]) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    key = (type(value), value)  # True and 1 are equal keys
    if key not in known:
        known[key] = plain_text(value)
    return known[key]


def plain_text(value: object) -> str:
    """
    Return the text of one value: '39' for 39.0, 'true' for True, ISO for dates.

    Examples
    --------
    >>> plain_text(39.0), plain_text(0.5), plain_text(True)
    ('39', '0.5', 'true')
    """
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        number = float(str(value))  # the shortest text, also of a 32-bit float
        whole = number.is_integer() and abs(number) < _EXACT_WHOLE
        return str(int(number)) if whole else repr(number)
    iso = getattr(value, "isoformat", None)
    if callable(iso):
        return str(iso()).replace("T", " ").removesuffix(" 00:00:00")
    return str(value)


def _texts(values: Any) -> Any:
    """Turn the distinct values of a column into text; null where a value is not a value."""
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_string_view(kind):
        return pc.cast(values, pa.string())
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_date(kind):
        return pc.cast(values, pa.string())
    if pa.types.is_boolean(kind):
        return pc.if_else(values, "true", "false")
    if pa.types.is_floating(kind):
        return _float_texts(values.to_numpy(zero_copy_only=False))
    if pa.types.is_timestamp(kind):
        return _timestamp_texts(values)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([_binary_text(value) for value in values.to_pylist()], pa.string())
    return pc.cast(values, pa.string())


def _float_texts(numbers: NDArray[np.floating[Any]]) -> Any:
    missing = np.isnan(numbers)
    if numbers.dtype == np.float64:
        whole = (numbers == np.trunc(numbers)) & (np.abs(numbers) < _EXACT_WHOLE)
        texts = [
            str(int(x)) if exact else repr(x)
            for x, exact in zip(numbers.tolist(), whole.tolist(), strict=True)
        ]
    else:
        texts = [plain_text(x) for x in numbers]
    return pa.array(texts, pa.string(), mask=missing)


def _is_string_view(kind: Any) -> bool:
    check = getattr(pa.types, "is_string_view", None)  # not in the oldest supported pyarrow
    return bool(check and check(kind))


def _timestamp_texts(values: Any) -> Any:
    texts = pc.cast(values, pa.string())
    at_midnight = r" 00:00:00(?:[.]0+)?$"
    dated = pc.match_substring_regex(texts, at_midnight)
    if pc.all(dated).as_py():
        return pc.replace_substring_regex(texts, at_midnight, "")
    return pc.replace_substring_regex(texts, r"[.]0+(Z?)$", r"\1")


def _binary_text(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
