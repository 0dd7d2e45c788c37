"""A saved assessment as flat statements: each at its place, so that two can be held together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from microdata.measure import Estimate, NotComputed, Path
from reports.document.text import clean
from reports.figure_names import name_figure
from reports.stage import Stage
from reports.wording import shorten

STAGES = ("before", "after")
RELATIVE = 1e-9
"""How far a figure may be from the recomputed one: other machines sum in another order."""
_NEARLY_ZERO = 1e-12
_OF_A_MODEL = 1e-3
"""How far a trained model's score may be: another processor rounds on each of many steps."""
_TRAINED = (("utility", "prediction"), ("utility", "propensity"))
_NAMES = ("name", "requirement", "column", "code", "key")
_STAGE_WORDS = {"before": "original", "after": "now"}
_WORDS = {
    "met", "not met", "not computed", "acceptable", "not acceptable", "green", "amber", "red",
    "acceptable with conditions", "acceptable on the computed evidence", "no policy chosen",
    "agrees", "differs", "not comparable",
}  # fmt: skip
NOT_THERE = "not there"
Leaves = dict[Path, Any]


def leaves_of(saved: Mapping[str, Any], *, without: frozenset[str]) -> Leaves:
    """
    Return what a saved assessment says, each statement at its place.

    Parameters
    ----------
    saved : mapping
        As `Assessment.to_json` gives it.
    without : frozenset of str
        Parts that are left out.

    Returns
    -------
    dict of Path to a figure, number, text or what else stands there
        Figures of the two tables are Estimate or NotComputed; parts of a list stand under the
        name of each, or under its number. An empty list says nothing.
    """
    found: Leaves = {}
    for part, value in saved.items():
        if part in STAGES:
            found |= _stage(part, Stage.from_json(value))
        elif part not in without:
            found |= dict(_flat(value, (part,)))
    return found


def _stage(part: str, stage: Stage) -> Leaves:
    found: Leaves = {(part, *path): figure for path, figure in stage.figures.items()}
    found |= {(part, *path): text for path, text in stage.labels.items()}
    found[part, "classes", "sizes"] = dict(stage.sizes)
    found[part, "neighbourhoods"] = dict(stage.neighbourhoods)
    for column, bins in stage.distributions.items():
        found[part, "distributions", column] = [(b.label, b.before, b.after) for b in bins]
    findings = [vars(finding) for finding in stage.findings]
    return found | dict(_flat(findings, (part, "findings")))


def _flat(value: Any, place: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, (*place, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for key, inner in zip(_keys(value), value, strict=True):
            yield from _flat(inner, (*place, key))
    else:
        yield place, value


def _keys(values: Sequence[Any]) -> list[str]:
    """Return a different name for each part of a list: its own, or its number."""
    keys: list[str] = []
    held: set[str] = set()
    for number, value in enumerate(values, 1):
        named = (value.get(key) for key in _NAMES) if isinstance(value, Mapping) else ()
        own = next((name for name in named if isinstance(name, str)), str(number))
        keys.append(own if own not in held else f"{own} ({number})")
        held.add(keys[-1])
    return keys


def rounding_at(place: Path) -> float:
    """Return by how much the figure at a place may differ when it is computed again."""
    return _OF_A_MODEL if place[0] in STAGES and place[1:3] in _TRAINED else _NEARLY_ZERO


def same(said: object, now: object, *, rounding: float = _NEARLY_ZERO) -> bool:
    """Return whether a saved statement is the recomputed one; numbers to the last digits."""
    if isinstance(said, Estimate) and isinstance(now, Estimate):
        return same(vars(said), vars(now), rounding=rounding)
    if is_number(said) and is_number(now):
        return math.isclose(said, now, rel_tol=RELATIVE, abs_tol=rounding)  # type: ignore[arg-type] # numbers, as was just asked
    if isinstance(said, Mapping) and isinstance(now, Mapping):
        return said.keys() == now.keys() and all(
            same(said[key], now[key], rounding=rounding) for key in said
        )
    if isinstance(said, list | tuple) and isinstance(now, list | tuple):
        return len(said) == len(now) and all(
            same(one, other, rounding=rounding) for one, other in zip(said, now, strict=True)
        )
    return isinstance(said, bool) == isinstance(now, bool) and said == now


def is_number(value: object) -> bool:
    """Return whether a value is a number; True and False are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_figure(value: object) -> bool:
    """Return whether a statement is a figure rather than a word."""
    return is_number(value) or isinstance(value, Estimate | NotComputed)


def place_words(place: Path) -> str:
    """Return what stands at a place, in words."""
    if place[0] in STAGES and len(place) > 1:
        name = name_figure(place[1:]).name
        return clean(f"{name} ({_STAGE_WORDS[place[0]]})", 200)
    if place[0] == "second_opinion":
        return clean(f"{name_figure(place[1:-1]).name} (second opinion: {place[-1]})", 200)
    words = [shorten(part.replace("_", " ")) for part in place]
    return clean(": ".join(words), 200)


def pair_words(said: object, now: object) -> tuple[str, str]:
    """
    Return what was said and what was recomputed, in words that differ.

    Only numbers and the words of verdicts are repeated: any other text may come from the table, or
    from whoever wrote the file.
    """
    first, second = _words(said), _words(now)
    if first != second:
        return first, second
    if isinstance(said, NotComputed):
        return first, f"{second}, for another reason"
    return first, f"{second}, obtained in another way" if is_figure(said) else "something else"


def _words(value: object) -> str:
    if isinstance(value, NotComputed):
        return "not computed"
    if isinstance(value, Estimate):
        band = [_number(end) for end in (value.low, value.high) if end is not None]
        return f"{_number(value.value)} ({' to '.join(band)})" if band else _number(value.value)
    if is_number(value):
        return _number(value)
    return value if isinstance(value, str) and value in _WORDS | {NOT_THERE} else "a text or list"


def _number(value: Any) -> str:
    return "infinite" if math.isinf(value) else f"{value:.10g}"
