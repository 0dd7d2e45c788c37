"""Verdicts against the policy, the criteria, and how the overall verdict follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.document.answer_tables import attested_table
from reports.document.coverage import coverage_sections
from reports.document.model import Block, Bullets, Cell, Paragraph, Section, Table, Tone
from reports.document.outline import numbered
from reports.likelihood import WORDS
from reports.narrative import as_sentence, criterion_words, found_words, policy_sentence
from reports.wording import join_names, shorten
from risk.criteria import CONVENTION, criteria

if TYPE_CHECKING:
    from reports.assessment import Assessment

VERDICT_CELLS: dict[str, tuple[str, Tone]] = {
    "met": ("✓ met", "good"),
    "not met": ("× not met", "bad"),
    "not computed": ("? not computed", "unknown"),
}
READING_TONES: dict[str, Tone] = {
    "protected": "good",
    "residual": "conditions",
    "exposed": "bad",
    "not assessed": "unknown",
}


def likelihood_words(assessment: Assessment) -> str:
    """Return likelihood and severity as sentences."""
    pia = assessment.pia
    now, how = _level(pia["likelihood"]), " (computed)" if pia["likelihood"] else ""
    text = f"Likelihood of re-identification: {now}{how}."
    if assessment.after is not None:
        was = _level(pia["inherent"]["likelihood"])
        text = f"Likelihood of re-identification: was {was}, now {now}{how}."
    severity, answered = pia["severity"], pia["severity_answered"]
    if severity is None:
        return f"{text} Severity: not answered, so the risk matrix has no cell yet."
    how = "answered" if severity == answered else "the floor that the data sets"
    return f"{text} Severity: {severity} {WORDS[severity]} ({how})."


def _level(level: int | None) -> str:
    return f"{level} {WORDS[level]}" if level else "not computed, because nobody is left"


def verdict_sections(assessment: Assessment) -> list[Section]:
    """Return the verdict on each rule, what the law asks for, and how the overall one follows."""
    policy = assessment.policy
    blocks: list[Block] = []
    if policy is None:
        blocks.append(Paragraph(text=policy_sentence(None, ())))
    else:
        source = policy.source
        described = ", ".join(
            part for part in (source.title, source.section, source.edition, source.date) if part
        )
        checked = (
            f"Source read on {policy.verified_on}." if policy.verified_on else "Source not re-read."
        )
        blocks += [
            Paragraph(
                text=f"{policy.title}. Status: {policy.status}. Source: {described}. {checked} "
                f"{policy.note}".strip()
            ),
            Paragraph(
                text="Meets or does not meet says something of the numeric rules below and of "
                "nothing else; it is no statement of law.",
                style="note",
            ),
            Table(
                head=("Rule", "Verdict", "Why"),
                rows=tuple(
                    (
                        verdict.requirement,
                        _verdict_cell(verdict.verdict),
                        verdict.why,
                    )
                    for verdict in assessment.verdicts
                ),
                widths=(0.4, 0.17, 0.43),
            ),
        ]  # fmt: skip
    blocks += attested_table(assessment)
    sections = [numbered("15", blocks)]
    if assessment.scenarios:
        sections.append(_scenarios(assessment))
    return [*sections, _overall(assessment), *coverage_sections(assessment)]


def criteria_section(assessment: Assessment) -> Section:
    """Return what the figures say of singling out, linkability, inference and membership."""
    found = criteria(assessment.shared.figures)
    return numbered(
        "14",
        (
            Table(
                head=("Criterion", "Reading", "Because"),
                rows=tuple(
                    (
                        f"{item.title}. {item.question}",
                        Cell(text=item.reading, tone=READING_TONES[item.reading]),
                        criterion_words(item),
                    )
                    for item in found
                ),
                widths=(0.28, 0.16, 0.56),
            ),
            Paragraph(text=CONVENTION, style="note"),
        ),
    )


def _scenarios(assessment: Assessment) -> Section:
    """Return each attacker with columns of its own, the worst one first."""
    rows = tuple(
        (
            f"{shorten(result.name)} ({result.attacker})",
            join_names(result.known, most=12),
            as_sentence(found_words(result)),
            _verdict_cell(result.verdict) if result.verdict else "no policy",
        )
        for result in assessment.scenarios
    )
    return Section(
        title="Attackers who know other columns",
        level=2,
        blocks=(
            Paragraph(
                text="Each scenario is an attacker with a set of known columns; the same policy is "
                "judged on the groups of look-alikes that this attacker sees. The worst one leads."
            ),
            Table(
                head=("Scenario", "Knows", "Finds", "Verdict"),
                rows=rows,
                widths=(0.22, 0.28, 0.33, 0.17),
            ),
        ),
    )


def _verdict_cell(verdict: str) -> Cell:
    text, tone = VERDICT_CELLS.get(verdict, (verdict, "unknown"))
    return Cell(text=text, tone=tone)


def _overall(assessment: Assessment) -> Section:
    return Section(
        title="How the overall verdict follows",
        level=2,
        blocks=(
            Paragraph(text=likelihood_words(assessment)),
            Bullets(items=tuple(assessment.pia["reasons"])),
            Paragraph(
                text="Not acceptable: a rule is not met, or the cell is red. Acceptable with "
                "conditions: a rule could not be computed, the cell is amber, the severity was not "
                "answered, nobody is left, a criterion was not assessed, or a risk of the register "
                "is still red. Acceptable on the computed evidence: otherwise. The decision itself "
                "is made by people; until then this document is a draft."
            ),
        ),
    )
