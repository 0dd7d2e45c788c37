"""An assessment as sentences and table rows, the same for screen, documents and terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from microdata.measure import Estimate, Figure, NotComputed, Path
from reports.case_findings import UNCOUNTED
from reports.figure_names import SECTIONS, name_figure
from reports.headline import people_in
from reports.register import risk_register
from reports.severity import cell
from reports.stage import Stage
from reports.wording import (
    NOT_MEASURED,
    as_clause,
    better_or_worse,
    format_count,
    format_figure,
    format_risk,
    format_share,
    format_value,
    join_names,
    shorten,
)
from risk.criteria import Criterion, criteria
from risk.missing_values import MISSING_RULES

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from reports.scenarios import ScenarioResult
    from risk.policy import Policy, Verdict

LONGEST_LABEL = 160


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """
    One figure of the complete table.

    Parameters
    ----------
    section, name, term, unit, attacker : str
        How it is called; `reports.figure_names`.
    before, after : str
        As printed; `after` is "" where there is no release.
    obtained : str
        "exact", "estimated (METHOD)" or "not computed".
    change : str
        "better", "worse", "same" or "".
    meaning : str
        One sentence on what the number means.
    caveats : tuple of str
        Sentences that belong to it.
    path : Path
    """

    section: str
    name: str
    term: str
    unit: str
    attacker: str
    before: str
    after: str
    obtained: str
    change: str
    meaning: str
    caveats: tuple[str, ...]
    path: Path


def known_columns(stage: Stage) -> tuple[str, ...]:
    """Return the quasi-identifiers, as far as the figures of a stage name them."""
    named = dict.fromkeys(path[0] for path in stage.below("columns") if path)
    return tuple(stage.distributions) or tuple(named)


def risk_sentence(stage: Stage, quasi_identifiers: Sequence[str] = ()) -> str:
    """Return what the stage means for the people in it."""
    people, alone = people_in(stage), stage.people_by_size.get(1, 0)
    if people == 0:
        return "Nobody is left in the table: every record was left out."
    known = join_names(tuple(quasi_identifiers) or known_columns(stage))
    whoever = f"whoever knows {known}" if known else "whoever knows the quasi-identifiers"
    smallest = min(size for size, people in stage.people_by_size.items() if people)
    if alone:
        share = format_share(alone / people)
        is_are, them = ("is", "that person") if alone == 1 else ("are", "them")
        return (
            f"{format_count(alone)} of {format_count(people)} people ({share}) {is_are} alone in "
            f"their class: {whoever} finds {them} with certainty."
        )
    others = smallest - 1
    return (
        f"Everyone in the table has at least {format_count(others)} "
        f"look-alike{'' if others == 1 else 's'} (k = {format_count(smallest)}): {whoever} finds "
        f"a person with a chance of at most {format_risk(1 / smallest)}."
    )


def policy_sentence(policy: Policy | None, verdicts: Sequence[Verdict]) -> str:
    """Return what a policy says, never more than that its numeric rules are met or not."""
    if policy is None:
        return "No policy was chosen, so nothing is compared with a threshold."
    said = [verdict.verdict for verdict in verdicts]
    failed, unknown = said.count("not met"), said.count("not computed")
    if failed and len(said) == 1:
        return f"The rule of {policy.title} is not met."
    if failed:
        text = f"{failed} of {len(said)} rules of {policy.title} {_is(failed)} not met"
        return text + (f"; {unknown} could not be computed." if unknown else ".")
    if unknown and len(said) == 1:
        return f"The rule of {policy.title} could not be computed."
    if unknown:
        return f"{unknown} of {len(said)} rules of {policy.title} could not be computed."
    if not said:
        return f"{policy.title} sets no rule that can be computed from a table."
    return f"The computed rules of {policy.title} are met."


def scenario_sentences(scenarios: Sequence[ScenarioResult]) -> tuple[str, ...]:
    """Return what each scenario's attacker finds, as a sentence each; only those that fail."""
    return tuple(
        f"The policy is {result.verdict} for the scenario {shorten(result.name)} "
        f"({result.attacker}), who knows {join_names(result.known)}: {found_words(result)}."
        for result in scenarios
        if result.verdict in {"not met", "not computed"}
    )


def found_words(result: ScenarioResult) -> str:
    """Return whom the attacker of a scenario finds, as a clause."""
    if not result.people:
        return "nobody is left in the table"
    if result.unique and result.attacker == "prosecutor":
        share = format_share(result.unique / result.people)
        return (
            f"{format_count(result.unique)} of {format_count(result.people)} people ({share}) "
            "are found with certainty"
        )
    if result.highest is None:
        return "the highest risk could not be computed"
    return f"the highest risk is {format_risk(result.highest)}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def figure_rows(assessment: Assessment) -> tuple[FigureRow, ...]:
    """Return every figure of the assessment before and after, grouped by section."""
    before, after = assessment.before, assessment.after
    paths = dict.fromkeys(before.figures) | dict.fromkeys(after.figures if after else ())
    rows = [_figure_row(path, before, after) for path in paths]
    order = {section: i for i, section in enumerate(SECTIONS)}
    return tuple(sorted(rows, key=lambda row: order[row.section]))


def _figure_row(path: Path, before: Stage, after: Stage | None) -> FigureRow:
    name = name_figure(path)
    was = before.figures.get(path)
    now = after.figures.get(path) if after else None
    shown: Figure | None = now or was
    return FigureRow(
        section=name.section,
        name=name.name,
        term=name.term,
        unit=name.unit,
        attacker=name.attacker,
        before=format_figure(was, name.unit) if was else NOT_MEASURED,
        after="" if after is None else format_figure(now, name.unit) if now else NOT_MEASURED,
        obtained=_obtained(was, now),
        change=better_or_worse(
            before.value(*path), after.value(*path) if after else None, name.better
        ),
        meaning=name.meaning,
        caveats=shown.caveats if isinstance(shown, Estimate) else (),
        path=path,
    )


def _obtained(was: Figure | None, now: Figure | None) -> str:
    known = [figure for figure in (now, was) if isinstance(figure, Estimate)]
    if not known:
        return "not computed"
    estimated = next((figure for figure in known if not figure.exact), None)
    return "exact" if estimated is None else f"estimated ({estimated.method})"


def not_computed(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    """Return each reason for a missing figure with the names of the figures that it holds for."""
    by_reason: dict[str, dict[str, None]] = {}
    for stage in (assessment.before, assessment.after):
        for path, figure in (stage.figures if stage else {}).items():
            if isinstance(figure, NotComputed):
                name = name_figure(path)
                label = f"{name.name} ({name.term})" if name.term else name.name
                by_reason.setdefault(figure.reason, {})[label] = None
    return tuple(
        (reason, join_names(list(names), most=12, longest=LONGEST_LABEL))
        for reason, names in by_reason.items()
    )


def criterion_words(found: Criterion) -> str:
    """Return the figures that decide a criterion, and what they leave out."""
    if found.reading == "not assessed":
        reasons = dict.fromkeys(row.reason for row in found.rows if row.reason)
        return " ".join((*reasons, found.note))
    said = "; ".join(
        f"{row.what}: {format_value(row.value or 0.0, name_figure(row.path).unit)} "
        f"({row.convention})"
        for row in found.decisive
    )
    return f"{as_sentence(said)} {found.note}"


def _missing_lines(assessment: Assessment) -> tuple[str, ...]:
    """Return the rule for missing values in force, then the others where cells are missing."""
    known = {rule.name: rule.sentence for rule in MISSING_RULES}
    in_force = known.pop(assessment.missing, "not one of this version.")
    lines = [f"Rule for missing values, {assessment.missing}: {in_force}"]
    stages = [stage for stage in (assessment.before, assessment.after) if stage is not None]
    if any(stage.value("missing_as_wildcard", "smallest") is not None for stage in stages):
        lines += [f"Another rule for missing values, {name}: {known[name]}" for name in known]
    return tuple(lines)


def assumption_lines(assessment: Assessment) -> tuple[str, ...]:
    """Return what the figures rest on: population, missing values, the unit, orders, the rest."""
    person = assessment.roles.person
    lines = [
        f"People are counted by the column {person}: several rows may be one person."
        if person
        else "Assumption: one row is one person, because no column says otherwise.",
        assessment.population,
        *_missing_lines(assessment),
        (
            "The attacker is taken to know the value of every quasi-identifier "
            f"({join_names(assessment.roles.quasi_identifiers)}), without error, and nothing else."
        ),
        (
            "In every figure an attempt is taken as certain: no contract or secure room lowers "
            "one. Only the level of likelihood takes the chance of a try into account."
        ),
    ]
    for stage in (assessment.before, assessment.after):
        for path, figure in (stage.figures if stage else {}).items():
            if path[-1] == "ordered" and isinstance(figure, Estimate):
                lines += [caveat for caveat in figure.caveats if caveat.startswith("Order")]
    lines += finding_lines(assessment)
    return tuple(dict.fromkeys(line for line in lines if line))


def finding_lines(assessment: Assessment) -> tuple[str, ...]:
    """Return what was noticed beside the figures, with the table that it was noticed in."""
    stages = [("In the original", assessment.before)]
    if assessment.after is not None:
        stages.append(("In the table to be shared", assessment.after))
    return tuple(
        f"{where}: {finding.message}"
        for where, stage in stages
        for finding in stage.findings
        if finding.code not in UNCOUNTED
    )


def uncounted_lines(assessment: Assessment) -> tuple[str, ...]:
    """Return the attacks that the table to be shared is open to and that no figure counts."""
    return tuple(
        finding.message for finding in assessment.shared.findings if finding.code in UNCOUNTED
    )


def caveat_lines(rows: Sequence[FigureRow]) -> tuple[str, ...]:
    """Return the sentences that belong to some figures, each with the figures that it is about."""
    about: dict[str, dict[str, None]] = {}
    for row in rows:
        for caveat in row.caveats:
            about.setdefault(caveat, {})[row.name] = None
    return tuple(
        f"{join_names(list(names), most=3, longest=LONGEST_LABEL)}: {caveat}"
        for caveat, names in about.items()
    )


def overall_reason(assessment: Assessment) -> str:
    """Return why the overall verdict is what it is, as one sentence, or "" without a policy."""
    if assessment.policy is None:
        return ""
    said = [verdict.verdict for verdict in assessment.verdicts]
    pia, reasons = assessment.pia, []
    if {"not met", "not computed"} & set(said):
        reasons.append(policy_sentence(assessment.policy, assessment.verdicts).rstrip("."))
    reasons += [as_clause(sentence) for sentence in scenario_sentences(assessment.scenarios[:1])]
    if pia["cell"] in {"red", "amber"}:
        reasons.append(
            f"the risk matrix is {pia['cell']} (severity {pia['severity']}, likelihood "
            f"{pia['likelihood']})"
        )
    if pia["likelihood"] is None:
        reasons.append("nobody is left whose risk could be judged")
    elif pia["severity"] is None:
        reasons.append(_without_severity(assessment))
    unread = [
        found.title.lower()
        for found in criteria(assessment.shared.figures)
        if found.reading == "not assessed"
    ]
    if unread and assessment.overall != "not acceptable":
        reasons.append(f"{join_names(unread)} {_is(len(unread))} not assessed")
    high = [risk for risk in risk_register(assessment) if risk.residual == "red"]
    if high and pia["cell"] != "red":
        reasons.append(
            f"{len(high)} risk{'' if len(high) == 1 else 's'} of the register {_is(len(high))} "
            "still red"
        )
    if not reasons:
        return policy_sentence(assessment.policy, assessment.verdicts)
    text = ", and ".join(reasons)
    return f"{text[0].upper()}{text[1:]}."


def _without_severity(assessment: Assessment) -> str:
    """Return what is missing; silence must not look better than the least that can be answered."""
    pia = assessment.pia
    text = "the severity of a re-identification was not answered"
    least = cell(pia["severity_floor"], pia["likelihood"], assessment.matrix)
    if least == "green":
        return text
    return (
        f"{text} (at {pia['severity_floor']}, the least that the columns suggest, the cell would "
        f"be {least})"
    )


def limits_line() -> str:
    """Return what no figure of this report speaks about."""
    return (
        "k-anonymity, l-diversity and t-closeness say nothing about who is in the table "
        "(membership), about free text, or about registers that appear later."
    )


def recipe_lines(assessment: Assessment) -> tuple[str, ...]:
    """Return the steps of the recipe in words."""
    if assessment.elsewhere:
        return (f"The release {assessment.elsewhere} was made elsewhere; its steps are not known.",)
    return assessment.recipe_text or ("No step: the table would be shared as it is.",)


def open_items(assessment: Assessment) -> tuple[str, ...]:
    """Return what stands between this assessment and a decision; silence is not approval."""
    items = [
        f"{word.capitalize()}: {as_sentence(verdict.requirement)} {as_sentence(verdict.why)}"
        for word in ("not met", "not computed")
        for verdict in assessment.verdicts
        if verdict.verdict == word
    ]
    items += scenario_sentences(assessment.scenarios)
    items += [
        f"Directly identifying, still in the table: {row.name}."
        for row in assessment.attributes
        if row.role == "direct identifier" and row.kept
        and (assessment.after is None or row.action == "as in the original")
    ]  # fmt: skip
    items += [
        finding.message for finding in assessment.shared.findings if finding.severity == "serious"
    ]
    return tuple(dict.fromkeys(items))


def as_sentence(text: str) -> str:
    """Return a text with a capital letter and a full stop."""
    text = text.strip()
    end = "" if text.endswith((".", "?", ":")) or not text else "."
    return f"{text[:1].upper()}{text[1:]}{end}"
