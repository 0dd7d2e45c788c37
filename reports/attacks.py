"""Simulated attacks against the original and against the table that would be shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from microdata.measure import Estimate, NotComputed, Path
from microdata.release import Release
from reports.figure_names import Unit
from reports.narrative import as_sentence
from reports.saved import saved_text
from reports.wording import format_count, format_figure, format_share, format_value, join_names
from risk.attacks.plan import AttackPlan
from risk.attacks.result import AttackResult

if TYPE_CHECKING:
    from microdata.encoding import EncodedTable
    from reports.case import Case

Outcome = AttackResult | NotComputed
GAP = "–"


@dataclass(frozen=True, kw_only=True)
class AttackReport:
    """
    What one attacker finds before and after.

    Parameters
    ----------
    name : str
    settings : mapping
        The plan as JSON.
    register : bool
        Whether the people looked for are those of a file that the attacker has.
    before : AttackResult or NotComputed
        Against the original.
    after : AttackResult or NotComputed, optional
        Against the release; None where there is none.
    """

    name: str
    settings: Mapping[str, Any]
    register: bool
    before: Outcome
    after: Outcome | None = None

    @property
    def shared(self) -> Outcome:
        """The outcome against the table that would be shared."""
        return self.before if self.after is None else self.after

    @property
    def stages(self) -> dict[str, Outcome]:
        """The outcomes by the name of the table."""
        found = {"original": self.before}
        return found if self.after is None else {**found, "now": self.after}

    @property
    def results(self) -> dict[str, AttackResult]:
        """What was found, by the name of the table; without where it was not carried out."""
        return {
            name: outcome
            for name, outcome in self.stages.items()
            if isinstance(outcome, AttackResult)
        }

    @property
    def found(self) -> float:
        """The share of people whom the first guess finds in what would be shared; 0 if unknown."""
        top = None if isinstance(self.shared, NotComputed) else self.shared.figures["top_1",]
        return top.value if isinstance(top, Estimate) else 0.0

    @classmethod
    def of(cls, plan: AttackPlan, before: Outcome, after: Outcome | None = None) -> AttackReport:
        """Return the report of a plan that was carried out."""
        return cls(
            name=plan.name,
            settings=MappingProxyType(plan.to_json()),
            register=plan.attack.register is not None,
            before=before,
            after=after,
        )

    @classmethod
    def unfinished(cls, plan: AttackPlan) -> AttackReport:
        """Return the report of an attack that took too long."""
        reason = "Let the attacker know fewer columns, or look for fewer people."
        return cls.of(plan, NotComputed(reason=f"It was not finished in time. {reason}"))

    def to_json(self) -> dict[str, Any]:
        """Return the report as an object; `from_json` reads it back without loss."""
        return {
            "name": self.name,
            "settings": dict(self.settings),
            "register": self.register,
            **{key: _outcome_json(outcome) for key, outcome in self.stages.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AttackReport:
        """Read what `to_json` wrote; raise TypeError or ValueError where a part is damaged."""
        if type(data["register"]) is not bool:
            raise TypeError("the saved register is something else")
        return cls(
            name=saved_text(data["name"]),
            settings=MappingProxyType(AttackPlan.from_json(data["settings"]).to_json()),
            register=data["register"],
            before=_outcome(data["original"]),
            after=_outcome(data["now"]) if "now" in data else None,
        )


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, NotComputed):
        return {"reason": outcome.reason}
    return outcome.to_json()


def _outcome(data: Mapping[str, Any]) -> Outcome:
    if set(data) == {"reason"}:
        return NotComputed(reason=saved_text(data["reason"]))
    return AttackResult.from_json(data)


def carry_out(
    case: Case, source: EncodedTable, release: Release | None, plans: Sequence[AttackPlan]
) -> tuple[AttackReport, ...]:
    """
    Carry out attacks, and return their reports, the one that finds most people first.

    Parameters
    ----------
    case : Case
    source : EncodedTable
    release : Release, optional
        What would be shared; None where it is the original.
    plans : sequence of AttackPlan
    """
    original = case.context(Release.original(source))
    shared = None if release is None else case.context(release)
    reports = [
        AttackReport.of(plan, plan.run(original), None if shared is None else plan.run(shared))
        for plan in plans
    ]
    return worst_first(reports)


def worst_first(reports: Sequence[AttackReport]) -> tuple[AttackReport, ...]:
    """Return the reports, the one that finds most people first."""
    return tuple(sorted(reports, key=lambda report: -report.found))


def known_words(report: AttackReport) -> str:
    """Return what the attacker knows, and how well, in words."""
    named = report.settings["known"]
    known = join_names(named, most=8) if named else "every quasi-identifier"
    doubts = []
    errors, missing = report.settings["errors"], report.settings["missing"]
    if isinstance(errors, (int, float)) and errors:
        doubts.append(f"{format_share(errors)} of it drawn anew from what is common")
    elif isinstance(errors, Mapping) and errors:
        doubts.append(f"with errors in {join_names(tuple(errors), most=8)}")
    if missing:
        doubts.append(f"{format_share(missing)} of it unknown")
    return ", ".join((known, *doubts))


def attack_sentence(report: AttackReport) -> str:
    """Return what the attacker finds in what would be shared, as one sentence."""
    outcome = report.shared
    if isinstance(outcome, NotComputed):
        return as_sentence(f"{report.name}: not carried out. {outcome.reason}")
    expected, top = outcome.figures["expected",], outcome.figures["top_1",]
    if not isinstance(expected, Estimate) or not isinstance(top, Estimate):
        return _claims_sentence(report, outcome)
    people = format_value(round(expected.value), "people")
    share = format_figure(top, "share")
    certain = outcome.figures["unique", "claims"]
    alone = outcome.value("unique", "claims") if isinstance(certain, Estimate) else 0.0
    precision = outcome.figures["unique", "precision"]
    text = f"{report.name} finds about {people} with a first guess ({share})"
    # People found stand for everybody who could be looked for, claims for those who were.
    drawn = outcome.targets < round(expected.value / top.value) if top.value else False
    among = f" of the {format_count(outcome.targets)} who were looked for" if drawn else ""
    if round(alone) and isinstance(precision, Estimate):
        verb = "is" if round(alone) == 1 else "are"
        text += (
            f"; {format_count(round(alone))}{among} {verb} left with a single candidate, and that "
            f"one is right for {format_share(precision.value)} of them"
        )
    else:
        text += "; nobody is left with a single candidate"
    return f"{text}."


def _claims_sentence(report: AttackReport, outcome: AttackResult) -> str:
    claims = outcome.figures["unique", "claims"]
    people = round(claims.value) if isinstance(claims, Estimate) else 0
    return (
        f"{report.name} is left with a single candidate for {format_value(people, 'people')} of "
        f"{format_count(outcome.targets)}. Whether they are right is not known."
    )


@dataclass(frozen=True, kw_only=True)
class AttackRow:
    """
    One figure of an attack, as printed.

    Parameters
    ----------
    name, meaning : str
        What it is called, and what it means in one sentence.
    texts : mapping of str to str
        By the name of the table: "original", "now".
    """

    name: str
    meaning: str
    texts: Mapping[str, str]


_ROWS: tuple[tuple[Path, str, Unit, str], ...] = (
    (("top_1",), "Found with the first guess", "share",
     "The share of the people looked for who are found if the attacker guesses once."),
    (("expected",), "People found", "people",
     "How many of all people that is, on average over the guesses."),
    (("top_n", "5"), "Among the first five guesses", "share",
     "The share of people whose record is in a list of five candidates."),
    (("unique", "claims"), "Left with a single candidate", "people",
     "People of those looked for who have one candidate, whether it is the right one or not."),
    (("unique", "precision"), "of these, the right one", "share",
     "How sure the attacker can be who claims a match where one candidate is left."),
    (("candidates", "median"), "Candidates in the middle", "people",
     "Half of the people who have candidates have at most so many."),
    (("candidates", "p5"), "Candidates of the most exposed 5 %", "people",
     "One in twenty of the people who have candidates has at most so many."),
    (("candidates", "below_5"), "With fewer than 5 candidates", "share",
     "The share of people who have one to four candidates."),
    (("candidates", "below_11"), "With fewer than 11 candidates", "share",
     "The share of people who have one to ten candidates."),
    (("candidates", "none"), "Without a candidate", "share",
     "The share of people for whom the attacker is left with nobody."),
    (("candidates", "nearest"), "Matched with who is nearest", "share",
     "The share of people whom no record fits, so that the nearest are the candidates."),
    (("nearest", "precision"), "of these with a single candidate, the right one", "share",
     "How sure the attacker can be who claims a match with the one who is nearest."),
    (("baseline",), "A blind guess", "risk",
     "How often a guess finds the right record without knowing anything."),
    (("advantage",), "Gain over the blind guess", "share",
     "How much of what a blind guess leaves open the attack finds."),
    (("control",), "Wrongly claimed outsiders", "share",
     "The share of people who are not in the table and yet have a single candidate."),
)  # fmt: skip


def attack_rows(report: AttackReport) -> tuple[AttackRow, ...]:
    """Return the figures of an attack as they are printed, without those that no table has."""
    rows = []
    for path, name, unit, meaning in _ROWS:
        figures = {stage: result.figures.get(path) for stage, result in report.results.items()}
        if not any(isinstance(figure, Estimate) for figure in figures.values()):
            continue
        texts = {
            stage: _text(figure, unit) if isinstance(figure, Estimate) else GAP
            for stage, figure in figures.items()
        }
        rows.append(AttackRow(name=name, meaning=meaning, texts=texts))
    return tuple(rows)


def _text(figure: Estimate, unit: Unit) -> str:
    if unit == "people":  # on average over guesses and repeats: nobody is found by half
        figure = replace(figure, value=float(round(figure.value)))
    return format_figure(figure, unit)


def attack_notes(report: AttackReport) -> tuple[str, ...]:
    """Return how the figures of an attack were obtained, and what they leave out."""
    outcome = report.shared
    if isinstance(outcome, NotComputed):
        return ()
    kind = (
        "knows how values were made coarser (rule-aware)"
        if outcome.attacker == "rule-aware"
        else "only reads what is published (value-only)"
    )
    how = "Exact."
    if outcome.interval is not None:
        low, high = (format_share(end) for end in (outcome.interval.low, outcome.interval.high))
        how = f"Estimated: {low} to {high}, {outcome.interval.method}; seed {outcome.seed}."
    aware = () if outcome.rule_aware is None else (outcome.rule_aware.reason,)
    sentence = f"The attacker {kind} and looks for {format_count(outcome.targets)} people. {how}"
    return (sentence, *aware, *outcome.caveats)
