"""Every scenario measured and judged: whom each attacker finds, and what the policy says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from microdata.measure import Context, Figure, NotComputed, Path
from microdata.population import Population
from microdata.release import Release
from reports.measuring import INTERACTIVE, MEASURES, interactive_suffices
from reports.questionnaire import judge
from reports.saved import saved_record, saved_text, saved_texts
from risk.policy import Policy, Verdict
from risk.scenario import Scenario

if TYPE_CHECKING:
    from microdata.evidence import Detected
    from reports.case import Case

_RANK = {"not met": 0, "not computed": 1, "met": 2}


@dataclass(frozen=True, kw_only=True)
class ScenarioResult:
    """
    What one attacker finds in the table that would be shared.

    Parameters
    ----------
    name, attacker : str
    known : tuple of str
    people, unique : int
        People in the table, and how many of them are alone with what the attacker knows.
    highest, average : float or None
        The attacker's risk; None where it was not computed.
    before : float or None
        The attacker's highest risk in the original.
    verdicts : tuple of Verdict
        Of the policy, on this attacker's classes.
    """

    name: str
    attacker: str
    known: tuple[str, ...]
    people: int
    unique: int
    highest: float | None
    average: float | None
    before: float | None
    verdicts: tuple[Verdict, ...]

    @property
    def verdict(self) -> str:
        """The verdict that leads; "" without a policy."""
        said = {verdict.verdict for verdict in self.verdicts}
        return min(said, key=_RANK.__getitem__, default="")

    def to_json(self) -> dict[str, Any]:
        """Return the result as an object."""
        return vars(self) | {
            "known": list(self.known),
            "verdicts": [verdict.to_json() for verdict in self.verdicts],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ScenarioResult:
        """Read what `to_json` wrote; raise TypeError where a part has another type."""
        for key in ("highest", "average", "before"):
            if data[key] is not None and type(data[key]) not in (int, float):
                raise TypeError(f"the saved {key} is something else")
        return saved_record(
            cls,
            {
                **data,
                "name": saved_text(data["name"]),
                "known": saved_texts(data["known"]),
                "verdicts": tuple(saved_record(Verdict, verdict) for verdict in data["verdicts"]),
            },
        )


def judge_scenarios(
    case: Case, release: Release, columns: Sequence[Detected] = ()
) -> tuple[ScenarioResult, ...]:
    """
    Measure and judge the scenarios of a case on a release, the worst one first.

    Worst is the verdict that leads, then the highest risk, then the average risk.
    """
    results = [_result(case, release, scenario, columns) for scenario in case.scenarios]
    return tuple(
        sorted(
            results,
            key=lambda result: (
                _RANK.get(result.verdict, len(_RANK)),
                -(result.highest or 0.0),
                -(result.average or 0.0),
            ),
        )
    )


def _result(
    case: Case, release: Release, scenario: Scenario, columns: Sequence[Detected]
) -> ScenarioResult:
    context = _context(case, release, scenario)
    figures = scenario.judged(_figures(context, case.policy))
    found = {
        end: figures.get(("reidentification", scenario.attacker, end))
        for end in ("highest", "average")
    }
    original = Release.original(release.origin or release.source)
    was = scenario.judged(_figures(_context(case, original, scenario), None))
    return ScenarioResult(
        name=scenario.name,
        attacker=scenario.attacker,
        known=scenario.known,
        people=context.classes.n_records,
        unique=int(context.classes.count[context.sizes == 1].sum()),
        highest=_value(found["highest"]),
        average=_value(found["average"]),
        before=_value(was.get(("reidentification", scenario.attacker, "highest"))),
        verdicts=judge(case.policy, figures, columns, case.answers),
    )


def _context(case: Case, release: Release, scenario: Scenario) -> Context:
    """Return what an attacker sees of a release."""
    context = replace(case.context(release), roles=scenario.roles(case.roles))
    table = case.population.table
    if table is not None and not set(scenario.known) <= set(table.column_names):
        # Nobody can be matched on what the population table lacks: the release bounds the risk.
        return replace(context, population=Population())
    return context


def _figures(context: Context, policy: Policy | None) -> dict[Path, Figure]:
    """Return the interactive figures, and all of them where the policy asks for another one."""
    figures: dict[Path, Figure] = {}
    for measure in INTERACTIVE:
        figures |= measure.evaluate(context).figures
    if not interactive_suffices(policy, figures):
        for measure in MEASURES:
            if not measure.interactive:
                figures |= measure.evaluate(context).figures
    return figures


def _value(figure: Figure | None) -> float | None:
    return None if figure is None or isinstance(figure, NotComputed) else figure.value
