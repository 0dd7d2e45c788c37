"""One simulated linkage attack against one release, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from microdata.measure import Context, Estimate, NotComputed
from risk.attacks.candidates import SEVERAL, Matching, candidates, joined_columns, steps_of
from risk.attacks.errors import ErrorModel, Redraw, not_known
from risk.attacks.intervals import Interval, percentile_interval, wilson_interval
from risk.attacks.nearest import Nearest
from risk.attacks.outcome import Found, claims_of, figures_of, subset_result
from risk.attacks.people import classes_by, one_row_each, persons_of, units_of
from risk.attacks.register import register_targets, strangers
from risk.attacks.result import CLAIM_SIZES, AttackResult, SubsetResult
from risk.attacks.targets import (
    Targets,
    drawn_from,
    known_about,
    population_targets,
    released_targets,
)
from risk.columns import released_class
from risk.models.base import WILDCARD
from risk.models.k_map import fewer_people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.encoding import Codes
    from risk.attacks.linkage import LinkageAttack
    from risk.attacks.people import Units

STEPS = 3_000_000_000
"""How many words of classes are looked at before fewer people are looked for: a few seconds."""
BLOCK = 1 << 17
"""How many targets are matched at a time, so that a million of them take little memory."""
FARTHEST = 8
"""What a class costs that may be the nearest, in the same steps, if a third of people need one."""
PER_SUBSET = 300_000
"""What a set of columns costs beside its classes and targets, in the same steps."""
UNPUBLISHED = "{} not published, so knowing it does not help this attacker."
PERTURBED = (
    "{} changed at random. This attacker takes what is published at its word; one who allows for "
    "the change finds more people."
)
PERSONS = "Someone with several different records is looked for by each of them."
BY_NEAREST = (
    "Someone whom nobody fits was matched with the people nearest to what is known. Such matches "
    "are among the claims and the candidates."
)
RENAMED = "{} published under other names. The attacker is taken to know which is which."


def without_rule(context: Context, columns: tuple[str, ...]) -> list[str]:
    """Return the columns in which an equal value is not always released alike."""
    return [name for name in columns if context.release.columns[name].lookup is None]


@dataclass(frozen=True, eq=False)
class Run:
    """One attack against one release."""

    attack: LinkageAttack
    context: Context
    columns: tuple[str, ...]
    classes: EquivalenceClasses
    person: NDArray[np.int64] | None
    matchings: Mapping[str, Matching]
    nearest: Nearest | None
    errors: Mapping[str, ErrorModel]
    rule_aware: NotComputed | None
    rng: np.random.Generator

    @classmethod
    def of(cls, attack: LinkageAttack, context: Context) -> Run:
        """Prepare what does not depend on what is drawn."""
        columns = attack.columns(context)
        refused, without = None, without_rule(context, columns)
        if attack.knows_rule and without:
            names = ", ".join(repr(name) for name in without)
            refused = NotComputed(
                reason=f"Values of {names} were not all released by one rule, so an attacker who "
                "recodes by the rule was not simulated. This one takes every label that a known "
                "value is below, which leaves more candidates and finds fewer people."
            )
        by = Matching.by_rule if attack.knows_rule and not without else Matching.by_containment
        release, wildcard = context.release, context.missing == "wildcard"
        matchings = {
            name: by(release.columns[name], release.domain(name), wildcard=wildcard)
            for name in columns
        }
        errors = attack.errors
        if not isinstance(errors, Mapping):
            errors = dict.fromkeys(columns, Redraw(rate=errors))
        rng = np.random.default_rng(attack.seed)
        classes, person = classes_by(context, columns), persons_of(context)
        nearest = Nearest.of(release, matchings) if attack.nearest else None
        return cls(
            attack, context, columns, classes, person, matchings, nearest, errors, refused, rng
        )

    @property
    def noisy(self) -> bool:
        """Whether what is known is drawn."""
        rates = [self.errors[name].rate for name in self.columns if name in self.errors]
        return bool(self.columns) and (self.attack.missing > 0 or any(rates))

    @property
    def counted(self) -> bool:
        """Whether the candidates of each target are just its group of look-alikes."""
        certain = self.attack.membership == "certain" and self.attack.register is None
        return self._by_rule and certain and not self.noisy and self.context.missing == "own"

    @cached_property
    def units(self) -> Units | None:
        """The units of the classes over all known columns; None where classes tell enough."""
        return self._units(self.classes)

    def result(self) -> AttackResult | NotComputed:
        """Carry out the attack."""
        targets, caveats = self._targets()
        if targets is None:
            return NotComputed(
                reason="There are too many combinations of values and labels to match in a few "
                "seconds. Let the attacker know fewer columns."
            )
        found, wrong = [], Counter[tuple[str, str]]()
        first = targets.original
        for i, known in enumerate(self._known(targets)):
            found.append(self._found(self.classes, self.units, targets, known))
            wrong += self._wrong(targets, known)
            first = known if i == 0 else first
        shares = {name: wrong[name, "wrong"] / max(1, wrong[name, "told"]) for name in self.columns}
        interval = self._interval(targets, found)
        by_subset, left_out = self._subsets(targets, first)
        top = Estimate(
            value=float(np.mean([one.success.mean() for one in found])),
            low=interval.low if interval else None,
            high=interval.high if interval else None,
            method=interval.method if interval else "exact",
            attacker="rule-aware" if self._by_rule else "value-only",
            seed=self.attack.seed if interval else None,
            caveats=(*caveats, *self._caveats(targets), *left_out),
        )
        people = self.context.people
        return AttackResult(
            attacker=top.attacker,
            rule_aware=self.rule_aware,
            known=self.columns,
            targets=targets.number,
            repeats=len(found),
            figures=figures_of(found, people, targets.pool, top, use_nearest=self.attack.nearest),
            curve=claims_of(found, CLAIM_SIZES),
            interval=interval,
            wrong=shares,
            by_subset=by_subset,
            seed=self.attack.seed,
            caveats=top.caveats,
        )

    @property
    def _by_rule(self) -> bool:
        return self.attack.knows_rule and self.rule_aware is None

    def _targets(self) -> tuple[Targets | None, tuple[str, ...]]:
        """Draw the people who are looked for; fewer than asked for where it would take too long."""
        context, register = self.context, self.attack.register
        table = context.population.table if self.attack.membership == "unknown" else None
        if register is not None:
            table = register.table
        rows = (
            np.arange(table.records)
            if table is not None
            else one_row_each(self.classes, self.person)
        )
        pool = rows.size
        wanted = number = min(pool, self.attack.n_targets or pool)
        if self.units is not None and self.columns:
            before, each = self._steps_of(self.units)
            affordable = (STEPS // (self.attack.n_repeats if self.noisy else 1) - before) // each
            # Equal knowledge is matched once, and without errors the original's groups share it.
            alike = context.original_classes.n_classes
            if self.noisy or table is not None or alike > affordable:
                number = min(number, affordable)
        if number < 1:
            return None, ()
        index = drawn_from(pool, number, self.rng)
        caveats: tuple[str, ...] = ()
        if number < wanted:
            sample = f"{number:,} of {wanted:,} people were looked for, drawn at random"
            caveats = (f"{sample}, so that the attack takes seconds.",)
        if register is not None:
            return register_targets(context, self.columns, register, index), caveats
        if table is not None:
            return population_targets(context, table, self.classes, index), caveats
        return released_targets(context, self.columns, self.person, rows, index), caveats

    def _found(
        self,
        classes: EquivalenceClasses,
        units: Units | None,
        targets: Targets,
        known: Mapping[str, Codes],
    ) -> Found:
        """Return the candidates of each target who is known by the columns of some classes."""
        size = np.full(targets.number, self.context.people)
        fits = np.ones(targets.number, bool)
        nearest = np.zeros(targets.number, bool)
        if classes.columns and units is None:
            size = classes.count[released_class(classes)[targets.index]]
        elif units is not None and classes.columns:
            for begin in range(0, targets.number, BLOCK):
                part = slice(begin, begin + BLOCK)
                of_part = {name: known[name][part].astype(np.int64) for name in units.codes}
                size[part], fits[part], nearest[part] = self._matched(
                    units, targets.part(begin, begin + BLOCK), of_part
                )
        return Found(
            size=size, fits=fits, member=targets.member, nearest=nearest, checked=targets.checked
        )

    def _matched(
        self, units: Units, targets: Targets, known: Mapping[str, NDArray[np.int64]]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Return the candidates of some targets, whether they are right, and only the nearest."""
        size = candidates(units, self.matchings, known)
        one = np.ones(targets.owner.size, bool)
        shown = {name: targets.released[name].astype(np.int64) for name in units.codes}
        for name in units.codes:
            one &= self.matchings[name].fits(shown[name], known[name][targets.owner])
        fits = np.bincount(targets.owner[one], minlength=targets.number) > 0
        nobody = size == 0
        if self.nearest is None or not nobody.any():
            return size, fits, np.zeros(targets.number, bool)
        left = nobody[targets.owner]
        place = np.cumsum(nobody) - 1
        size[nobody], fits[nobody] = self.nearest.found(
            units,
            {name: codes[nobody] for name, codes in known.items()},
            {name: codes[left] for name, codes in shown.items()},
            place[targets.owner[left]],
        )
        return size, fits, nobody

    def _interval(self, targets: Targets, found: list[Found]) -> Interval | None:
        successes = [one.success for one in found]
        if self.noisy:
            return percentile_interval(successes, self.rng)
        if targets.number < targets.pool:
            return wilson_interval(float(successes[0].sum()), targets.number)
        return None

    def _known(self, targets: Targets) -> Iterator[Mapping[str, Codes]]:
        """Give what is known in each repeat; once, where nothing is drawn."""
        if not self.noisy:
            yield targets.original
            return
        source, attack = self.context.release.source, self.attack
        for rng in self.rng.spawn(attack.n_repeats):
            yield known_about(targets, source, self.errors, attack.missing, rng)

    def _wrong(self, targets: Targets, known: Mapping[str, Codes]) -> Counter[tuple[str, str]]:
        """Count the known values of each column, and those of them that are not the true ones."""
        number: Counter[tuple[str, str]] = Counter()
        for name in self.columns:
            told = known[name] != not_known(self.context.release.domain(name))
            number[name, "told"] = int(told.sum())
            number[name, "wrong"] = int((told & (known[name] != targets.original[name])).sum())
        return number

    def _subsets(
        self, targets: Targets, known: Mapping[str, Codes]
    ) -> tuple[tuple[SubsetResult, ...], tuple[str, ...]]:
        """Try sets of the known columns, fewer first, on the first draw of what is known."""
        results: list[SubsetResult] = []
        steps = 0
        for size in range(1, min(self.attack.max_known, len(self.columns)) + 1):
            level: list[SubsetResult] = []
            for columns in combinations(self.columns, size):
                classes = self._classes(columns)
                units = self._units(classes)
                steps += PER_SUBSET + self._steps(units, targets)
                if steps > STEPS and size > 1:
                    sentence = f"Sets of {size} known columns and more were not tried: too many."
                    return tuple(results), (sentence,)
                level.append(self._subset(classes, units, targets, known))
            results += sorted(level, key=lambda one: (-one.harm, one.columns))
        return tuple(results), ()

    def _subset(
        self,
        classes: EquivalenceClasses,
        units: Units | None,
        targets: Targets,
        known: Mapping[str, Codes],
    ) -> SubsetResult:
        if self.counted and self.person is None and targets.number == targets.pool:
            # Everybody hides in a group: J / n are found, without a look at each of them.
            unique = int((classes.count == 1).sum())
            return SubsetResult(
                columns=classes.columns,
                top_1=classes.n_classes / targets.pool,
                unique=unique / targets.pool,
                precision=1.0 if unique else None,
            )
        return subset_result(classes.columns, self._found(classes, units, targets, known))

    def _classes(self, columns: tuple[str, ...]) -> EquivalenceClasses:
        """Return the classes over some of the known columns, merged where people add up."""
        if self.person is None:
            return self.classes.project(columns)
        return classes_by(self.context, columns)

    def _units(self, classes: EquivalenceClasses) -> Units | None:
        """Return the units of some classes; None where candidates are the group of look-alikes."""
        return None if self.counted else units_of(classes, self.person)

    def _steps(self, units: Units | None, targets: Targets) -> int:
        """Return about how many steps one set of columns takes."""
        if units is None:
            return 16 * (targets.number + self.classes.n_classes)
        before, each = self._steps_of(units)
        return before + each * targets.number + 16 * self.classes.n_classes

    def _steps_of(self, units: Units) -> tuple[int, int]:
        """Return about how many steps come before the targets, and how many each of them takes."""
        before, each = steps_of(units, self.matchings, joins=self._joins(units))
        if self.nearest is not None:
            each += FARTHEST * units.count.size
        return before, each

    def _joins(self, units: Units) -> bool:
        """Whether whoever fits is looked up: everything is known, and fits one label at most."""
        if joined_columns(units, self.matchings) is None or self.attack.missing:
            return False
        domains = {name: self.context.release.domain(name) for name in units.codes}
        register = self.attack.register
        if register is not None and any(map(register.has_gaps, units.codes)):
            return False
        return not any(
            (np.delete(self.matchings[name].label, not_known(domain)) == SEVERAL).any()
            for name, domain in domains.items()
        )

    def _caveats(self, targets: Targets) -> tuple[str, ...]:
        released = self.context.release.columns
        asked = self.attack.known or self.context.roles.quasi_identifiers
        cases = (
            ([name for name in asked if name not in released], UNPUBLISHED),
            ([name for name in self.columns if released[name].perturbed], PERTURBED),
            ([name for name in self.columns if released[name].renamed], RENAMED),
        )
        everybody = self.attack.membership == "certain" and self.attack.register is None
        general = (
            (self.person is not None and everybody, PERSONS),
            (self.nearest is not None and bool(self.columns), BY_NEAREST),
            (self.context.missing == "wildcard" and bool(self.columns), WILDCARD),
        )
        told = [sentence for holds, sentence in general if holds]
        told += [
            sentence.format(f"The column {name!r} is")
            for names, sentence in cases
            for name in names
        ]
        if self.attack.register is not None:
            return (*told, *strangers(self.context.release, targets))
        if self.attack.membership == "unknown" and self.person is None:
            classes = self.context.classes.project(self.columns)
            sizes = classes.population_sizes
            fewer = None if sizes is None else fewer_people(classes, sizes)
            told += [] if fewer is None else [fewer]
        return tuple(told)
