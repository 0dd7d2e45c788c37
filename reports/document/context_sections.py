"""Why, who, for what, by which way and whether it is needed: the sections that people answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.document.alternatives_table import alternatives_table
from reports.document.answer_tables import UNANSWERED, answer_table, left_over_note, pieces
from reports.document.model import Block, Cell, Paragraph, Section, Table
from reports.document.outline import numbered
from reports.questionnaire import BY_KEY, answer_text
from reports.questionnaire.drafts import drafts
from reports.wording import format_count, format_risk, shorten
from reports.words import WORDS

if TYPE_CHECKING:
    from reports.assessment import Assessment

TRIGGERS = (
    "The nine criteria of the guidelines on impact assessments (WP248 rev.01; source not re-read). "
    "Two or more usually mean that an assessment is needed."
)
TRIED = (
    "Highest risk: by a prosecutor who knows every quasi-identifier. Detail kept: granularity, "
    "over all rows of the original. Exact; the rule for missing values, the policy and the "
    "population are those of this release."
)
NEEDED = (
    "What each known column adds to the risk, and why it is kept all the same. The figure is the "
    "average risk by a prosecutor with the column and, in its place, without it."
)

LONGEST_REASON = 500
"""Characters of a reason in its narrow column; more go on in the next row."""


def why_section(assessment: Assessment) -> Section:
    """Return which of the nine criteria hold, and what was decided about the document."""
    question = BY_KEY["triggers"]
    said = assessment.answers.get("triggers")
    draft = drafts(assessment).get("triggers")
    proposed = set(draft.value) if draft else set()
    asked = question.asked(assessment.answers)
    rows: list[tuple[str | Cell, ...]] = []
    for key, text in question.options.items():
        told: str | Cell = "no" if asked else "not asked"
        if said is None and asked:
            told = UNANSWERED
            if key in proposed:
                told = Cell(text="! Not answered; the data suggests yes", tone="conditions")
        elif key in (said or ()):
            told = Cell(text="yes", tone="conditions")
        elif key in proposed and asked:
            told = Cell(text="! no, although the data suggests yes", tone="conditions")
        rows.append((text, told))
    held = len(said or ())
    verb = "holds" if held == 1 else "hold"
    counted = f"{held} of {len(question.options)} {verb}." if said is not None else ""
    return numbered(
        "2",
        (
            Paragraph(text=f"{TRIGGERS} {counted}".strip()),
            Table(head=("Criterion", "Holds"), rows=tuple(rows), widths=(0.62, 0.38)),
        ),
        new_page=True,
    )


def control_section(assessment: Assessment) -> Section:
    """Return versions, people and dates of the document itself."""
    keys = (
        "title", "reference", "version", "classification", "author", "evaluator", "validator",
        "review", "review_date", "publication",
    )  # fmt: skip
    return Section(
        title="Document control",
        level=2,
        blocks=(answer_table(assessment, keys),),
        filled="asked",
    )


def roles_section(assessment: Assessment) -> Section:
    """Return who decides, who handles the data and who receives it."""
    keys = ("organisation", "processors", "audience", "recipients")
    return numbered("3", (answer_table(assessment, keys),))


def purpose_section(assessment: Assessment) -> Section:
    """Return the purpose, the legal basis and the exceptions for special categories."""
    keys = ("purpose", "legal_basis", "legal_reason", "grounds")
    return numbered("5", (answer_table(assessment, keys), *_left_over(assessment, "grounds")))


def _left_over(assessment: Assessment, key: str) -> list[Block]:
    note = left_over_note(assessment, key)
    return [Paragraph(text=note, style="note")] if note else []


def flow_section(assessment: Assessment) -> Section:
    """Return the way of the data from its source to the recipients, then where it is kept."""
    answers, shared = assessment.answers, assessment.shared
    rows, columns = assessment.dataset.records, assessment.dataset.columns
    left = shared.value("classes", "suppressed_records") or 0
    kept = sum(row.kept for row in assessment.attributes)
    steps = max(1, len(assessment.recipe_text)) if assessment.after is not None else 0
    done = f"{steps} step{'' if steps == 1 else 's'} of the recipe" if steps else "nothing was done"
    if assessment.elsewhere:
        done = "the release was made elsewhere"
    stations = (
        ("1 Source →", f"{format_count(rows)} rows, {format_count(columns)} columns"),
        ("2 This tool →", f"{done}; on this computer, nothing is sent elsewhere"),
        ("3 Release →", f"{format_count(rows - left)} rows, {kept} columns that tell something"),
        ("4 Recipients", answer_text(answers, "recipients") or answer_text(answers, "audience")),
    )
    cells = tuple(text or UNANSWERED for _, text in stations)
    flow = Table(head=tuple(name for name, _ in stations), rows=(cells,), widths=(0.25,) * 4)
    return numbered("6", (flow, answer_table(assessment, ("storage", "period"))))


def necessity_section(assessment: Assessment) -> Section:
    """Return why each known column is kept, and what was tried before."""
    said = assessment.answers.get("needed") or {}
    silent = UNANSWERED if BY_KEY["needed"].asked(assessment.answers) else "not asked"
    changes = {c.column: c for c in assessment.sensitivity.changes if not c.added}
    rows = []
    for row in assessment.attributes:
        if row.role != "quasi-identifier" or not row.kept:
            continue
        change = changes.get(row.name)
        risk = "not measured"
        if change is not None:
            with_it, without = change.before.average, change.after.average
            risk = f"{format_risk(with_it)}; without it {format_risk(without)}"
        reason = str(said.get(row.name, "")).strip()
        first, *rest = pieces(reason, LONGEST_REASON)
        rows.append((shorten(row.name), risk, first or silent))
        rows += [(WORDS["continued"], "", piece) for piece in rest]
    blocks: list[Block] = [Paragraph(text=NEEDED)]
    if rows:
        head = ("Column", "Average risk", "Why it is needed")
        blocks.append(Table(head=head, rows=tuple(rows), widths=(0.22, 0.36, 0.42)))
    tried = alternatives_table(assessment)
    if tried is not None:
        blocks += [
            Paragraph(text="What was tried, with its risk and its loss", style="lead"),
            tried,
            Paragraph(text=TRIED, style="note"),
        ]
    blocks += [
        *_left_over(assessment, "needed"),
        answer_table(assessment, ("alternatives", "proportionate")),
    ]
    return numbered("7", blocks)


def rights_section(assessment: Assessment) -> Section:
    """Return where the data came from, what people were told and what they can do."""
    keys = ("origin", "rights", "transfers", "transfers_how")
    return numbered("16", (answer_table(assessment, keys),))
