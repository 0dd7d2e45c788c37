"""The figures of one stage of an assessment, before or after, as they are printed everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from microdata.errors import PrivacyToolError
from microdata.measure import Estimate, Figure, Finding, NotComputed, Path, figure_json
from reports.saved import saved_text, saved_texts

_BESIDE_FIGURES = {"not_computed", "obtained", "findings", "distributions", "neighbourhoods"}
INFINITE = "infinite"
_LABEL_KEYS = {"rule", "method", "worst_columns"}


@dataclass(frozen=True, kw_only=True)
class Bin:
    """One bar of a distribution: a label and how many people it holds in the original and now."""

    label: str
    before: float
    after: float


@dataclass(frozen=True, kw_only=True)
class Stage:
    """
    Everything that was measured on one table.

    Parameters
    ----------
    figures : mapping of Path to Estimate or NotComputed
    sizes : mapping of int to int
        How many classes there are of each size.
    findings : tuple of Finding
    neighbourhoods : mapping of int to int
        Where missing cells match every value: how many people have so many look-alikes. Empty
        where classes are a partition, since `sizes` then says it.
    distributions : mapping of str to tuple of Bin
        By quasi-identifier; only bins that hold at least the disclosure threshold.
    labels : mapping of Path to str
        Words among the figures: which estimator a rule picked, which columns are worst.
    """

    figures: Mapping[Path, Figure]
    sizes: Mapping[int, int]
    findings: tuple[Finding, ...] = ()
    neighbourhoods: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    distributions: Mapping[str, tuple[Bin, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    labels: Mapping[Path, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        # In the order of the JSON, so that a stage that was saved prints in the same order.
        for name in ("figures", "labels"):
            ordered = dict(_leaves(_nested(getattr(self, name))))
            object.__setattr__(self, name, MappingProxyType(ordered))

    @property
    def people_by_size(self) -> Mapping[int, int]:
        """How many people hide among so many look-alikes, themselves included."""
        if self.neighbourhoods:
            return self.neighbourhoods
        return {size: size * number for size, number in self.sizes.items()}

    def figure(self, *path: str) -> Figure:
        """Return a figure by its path; one that nobody computed is NotComputed."""
        return self.figures.get(
            path, NotComputed(reason="This figure is not part of this assessment.")
        )

    def value(self, *path: str) -> float | None:
        """Return the plain number of a figure, or None where it was not computed."""
        figure = self.figure(*path)
        return None if isinstance(figure, NotComputed) else figure.value

    def below(self, *prefix: str) -> dict[Path, Figure]:
        """Return the figures under a path, keyed by the rest of their path."""
        depth = len(prefix)
        return {p[depth:]: f for p, f in self.figures.items() if p[:depth] == prefix}

    def to_json(self) -> dict[str, Any]:
        """Return the stage in the command line's JSON, with how each estimate was obtained."""
        plain = {path: figure_json(figure) for path, figure in self.figures.items()}
        data = _nested({**plain, **self.labels})
        reasons: dict[str, str] = {}
        obtained: dict[str, Any] = {}
        for path, figure in self.figures.items():
            dotted = ".".join(path)
            if isinstance(figure, NotComputed):
                reasons[dotted] = figure.reason
            elif not figure.exact or figure.caveats or figure.attacker:
                obtained[dotted] = {
                    "low": figure.low,
                    "high": figure.high,
                    "method": figure.method,
                    "attacker": figure.attacker,
                    "seed": figure.seed,
                    "caveats": list(figure.caveats),
                }
        data.setdefault("classes", {})["sizes"] = {str(k): v for k, v in sorted(self.sizes.items())}
        return data | {
            "not_computed": reasons,
            "obtained": obtained,
            "neighbourhoods": {str(k): v for k, v in sorted(self.neighbourhoods.items())},
            "findings": [
                {"code": f.code, "severity": f.severity, "message": f.message}
                for f in self.findings
            ],
            "distributions": {
                column: [[b.label, b.before, b.after] for b in bins]
                for column, bins in self.distributions.items()
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Stage:
        """Read what `to_json` wrote."""
        reasons, obtained = data["not_computed"], data["obtained"]
        figures: dict[Path, Figure] = {}
        labels: dict[Path, str] = {}
        rest = {key: value for key, value in data.items() if key not in _BESIDE_FIGURES}
        for path, value in _leaves(rest):
            if path[:2] == ("classes", "sizes"):
                continue
            dotted = ".".join(path)
            if value is None:
                reason = reasons.get(dotted)
                if reason is None:
                    raise PrivacyToolError(
                        f"The saved assessment has no figure and no reason at {dotted!r}. "
                        "It was changed after it was written; make it again."
                    )
                figures[path] = NotComputed(reason=saved_text(reason))
            elif isinstance(value, str) and path[-1] in _LABEL_KEYS and path[0] != "models":
                labels[path] = value
            else:
                figures[path] = _estimate(value, obtained.get(dotted, {}), dotted)
        return cls(
            figures=figures,
            sizes=_counts(data["classes"]["sizes"]),
            findings=tuple(
                Finding(**dict(zip(finding, saved_texts(finding.values()), strict=True)))
                for finding in data["findings"]
            ),
            neighbourhoods=_counts(data["neighbourhoods"]),
            labels=labels,
            distributions=MappingProxyType(
                {
                    column: tuple(
                        Bin(
                            label=saved_text(label),
                            before=_number(before, column),
                            after=_number(after, column),
                        )
                        for label, before, after in bins
                    )
                    for column, bins in data["distributions"].items()
                }
            ),
        )


def _counts(data: Mapping[str, Any]) -> Mapping[int, int]:
    if any(type(number) is not int or number < 0 for number in data.values()):
        raise TypeError("a saved count is something else")
    return MappingProxyType({int(size): number for size, number in data.items()})


def _estimate(value: object, how: Mapping[str, Any], place: str) -> Estimate:
    numbers = {
        key: None if how.get(key) is None else _number(how[key], place)
        for key in ("low", "high", "seed")
    }
    return Estimate(
        value=_number(value, place),
        low=numbers["low"],
        high=numbers["high"],
        seed=None if numbers["seed"] is None else int(numbers["seed"]),
        method=saved_text(how.get("method", "exact")),
        attacker=saved_text(how.get("attacker", "")),
        caveats=saved_texts(how.get("caveats", ())),
    )


def _number(value: object, place: str) -> float:
    if value == INFINITE:
        return math.inf
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    raise PrivacyToolError(
        f"The saved assessment has something else than a number at {place!r}. "
        "It was changed after it was written; make it again."
    )


def _nested(flat: Mapping[Path, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for path, value in flat.items():
        place = data
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = value
    return data


def _leaves(data: Mapping[str, Any], prefix: Path = ()) -> Iterable[tuple[Path, Any]]:
    for key, value in data.items():
        if isinstance(value, dict):  # a Mapping takes far longer to recognise
            yield from _leaves(value, (*prefix, key))
        else:
            yield (*prefix, key), value
