"""The simulated attacks in the document: who attacked, what each found, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.attacks import attack_notes, attack_rows, attack_sentence, known_words
from reports.chart_attack import candidate_sizes, claim_curve, worst_subsets
from reports.document.model import Block, Bullets, Chart, Paragraph, Section, Table
from reports.wording import shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from reports.attacks import AttackReport

WHAT = (
    "Each attack takes what an attacker may know of people, with the errors and gaps named, and "
    "matches it with what is published. The attacker guesses among the records that fit; the guess "
    "is averaged out. It is a simulation: a real attacker may know more."
)
NONE = (
    "No attack was simulated for this assessment, so what an attacker with errors, gaps or a file "
    "of its own finds is not known. The figures of section 10 hold for an attacker who knows every "
    "quasi-identifier without error."
)


def attack_sections(assessment: Assessment) -> tuple[Section, ...]:
    """Return a section on the simulated attacks, then one for each of them."""
    title = "Simulated attacks"
    if not assessment.attacks:
        return (Section(title=title, level=2, blocks=(Paragraph(text=NONE, style="note"),)),)
    rows = tuple(
        (
            shorten(report.name),
            known_words(report),
            "people of a file" if report.register else "people of the table",
            attack_sentence(report),
        )
        for report in assessment.attacks
    )
    overview = Section(
        title=title,
        level=2,
        blocks=(
            Paragraph(text=WHAT),
            Table(
                head=("Attacker", "Knows", "Looks for", "Finds in what would be shared"),
                rows=rows,
                widths=(0.16, 0.28, 0.16, 0.4),
            ),
        ),
    )
    return (overview, *(_section(report) for report in assessment.attacks))


def _section(report: AttackReport) -> Section:
    stages = tuple(report.stages)
    figures = attack_rows(report)
    blocks: list[Block] = []
    if figures:
        others = len(stages)
        blocks.append(
            Table(
                head=("Figure", *stages, "What it means"),
                rows=tuple(
                    (
                        row.name,
                        *(row.texts.get(stage, "not carried out") for stage in stages),
                        row.meaning,
                    )
                    for row in figures
                ),
                widths=(0.24, *((0.36 / others,) * others), 0.4),
                right=tuple(range(1, 1 + others)),
            )
        )
    blocks += [
        Chart(spec=spec)
        for spec in (candidate_sizes(report), claim_curve(report), worst_subsets(report))
        if spec is not None
    ]
    notes = attack_notes(report)
    if notes:
        blocks.append(Bullets(items=notes, small=True))
    if not blocks:
        blocks.append(Paragraph(text=attack_sentence(report)))
    return Section(title=f"Attack: {shorten(report.name)}", level=2, blocks=tuple(blocks))
