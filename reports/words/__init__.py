"""The words of the report that a translation replaces: one JSON file for each language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

LANGUAGE = "en"


def words_of(language: str = LANGUAGE) -> Mapping[str, Any]:
    """Return the words of a language: parts, questions with their options, and terms."""
    text = files(__package__).joinpath(f"{language}.json").read_text("utf-8")
    return MappingProxyType(json.loads(text))


WORDS = words_of()
