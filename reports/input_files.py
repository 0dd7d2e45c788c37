"""Files that the command line is given: tables, and JSON that a person wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from microdata.dataset import Dataset, ReadOptions
from microdata.errors import PrivacyToolError
from microdata.population import Population
from microdata.readers import read_dataset
from reports.project import Saved, read_versions
from risk.attacks import Register


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


def dataset_json(dataset: Dataset) -> dict[str, Any]:
    """Return what is known of a table that was read, without its values."""
    return {
        "name": dataset.name,
        "records": dataset.records,
        "columns": len(dataset.columns),
        "file_sha256": dataset.file_sha256,
        "content_sha256": dataset.digest,
        "read": dataset.read.to_json(),
        "issues": [vars(issue) for issue in dataset.issues],
    }


def read_population(size: int | None, path: Path | None, read: str | None = None) -> Population:
    """Return what is known of the population: a size, a table that is read as the data, neither."""
    return Population(size=size, table=None if path is None else read_table(path, read))


def read_register(path: Path | None, columns: Path | None) -> Register | None:
    """
    Read a file that an attacker has, and the map of its columns; None without one.

    Raises
    ------
    PrivacyToolError
        One of the two without the other, or a file that cannot be read.
    """
    if (path is None) != (columns is None):
        raise PrivacyToolError("attack needs --external and --map together, or neither.")
    if path is None or columns is None:
        return None
    return Register.from_json(read_table(path), read_json(columns))


def read_alternatives(path: Path | None) -> Saved:
    """
    Read the versions of a recipe that were tried: a list of objects with name and recipe.

    Raises
    ------
    PrivacyToolError
        What is not such a list, in one sentence.
    """
    return read_versions(read_json_or(path, []), what="The file of alternatives")


def read_json_or(path: Path | None, otherwise: Any) -> Any:
    """Read a JSON file, or return something else where none was named."""
    return read_json(path) if path else otherwise


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
