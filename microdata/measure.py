"""What measures of risk and utility have in common: what they get and what they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

import numpy as np

from microdata.grouping import base_classes, classes_of, person_numbers
from microdata.population import Population
from microdata.release import Release
from microdata.wildcard import neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.hierarchy import Hierarchy
    from microdata.roles import Roles


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """
    A figure and how it was obtained.

    Parameters
    ----------
    value : float
        May be infinite; never NaN.
    low, high : float, optional
        Interval or band, named in `method`. None where the figure is exact.
    method : str
        "exact", or the estimator by name.
    attacker : str
        Whose risk it is, or "".
    seed : int, optional
        Of the random generator, where one was used.
    caveats : tuple of str
        Sentences that are printed with the figure.
    """

    value: float
    low: float | None = None
    high: float | None = None
    method: str = "exact"
    attacker: str = ""
    seed: int | None = None
    caveats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.value != self.value:
            raise ValueError("An estimate is never NaN; use NotComputed with a reason.")

    @property
    def exact(self) -> bool:
        """Whether the figure was counted rather than estimated."""
        return self.method == "exact"


@dataclass(frozen=True, kw_only=True)
class NotComputed:
    """A figure that cannot be given, and why, as a sentence."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something a reader must know that is not a figure."""

    code: str
    severity: Literal["note", "warning", "serious"]
    message: str


Figure = Estimate | NotComputed


Path = tuple[str, ...]
"""Where a figure stands in a stage of the command line's JSON: ("models", "k-anonymity")."""


@dataclass(frozen=True, kw_only=True)
class MeasureResult:
    """
    What a measure gives.

    Parameters
    ----------
    figures : mapping of Path to Estimate or NotComputed
        Every figure at its place in the JSON that the command line prints; screen and documents
        read the same.
    by_class : float64[m], optional
        The figure of each class; never exported.
    findings : tuple of Finding
    labels : mapping of Path to str
        What is a word and not a number, at its place in the same JSON: which estimator a rule
        picked, which columns are the worst ones to be known.
    """

    figures: Mapping[Path, Figure]
    by_class: NDArray[np.float64] | None = None
    findings: tuple[Finding, ...] = ()
    labels: Mapping[Path, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, eq=False, kw_only=True)
class Context:
    """
    What a measure is computed from.

    Parameters
    ----------
    release : Release
        The table whose risk or loss is asked; the original itself is `Release.original(source)`.
    roles : Roles
    population : Population
    seed : int
        For measures that draw.
    missing : {"own", "wildcard"}
        Whether a missing or suppressed cell of a quasi-identifier is a value of its own or
        matches every value. The second applies to class sizes and risk only.
    memo : dict
        What several measures need, counted by the first of them.
    """

    release: Release
    roles: Roles
    population: Population = field(default_factory=Population)
    seed: int = 0
    missing: Literal["own", "wildcard"] = "own"
    memo: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def classes(self) -> EquivalenceClasses:
        """The classes of the release, with the population beside them."""
        return classes_of(self.release, self.roles, self.population)

    @cached_property
    def wildcard_sizes(self) -> NDArray[np.int64]:
        """How many people match each class where an open cell matches every value: int64[m]."""
        return neighbours(self.classes, self.first_open)

    @property
    def first_open(self) -> Mapping[str, int]:
        """The least released code of each quasi-identifier that is missing or suppressed."""
        columns = self.release.columns
        return {name: columns[name].missing for name in self.classes.columns}

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Among how many look-alikes each class's people hide, by the missing rule: int64[m]."""
        return self.classes.count if self.missing == "own" else self.wildcard_sizes

    @cached_property
    def people(self) -> int:
        """How many different people are released; a row without a person is one of its own."""
        person, release = self.roles.person, self.release
        if person is None:
            return self.classes.n_records
        numbers = person_numbers(release.source, person)[release.record_index]
        return int(np.unique(numbers).size)

    @cached_property
    def original_classes(self) -> EquivalenceClasses:
        """The classes of the original table."""
        return base_classes(self.release.origin or self.release.source, self.roles)

    @property
    def hierarchies(self) -> Mapping[str, Hierarchy]:
        """The hierarchies of the session by column."""
        return {
            name: domain.hierarchy
            for name, domain in (self.release.origin or self.release.source).domains.items()
            if domain.hierarchy is not None
        }


class Measure(Protocol):
    """A figure of risk or utility: one file, one dataclass, one line in its package's list."""

    name: ClassVar[str]
    title: ClassVar[str]
    better: ClassVar[Literal["lower", "higher"]]
    reference: ClassVar[str]
    interactive: ClassVar[bool]  # recomputed on every move

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        ...

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figure."""
        ...


def json_number(value: float) -> float | str:
    """Return a number for JSON, a count as a whole number; infinity is ``"infinite"``."""
    return "infinite" if value in (float("inf"), float("-inf")) else value


def figure_json(figure: Figure) -> Any:
    """Return the plain value of a figure for the command line: a number, "infinite" or None."""
    return None if isinstance(figure, NotComputed) else json_number(figure.value)
