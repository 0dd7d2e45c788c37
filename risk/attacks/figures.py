"""Figures of an attack by the places that they have in the command line's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microdata.measure import Figure, NotComputed, Path, figure_json


def value_of(figures: Mapping[Path, Figure], path: Path) -> float:
    """Return a figure that was computed; raise TypeError with the reason where it was not."""
    figure = figures[path]
    if isinstance(figure, NotComputed):
        raise TypeError(figure.reason)
    return figure.value


def figures_json(figures: Mapping[Path, Figure]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return figures at their places in an object, and why some of them were not computed."""
    nested: dict[str, Any] = {}
    reasons = {}
    for path, figure in figures.items():
        place = nested
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = figure_json(figure)
        if isinstance(figure, NotComputed):
            reasons[".".join(path)] = figure.reason
    return nested, reasons
