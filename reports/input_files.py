"""Files that the command line is given: tables, and JSON that a person wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from microdata.dataset import Dataset, ReadOptions
from microdata.errors import PrivacyToolError
from microdata.readers import read_dataset


def read_table(path: Path, read: str | None = None) -> Dataset:
    """
    Read a table.

    Parameters
    ----------
    path : Path
    read : str, optional
        How to read it: the JSON object itself, or the name of a file that holds it. What is not
        said is guessed.

    Raises
    ------
    PrivacyToolError
        What cannot be read, in one sentence.
    """
    options = ReadOptions()
    if read is not None:
        text = read if read.lstrip().startswith("{") else _text_of(Path(read))
        options = ReadOptions.from_json(_parse(text, "--read"))
    return read_dataset(path.read_bytes(), path.name, options)


def read_json(path: Path) -> Any:
    """Read a JSON file; one that is none is refused with the line of the mistake."""
    return _parse(_text_of(path), path.name)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PrivacyToolError(f"{path.name} is not UTF-8 text. Save it as UTF-8.") from error


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise PrivacyToolError(f"{where} is not JSON{place}. Correct it.") from error
