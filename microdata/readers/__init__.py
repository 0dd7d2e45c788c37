"""Bytes -> Dataset, in a process with capped memory; one reader per format."""

from __future__ import annotations

import hashlib

from microdata.dataset import Dataset, ReadOptions, content_digest
from microdata.errors import PrivacyToolError
from microdata.readers.formats import file_format
from microdata.readers.frame import dataset_from_frame
from microdata.readers.limits import MAX_UPLOAD_BYTES, Limits

__all__ = ["MAX_UPLOAD_BYTES", "Limits", "dataset_from_frame", "read_dataset"]


def read_dataset(
    raw: bytes,
    name: str,
    options: ReadOptions = ReadOptions(),  # noqa: B008 - frozen, so one object serves all calls
    *,
    limits: Limits = Limits(),  # noqa: B008 - the same
) -> Dataset:
    """
    Read the bytes of a file into a table of text categories.

    The bytes are parsed in a process of its own, whose memory and time are capped, so a hostile
    file stops that process and not this one.

    Parameters
    ----------
    raw : bytes
        The file as it was uploaded.
    name : str
        Its name; the ending tells the format where the options do not.
    options : ReadOptions
        What is None is guessed; the result's `read` says what was used.
    limits : Limits
        The caps.

    Returns
    -------
    Dataset
        With issues for whatever was guessed, repaired or left out.

    Raises
    ------
    PrivacyToolError
        The file is empty, damaged, too large, or of no known format.
    """
    # The reading process imports this package too, and is to start without pandas.
    import pandas as pd  # noqa: PLC0415 - see above

    from microdata.readers.capped import read_in_child  # noqa: PLC0415 - see above

    short_name = name.replace("\\", "/").rsplit("/", 1)[-1]
    if not raw.strip():
        raise PrivacyToolError("This file is empty. Choose the file that holds the table.")
    if len(raw) > limits.max_bytes:
        raise PrivacyToolError(
            f"This file has {len(raw):,} bytes, more than the limit of {limits.max_bytes:,}. "
            "Split it, or save it as Parquet, and try again."
        )
    values, columns, read, issues = read_in_child(
        raw, short_name, file_format(short_name, raw, options), options, limits
    )
    frame = pd.DataFrame(values, copy=False)
    return Dataset(
        name=short_name,
        frame=frame,
        columns=columns,
        digest=content_digest(frame, columns),
        file_sha256=hashlib.sha256(raw).hexdigest(),
        read=read,
        issues=issues,
    )
