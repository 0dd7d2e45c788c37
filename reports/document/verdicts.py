"""Verdicts against the policy, how the overall verdict follows, and what was not answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.answers import NOT_ASKED, QUESTIONS, SEVERITY_WORDS, answer_text, questions_of
from reports.document.model import Block, Bullets, Cell, Paragraph, Section, Table, Tone
from reports.likelihood import MATRIX, WORDS, likelihood
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
UNANSWERED = Cell(text="! Not answered", tone="conditions")
READING_TONES: dict[str, Tone] = {
    "protected": "good",
    "residual": "conditions",
    "exposed": "bad",
    "not assessed": "unknown",
}
MATRIX_TONES: dict[str, Tone] = {"green": "good", "amber": "conditions", "red": "bad"}


def likelihood_words(assessment: Assessment) -> str:
    """Return likelihood and severity as sentences."""
    severity = assessment.pia["severity"]
    was, _ = likelihood(assessment.before)
    text = f"Likelihood of re-identification: {_level(was)} (computed)."
    if assessment.after is not None:
        now, _ = likelihood(assessment.after)
        text = f"Likelihood of re-identification: was {_level(was)}, now {_level(now)} (computed)."
    if severity:
        return f"{text} Severity: {severity} {SEVERITY_WORDS[severity]} (answered)."
    return f"{text} Severity: not answered, so the risk matrix has no cell yet."


def _level(level: int | None) -> str:
    return f"{level} {WORDS[level]}" if level else "not computed, because nobody is left"


def verdict_sections(assessment: Assessment) -> list[Section]:
    """Return the verdict on each rule, and the overall one with its inputs."""
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
    sections = [Section(title="9 Verdicts against the policy", blocks=tuple(blocks))]
    if assessment.scenarios:
        sections.append(_scenarios(assessment))
    return [*sections, _criteria(assessment), _overall(assessment)]


def _criteria(assessment: Assessment) -> Section:
    """Return what the figures say of singling out, linkability, inference and membership."""
    found = criteria(assessment.shared.figures)
    return Section(
        title="Singling out, linkability, inference and membership",
        level=2,
        blocks=(
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
    pia = assessment.pia
    level, severity = pia["likelihood"], pia["severity"]
    head = ("Severity", *(f"{n} {word}" for n, word in WORDS.items()))

    def cell(row: int, column: int) -> Cell:
        color = MATRIX[row][column - 1]
        here = row == severity and column == level
        return Cell(text=f"{color}{' – this table' if here else ''}", tone=MATRIX_TONES[color])

    matrix = tuple(
        (Cell(text=f"{n} {word}"), *(cell(n, column) for column in WORDS))
        for n, word in SEVERITY_WORDS.items()
    )
    return Section(
        title="How the overall verdict follows",
        level=2,
        blocks=(
            Paragraph(text=likelihood_words(assessment)),
            Bullets(items=tuple(pia["reasons"])),
            Table(head=head, rows=matrix, widths=(0.24, 0.19, 0.19, 0.19, 0.19)),
            Paragraph(
                text="Rows: severity. Columns: likelihood. A smallest group of 20 or more is level "
                "1, 11 to 19 is 2, 5 to 10 is 3, below 5 is 4; a sensitive attribute that is the "
                "same for a whole group makes it 4. Status of this scale and matrix: product "
                "convention, anchored on cited precedents.",
                style="note",
            ),
            Paragraph(
                text="Not acceptable: a rule is not met, or the cell is red. Acceptable with "
                "conditions: a rule could not be computed, or the cell is amber. Acceptable on the "
                "computed evidence: otherwise. The decision itself is made by people; until then "
                "this document is a draft."
            ),
        ),
    )


def answer_section(assessment: Assessment) -> Section:
    """Return the questions with their answers."""
    rows: list[tuple[str | Cell, ...]] = []
    for key, question in QUESTIONS.items():
        text = answer_text(assessment.answers, key)
        answer = Cell(text=text) if text else UNANSWERED
        rows.append((question, answer))
    attested = assessment.answers.get("attested", {})
    for key, question in questions_of(assessment.policy).items():
        rows.append((question, attested.get(key) or UNANSWERED))
    rows += [
        (key.replace("_", " "), answer_text(assessment.answers, key) or "–")
        for key in assessment.answers
        if key not in QUESTIONS and key != "attested"
    ]
    return Section(
        title="10 Questions and answers",
        blocks=(
            Paragraph(text="What no computation can know. Silence is not approval."),
            Table(head=("Question", "Answer"), rows=tuple(rows), widths=(0.5, 0.5)),
            Paragraph(text=NOT_ASKED),
        ),
    )
