"""The privacy impact assessment as data: every section, from the assessment alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.answers import answer_text, unanswered
from reports.chart_set import class_sizes
from reports.detections import NOTHING, WHAT, detection_rows
from reports.document.attack_section import attack_sections
from reports.document.findings import (
    chart_section,
    recipe_section,
    uncounted_section,
    utility_sections,
)
from reports.document.metric_tables import metric_sections, second_opinion_section
from reports.document.model import (
    Block,
    Bullets,
    Callout,
    Cell,
    Chart,
    Document,
    Paragraph,
    Section,
    Table,
    Tiles,
    Tone,
)
from reports.document.reference import method_section, provenance_section
from reports.document.verdicts import answer_section, likelihood_words, verdict_sections
from reports.headline import headline_rows, policy_size
from reports.narrative import (
    assumption_lines,
    limits_line,
    open_items,
    overall_reason,
    risk_sentence,
)
from reports.sensitivity import driver_sentence, fragile_sentence
from reports.wording import format_count, join_names, shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment

OVERALL_TONES: dict[str, Tone] = {
    "not acceptable": "bad",
    "acceptable with conditions": "conditions",
    "acceptable on the computed evidence": "good",
    "no policy chosen": "unknown",
}
MOST_OPEN_ITEMS = 6
MOST_WITH_CHART = 3


def build_document(assessment: Assessment) -> Document:
    """Return the document of an assessment."""
    name = file_name(assessment.dataset.name)
    called = shorten(answer_text(assessment.answers, "title"), 120)
    return Document(
        title="Privacy impact assessment",
        subtitle=f"{called} – {name}" if called else name,
        status="DRAFT",
        cover=_cover(assessment),
        sections=(
            _summary(assessment),
            _dataset(assessment),
            _attributes(assessment),
            _detections(assessment),
            _attackers(assessment),
            *attack_sections(assessment),
            *uncounted_section(assessment),
            *_metrics(assessment),
            chart_section(assessment),
            recipe_section(assessment),
            *utility_sections(assessment),
            *verdict_sections(assessment),
            answer_section(assessment),
            *method_section(assessment),
            *provenance_section(assessment),
        ),
        made_at=assessment.made_at,
    )


def file_name(name: str) -> str:
    """Return the last part of a file's name: folders say where it lies on someone's computer."""
    return shorten(name.replace("\\", "/").rsplit("/", 1)[-1]) or "table"


def _size(assessment: Assessment) -> int:
    return policy_size(assessment.policy)


def _verdict_band(assessment: Assessment) -> Callout:
    word = assessment.overall
    said = risk_sentence(assessment.shared, assessment.roles.quasi_identifiers)
    return Callout(
        word=word[:1].upper() + word[1:],
        text=f"{said} {overall_reason(assessment)}".strip(),
        tone=OVERALL_TONES.get(word, "unknown"),
    )


def _cover(assessment: Assessment) -> tuple[Block, ...]:
    policy = assessment.policy
    rows, columns = assessment.dataset.records, assessment.dataset.columns
    facts = (
        ("Table", f"{format_count(rows)} rows, {format_count(columns)} columns"),
        ("Organisation", _answered(assessment, "organisation")),
        ("Author", _answered(assessment, "author")),
        ("Policy", policy.title if policy else "none chosen"),
        ("Assessed", _stage_words(assessment)),
        ("Fingerprint", assessment.dataset.content_sha256[:12] or "none"),
        ("Made", f"{assessment.made_at} with Privascope "
                 f"{assessment.versions.get('privascope', '')}".strip()),
    )  # fmt: skip
    return (
        _verdict_band(assessment),
        Table(head=("Document", ""), rows=facts, widths=(0.22, 0.78)),
    )


def _answered(assessment: Assessment, key: str) -> str | Cell:
    text = shorten(answer_text(assessment.answers, key), 120)
    return text or Cell(text="! Not answered", tone="conditions")


def _stage_words(assessment: Assessment) -> str:
    if assessment.elsewhere:
        return f"the original, and the release {file_name(assessment.elsewhere)} made elsewhere"
    if assessment.after is not None:
        return "the original, and the release that the recipe makes of it"
    return "the original alone: nothing was done to the table"


def _summary(assessment: Assessment) -> Section:
    opened, silent = open_items(assessment), unanswered(assessment)
    blocks: list[Block] = [
        _verdict_band(assessment),
        Tiles(
            rows=headline_rows(assessment.before, assessment.after, size=_size(assessment)),
            released=assessment.after is not None,
        ),
        Paragraph(text=likelihood_words(assessment)),
        *_what_matters(assessment),
    ]
    if len(opened) <= MOST_WITH_CHART:
        blocks.append(Chart(spec=class_sizes(assessment.before, assessment.after)))
    if opened:
        shown = opened[:MOST_OPEN_ITEMS]
        rest = len(opened) - len(shown)
        more = (f"And {rest} more: see the section on verdicts.",) if rest else ()
        blocks += [
            Paragraph(text="Open before a decision", style="lead"),
            Bullets(items=(*shown, *more), tone="bad"),
        ]
    if silent:
        blocks.append(
            Callout(
                word=f"{len(silent)} question{'s' if len(silent) > 1 else ''} not answered",
                text=" ".join(silent),
                tone="conditions",
            )
        )
    blocks.append(Paragraph(text=limits_line(), style="note"))
    return Section(title="1 Executive summary", blocks=tuple(blocks), new_page=True)


def _what_matters(assessment: Assessment) -> list[Block]:
    """Return which column drives the risk, and which one must stay unknown."""
    found = assessment.sensitivity
    sentences = [text for text in (driver_sentence(found), fragile_sentence(found)) if text]
    return [Paragraph(text=" ".join(sentences))] if sentences else []


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
    return Section(title="2 Dataset", blocks=tuple(blocks), new_page=True)


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
    return Section(
        title="3 Attribute table",
        blocks=(
            Paragraph(
                text="What each column is to an attacker, why, and what happens to it. "
                "Special category: GDPR Article 9 or a HIPAA identifier class, as suggested by "
                "the column's name and content."
            ),
            Table(
                head=("Column", "Type", "Role", "Why", "Special category", "Distinct", "Missing",
                      "Action"),
                rows=rows,
                widths=(0.14, 0.09, 0.155, 0.195, 0.1, 0.09, 0.095, 0.135),
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
    return Section(
        title="4 Attackers and assumptions",
        blocks=(
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
                ),
                widths=(0.34, 0.4, 0.26),
            ),
            Paragraph(text="What the figures rest on", style="lead"),
            Bullets(items=assumption_lines(assessment)),
            Paragraph(text=f"Not modelled. {limits_line()}", style="note"),
        ),
    )  # fmt: skip


def _metrics(assessment: Assessment) -> list[Section]:
    intro = Section(
        title="5 Metrics before and after",
        blocks=(
            Paragraph(
                text="Every figure of this assessment, with the field's term in brackets. Exact "
                "unless it says estimated; an estimate stands as its range. Thresholds of the "
                "policy stand in section 9."
            ),
        ),
    )
    return [intro, *metric_sections(assessment), second_opinion_section(assessment)]
