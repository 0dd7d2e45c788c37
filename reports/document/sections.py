"""The privacy impact assessment as data: every section, from the assessment alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.detections import NOTHING, WHAT, detection_rows
from reports.document.answer_tables import answer_table
from reports.document.attack_section import attack_sections
from reports.document.context_sections import (
    control_section,
    flow_section,
    necessity_section,
    purpose_section,
    rights_section,
    roles_section,
    why_section,
)
from reports.document.decision_sections import consultation_section, decision_section
from reports.document.findings import (
    chart_section,
    recipe_section,
    uncounted_section,
    utility_sections,
)
from reports.document.front import cover, file_name, for_whom, summary
from reports.document.metric_tables import metric_sections, second_opinion_section
from reports.document.model import (
    Block,
    Bullets,
    Cell,
    Document,
    Paragraph,
    Section,
    Table,
)
from reports.document.outline import numbered
from reports.document.reference import method_section, provenance_section
from reports.document.risk_sections import action_section, measures_section, register_section
from reports.document.verdicts import criteria_section, verdict_sections
from reports.likelihood import chance_of_attempt
from reports.narrative import assumption_lines, limits_line
from reports.questionnaire import answer_text
from reports.status import document_status
from reports.wording import format_count, join_names, shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment


def build_document(assessment: Assessment) -> Document:
    """Return the document of an assessment."""
    name = file_name(assessment.dataset.name)
    called = shorten(answer_text(assessment.answers, "title"), 120)
    return Document(
        title="Privacy impact assessment",
        subtitle=f"{called} – {name}" if called else name,
        status=document_status(assessment),
        cover=cover(assessment),
        sections=(
            summary(assessment),
            why_section(assessment),
            control_section(assessment),
            roles_section(assessment),
            _dataset(assessment),
            purpose_section(assessment),
            flow_section(assessment),
            necessity_section(assessment),
            _attributes(assessment),
            _detections(assessment),
            _attackers(assessment),
            *attack_sections(assessment),
            *uncounted_section(assessment),
            *_metrics(assessment),
            chart_section(assessment),
            recipe_section(assessment),
            *utility_sections(assessment),
            criteria_section(assessment),
            *verdict_sections(assessment),
            rights_section(assessment),
            *register_section(assessment),
            measures_section(assessment),
            action_section(assessment),
            consultation_section(assessment),
            decision_section(assessment),
            *method_section(assessment),
            *provenance_section(assessment),
        ),
        made_at=assessment.made_at,
    )


def _dataset(assessment: Assessment) -> Section:
    data = assessment.dataset
    rows: list[tuple[str | Cell, ...]] = [
        ("Name", file_name(data.name)),
        ("Rows", format_count(data.records)),
        ("Columns", format_count(data.columns)),
        ("One row is", _unit(assessment)),
        ("Population", assessment.population),
    ]
    rows += [(f"Read with {key}", _plain(value)) for key, value in sorted(data.read.items())]
    blocks: list[Block] = [Table(head=("What", "Value"), rows=tuple(rows), widths=(0.3, 0.7))]
    if data.issues:
        blocks += [
            Paragraph(text="Noticed when reading", style="lead"),
            Bullets(items=data.issues[:20], tone="conditions"),
        ]
    blocks.append(answer_table(assessment, ("unit", "coverage", "vulnerable")))
    return numbered("4", blocks)


def _unit(assessment: Assessment) -> str:
    person = assessment.roles.person
    if person:
        return f"part of a person, told apart by the column {shorten(person)}"
    return "one person (assumed: no column says otherwise)"


def _plain(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return join_names([str(item) for item in value], most=12) or "none"
    if value is None or value == "":
        return "not given"
    return shorten(str(value))


def _attributes(assessment: Assessment) -> Section:
    rows = tuple(
        (
            shorten(row.name),
            row.kind,
            row.role,
            _why(row.suggested_role, row.role, row.reason, row.overruled_because),
            _special(row.special_category, row.hipaa_class),
            format_count(row.distinct),
            format_count(row.missing),
            row.action,
        )
        for row in assessment.attributes
    )
    return numbered(
        "8",
        (
            Paragraph(
                text="What each column is to an attacker, why, and what happens to it. "
                "Special category: GDPR Article 9 or a HIPAA identifier class, as suggested by "
                "the column's name and content."
            ),
            Table(
                head=("Column", "Type", "Role", "Why", "Special category", "Distinct", "Missing",
                      "Action"),
                rows=rows,
                widths=(0.14, 0.09, 0.15, 0.22, 0.095, 0.09, 0.09, 0.125),
                right=(5, 6),
            ),
        ),
    )  # fmt: skip


def _detections(assessment: Assessment) -> Section:
    """Return what the columns of the table that would be shared seem to hold."""
    rows = tuple(
        (row.column, row.what, row.rule, row.because) for row in detection_rows(assessment.detected)
    )
    found: Block = Paragraph(text=NOTHING)
    if rows:
        found = Table(
            head=("Column", "Seems to hold", "Rule", "Because"),
            rows=rows,
            widths=(0.2, 0.32, 0.18, 0.3),
        )
    return Section(
        title="What the columns of the table to be shared seem to hold",
        level=2,
        blocks=(found, Paragraph(text=WHAT, style="note")),
    )


def _special(category: str, hipaa: str) -> str:
    return ", ".join(text for text in (category, hipaa and f"HIPAA {hipaa}") if text) or "–"


def _why(suggested: str, role: str, reason: str, overruled: str) -> str:
    if suggested == role:
        return reason or "–"
    because = f": {overruled}" if overruled else ", no reason given"
    return f"Chosen by the user instead of {suggested}{because}"


def _attackers(assessment: Assessment) -> Section:
    known = join_names(assessment.roles.quasi_identifiers, most=20)
    wanted = join_names(assessment.roles.sensitive, most=20) or "no column is marked as sensitive"
    return numbered(
        "9",
        (
            Paragraph(
                text=f"Identifiability was assessed for {for_whom(assessment)}. For somebody with "
                "other means it can be different; what is unknown to one is known to another."
            ),
            Table(
                head=("Attacker", "Knows", "Wants"),
                rows=(
                    ("Prosecutor: someone who looks for one person",
                     f"that the person is in the table, and {known}", "the person's row"),
                    ("Journalist: someone who wants to prove that anyone can be found",
                     f"a register of the population with {known}", "any row, with its person"),
                    ("Marketer: someone who matches whole tables",
                     f"a register with {known}", "as many rows as possible"),
                    ("Whoever finds only the group", known, wanted),
                    ("Acquaintance: a neighbour, colleague or classmate",
                     f"that the person is in the table, and more than {known}", "one row"),
                    ("Motivated intruder: able, without special means, within the law",
                     "what can be looked up of somebody", "any row, with its person"),
                ),
                widths=(0.34, 0.4, 0.26),
            ),
            Paragraph(text=chance_of_attempt(assessment.answers)[1]),
            answer_table(
                assessment,
                ("acquaintance", "other_lists", "tables", "versions", "controls", "motive"),
            ),
            Paragraph(text="What the figures rest on", style="lead"),
            Bullets(items=assumption_lines(assessment)),
            Paragraph(
                text="Not modelled as a person: the acquaintance who knows more than the "
                "quasi-identifiers, the insider who sees the original, and the motivated intruder. "
                f"Simulated attacks stand for what they know. {limits_line()}",
                style="note",
            ),
        ),
    )  # fmt: skip


def _metrics(assessment: Assessment) -> list[Section]:
    intro = numbered(
        "10",
        (
            Paragraph(
                text="Every figure of this assessment, with the field's term in brackets. Exact "
                "unless it says estimated; an estimate stands as its range. Thresholds of the "
                "policy stand in section 15."
            ),
        ),
    )
    return [intro, *metric_sections(assessment), second_opinion_section(assessment)]
