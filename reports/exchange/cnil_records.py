"""Measures, events and actions out of a file of the CNIL's software."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.exchange.cnil_file import CnilFile, Told, level_of, text_of
from reports.exchange.cnil_left import Left
from reports.exchange.cnil_places import (
    ACCESS,
    COMPUTED,
    EVALUATIONS,
    EVENTS,
    IMPACTS,
    LIKELIHOOD,
    MEASURES,
    PLACES,
    SEVERITY,
    SOURCES,
    STEP,
    THREATS,
    field_names,
)
from reports.exchange.rich_text import Part, parts_of, plain_of, untag
from reports.questionnaire import BY_KEY

LEGACY = "[object Object]"
"""What an old version of their program wrote into a list in place of a title."""
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*)?", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure of theirs: its id, its title, and what it says."""

    id: str
    title: str
    parts: tuple[Part, ...]


def measures_of(file: CnilFile) -> tuple[Measure, ...]:
    """Return the measures of a file."""
    return tuple(
        Measure(
            id=text_of(one.get("id")),
            title=untag(text_of(one.get("title"))).strip(),
            parts=parts_of(text_of(one.get("content"))),
        )
        for one in file.measures
    )


def answers_on_measures(file: CnilFile, measures: Sequence[Measure], left: Left) -> dict[str, Any]:
    """Return the measures of the user: not the steps of a recipe, nor what only an event names."""
    by_events = {title for place in EVENTS.values() for title in _named(file, place)}
    by_events -= set(_named(file, ACCESS))
    found = []
    for one in measures:
        if one.title not in by_events and all(part.heading != STEP for part in one.parts):
            said = _fields("measures", one.parts, left, free="text")
            found.append({"title": one.title} | said)
    return left.records("measures", found)


def answers_on_events(file: CnilFile, measures: Sequence[Measure], left: Left) -> dict[str, Any]:
    """Return what is said of an unwanted change and of a loss."""
    by_title: dict[str, list[Part]] = {}
    for one in measures:
        by_title.setdefault(one.title, []).extend(one.parts)
    answers = {}
    for key, place in EVENTS.items():
        told = {part: file.answers.get(str(place + part), Told()) for part in range(1, 7)}
        gauges: Mapping[str, Any] = {}
        for evaluation in file.evaluations:
            if text_of(evaluation.get("reference_to")) == EVALUATIONS[place]:
                given = evaluation.get("gauges")
                gauges = given if isinstance(given, dict) else {}
        ours, lines = field_names(key)["measures"], []
        for title in dict.fromkeys(_named(file, place)):
            content = by_title.get(title, [])
            own = [part.text for part in content if part.heading == ours]
            texts = "\n".join(part.text for part in content if part.text)
            lines += own or [f"{title}: {texts}" if texts else title]
        said = {
            "severity": told[SEVERITY].level,
            "likelihood": told[LIKELIHOOD].level,
            "impact": "\n".join(told[IMPACTS].items),
            "source": "; ".join((*told[SOURCES].items, *told[THREATS].items)),
            "measures": "\n".join(lines),
            "residual_severity": level_of(gauges.get("x")),
            "residual_likelihood": level_of(gauges.get("y")),
        }
        if record := left.record(key, said):
            answers[key] = record
        for part, answer in told.items():
            left.tell(f"their answer {place + part}", plain_of(answer.html))
    return answers


def answers_on_actions(file: CnilFile, measures: Sequence[Measure], left: Left) -> dict[str, Any]:
    """Return the action plan: ours as it was written, one action for each evaluation of theirs."""
    names = field_names("actions")
    titles = {one.id: one.title for one in measures}
    found: list[dict[str, Any]] = []
    for evaluation in file.evaluations:
        place = text_of(evaluation.get("reference_to"))
        html = text_of(evaluation.get("action_plan_comment"))
        parts = parts_of(html)
        if parts and parts[0].heading == names["action"]:
            starts = [i for i, part in enumerate(parts) if part.heading == names["action"]]
            for start, end in zip(starts, [*starts[1:], None], strict=True):
                found.append(_fields("actions", parts[start:end], left, free="action"))
        elif parts:
            found.append(
                {
                    "action": plain_of(html),
                    "owner": untag(text_of(evaluation.get("person_in_charge"))),
                    "due": day_of(text_of(evaluation.get("estimated_implementation_date"))),
                    "against": _about(place, titles),
                }
            )
        comments = parts_of(text_of(evaluation.get("evaluation_comment")))
        said = "; ".join(part.text for part in comments if part.heading != COMPUTED)
        left.tell(f"their evaluation {place}", said)
    return left.records("actions", found)


def day_of(text: str) -> str:
    """Return the day of a date of theirs, or "" where it is none."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return ""
    try:
        BY_KEY["review_date"].check(found[1])
    except ValueError:
        return ""
    return found[1]


def _named(file: CnilFile, place: int) -> tuple[str, ...]:
    """Return the titles of the measures that a risk of theirs names."""
    items = file.answers.get(str(place + MEASURES), Told()).items
    return tuple(item for item in items if LEGACY not in item)


def _fields(key: str, parts: tuple[Part, ...], left: Left, *, free: str) -> dict[str, Any]:
    """Return the parts that stand under our names, and whatever else in the field `free`."""
    fields = {part.name: part for part in BY_KEY[key].fields}
    said: dict[str, Any] = {}
    others = []
    for part in parts:
        field = fields.get(part.heading)
        if field is None:
            others += [text for text in (part.heading, part.text) if text]
        elif field.kind == "date":
            said[field.key] = day_of(part.text)
        elif field.options:
            words = {text: value for value, text in field.options.items()}
            said[field.key] = words.get(part.text)
            if part.text not in words:
                left.tell(f"{BY_KEY[key].name}, {field.name}", part.text)
        else:
            said[field.key] = part.text
    if others:
        said[free] = "\n".join((*filter(None, [said.get(free)]), *others))
    return said


def _about(place: str, titles: Mapping[str, str]) -> str:
    """Return what an evaluation of theirs is about, in our words; "" where there are none."""
    last = place.rsplit(".", 1)[-1]
    if place.startswith("3.1."):
        return titles.get(last, "")
    by_event = {EVALUATIONS[number]: BY_KEY[key].name for key, number in EVENTS.items()}
    homes = {str(number): known.home for number, known in PLACES.items() if known.home}
    return by_event.get(place) or (BY_KEY[homes[last]].name if last in homes else "")
