"""What a file of the CNIL's software says and no question of ours can hold: told, never lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.questionnaire import BY_KEY
from reports.questionnaire.question import LONGEST, MOST_RECORDS
from reports.wording import shorten

MOST = 200
LONGEST_WORDS = 200


class Left:
    """Collects sentences, of bounded length and number."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}

    def add(self, sentence: str) -> None:
        """Tell a sentence, once."""
        self._sentences[sentence] = None

    def tell(self, where: str, words: str) -> None:
        """Tell that words were not taken over; nothing where there are none."""
        if words.strip():
            self.add(f"Not taken over, {where}: {shorten(words, LONGEST_WORDS)}")

    @property
    def sentences(self) -> tuple[str, ...]:
        """The first of them, and how many there are beyond."""
        told = tuple(self._sentences)
        if len(told) <= MOST:
            return told
        return (*told[:MOST], f"And {len(told) - MOST:,} further entries were not taken over.")

    def fitted(self, text: str, kind: str, where: str) -> str:
        """Return a text that is no longer than an answer may be."""
        text = text.strip()
        longest = LONGEST.get(kind, LONGEST["text"])
        if len(text) > longest:
            self.tell(f"the end of {where}, which is too long", text[longest:])
        return text[:longest].strip()

    def record(self, key: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parts of a record that say something."""
        fields = {part.key: part for part in BY_KEY[key].fields}
        where = BY_KEY[key].name
        fitted = {
            name: self.fitted(value, fields[name].kind, where) if isinstance(value, str) else value
            for name, value in said.items()
        }
        return {name: value for name, value in fitted.items() if value not in (None, "")}

    def records(self, key: str, said: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the answer to a question that takes a list, by its key; nothing if it is empty."""
        found = [record for one in said if (record := self.record(key, one))]
        for record in found[MOST_RECORDS:]:
            self.tell(BY_KEY[key].name, "; ".join(map(str, record.values())))
        return {key: found[:MOST_RECORDS]} if found else {}
