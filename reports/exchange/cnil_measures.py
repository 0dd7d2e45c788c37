"""Measures as the CNIL's software knows them: listed once, named by titles that are unique."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.exchange.cnil_places import EVENTS, STEP, field_names
from reports.exchange.rich_text import Part, rich, tag
from reports.questionnaire import BY_KEY
from reports.wording import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.assessment import Assessment

_LONGEST_TITLE = 200


class Measures:
    """
    The measures of an assessment: a step of the recipe each, then those that the user named.

    Attributes
    ----------
    written : list of dict
        As objects, with an id from 1.
    against_access : list of str
        Titles that the answer on illegitimate access names.
    against : mapping of str to list of str
        Titles that an event names, by its key.
    """

    def __init__(self, assessment: Assessment) -> None:
        self.written: list[dict[str, Any]] = []
        self._taken: set[str] = set()
        answers = assessment.answers
        self.against_access = [
            self._add(step, [Part(heading=STEP, text=step)]) for step in assessment.recipe_text
        ]
        named: Sequence[Mapping[str, Any]] = answers.get("measures") or ()
        self.against_access += [self._add_named(one) for one in named if any(one.values())]
        self.against: dict[str, list[str]] = {}
        for key in EVENTS:
            text = ((answers.get(key) or {}).get("measures") or "").strip()
            if text:
                name = field_names(key)["measures"]
                title = f"{BY_KEY[key].name}: {name}"
                self.against[key] = [self._add(title, [Part(heading=name, text=text)])]

    def _add_named(self, one: Mapping[str, Any]) -> str:
        names, told = field_names("measures"), {p.key: p for p in BY_KEY["measures"].fields}
        parts = [
            Part(heading=names[key], text=told[key].text(one[key]))
            for key in names
            if key != "title" and one.get(key)
        ]
        given = one.get("title") or ""
        title = self._free(given)
        if title != given:
            # What had to be changed for their list is not lost.
            parts.append(Part(heading=names["title"], text=given))
        return self._add(given, parts)

    def _add(self, title: str, parts: list[Part]) -> str:
        title = self._free(title)
        self._taken.add(title)
        self.written.append(
            {
                "id": len(self.written) + 1,
                "title": tag(title),
                "content": rich(parts),
                "placeholder": "",
            }
        )
        return title

    def _free(self, title: str) -> str:
        """Return a title that no other measure has, numbered where need be."""
        wanted = shorten(title, _LONGEST_TITLE) or BY_KEY["measures"].name
        free, number = wanted, 1
        while free in self._taken:
            number += 1
            free = f"{wanted} ({number})"
        return free
