"""The published JSON Schema of a saved assessment."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _text() -> str:
    return files(__package__).joinpath("assessment.schema.json").read_text("utf-8")


def assessment_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `Assessment.to_json` gives."""
    schema: dict[str, Any] = json.loads(_text())
    return schema
