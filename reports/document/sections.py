"""The privacy impact assessment as data: every section, from the assessment alone."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reports.chart_set import (
    class_sizes,
    closeness,
    column_losses,
    column_separation,
    cumulative_risk,
    distribution,
    diversity,
    loss_by_column,
    risk_bands,
)
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
from reports.figure_names import UTILITY
from reports.likelihood import MATRIX, WORDS
from reports.narrative import (
    QUESTIONS,
    SEVERITY_WORDS,
    FigureRow,
    answer_text,
    assumption_lines,
    figure_rows,
    headline_rows,
    limits_line,
    not_computed,
    open_items,
    policy_sentence,
    policy_size,
    recipe_lines,
    risk_sentence,
    unanswered,
)
from reports.wording import NOT_MEASURED, format_count, format_number, join_names, shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from risk.policy import Policy

OVERALL_TONES: dict[str, Tone] = {
    "not acceptable": "bad",
    "acceptable with conditions": "conditions",
    "acceptable on the computed evidence": "good",
    "no policy chosen": "unknown",
}
VERDICT_CELLS: dict[str, tuple[str, Tone]] = {
    "met": ("✓ met", "good"),
    "not met": ("× not met", "bad"),
    "not computed": ("? not computed", "unknown"),
}
MATRIX_TONES: dict[str, Tone] = {"green": "good", "amber": "conditions", "red": "bad"}
CHANGES: dict[str, Tone] = {"better": "good", "worse": "bad"}
MOST_DISTRIBUTIONS = 8
MOST_BINS = 16
MOST_OPEN_ITEMS = 6
CHART_COLUMNS = 20


def build_document(assessment: Assessment) -> Document:
    """Return the document of an assessment."""
    name = file_name(assessment.dataset.name)
    return Document(
        title="Privacy impact assessment",
        subtitle=name,
        status="DRAFT",
        cover=_cover(assessment),
        sections=(
            _summary(assessment),
            _dataset(assessment),
            _attributes(assessment),
            _attackers(assessment),
            *_metrics(assessment),
            *_figures(assessment),
            _recipe(assessment),
            *_utility(assessment),
            *_verdicts(assessment),
            _answers(assessment),
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
    return Callout(
        word=word[:1].upper() + word[1:],
        text=risk_sentence(assessment.shared, assessment.roles.quasi_identifiers),
        tone=OVERALL_TONES.get(word, "unknown"),
    )


def _cover(assessment: Assessment) -> tuple[Block, ...]:
    policy = assessment.policy
    facts = (
        ("Table", f"{format_count(assessment.dataset.records)} rows, "
                  f"{format_count(assessment.dataset.columns)} columns"),
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
        Paragraph(text=policy_sentence(assessment.policy, assessment.verdicts)),
        Tiles(
            rows=headline_rows(assessment.before, assessment.after, size=_size(assessment)),
            released=assessment.after is not None,
        ),
        Paragraph(text=_likelihood_words(assessment)),
    ]
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


def _likelihood_words(assessment: Assessment) -> str:
    pia = assessment.pia
    level, severity = pia["likelihood"], pia["severity"]
    text = (
        f"Likelihood of re-identification: {level} {WORDS[level]} (computed)."
        if level
        else "Likelihood of re-identification: not computed, because nobody is left in the table."
    )
    if severity:
        return f"{text} Severity: {severity} {SEVERITY_WORDS[severity]} (answered)."
    return f"{text} Severity: not answered, so the risk matrix has no cell yet."


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
            join_names([t for t in (row.special_category, row.hipaa_class) if t]) or "–",
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
                widths=(0.14, 0.09, 0.12, 0.24, 0.11, 0.08, 0.08, 0.14),
                right=(5, 6),
            ),
        ),
    )  # fmt: skip


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
    rows = [row for row in figure_rows(assessment) if row.obtained != "not computed"]
    sections = [
        Section(
            title="5 Metrics before and after",
            blocks=(
                Paragraph(
                    text="Every figure that was computed, with the field's term in brackets. "
                    "Exact unless it says estimated; an estimate stands as its range. "
                    "Thresholds of the policy stand in the section on verdicts."
                ),
            ),
            new_page=True,
        )
    ]
    for title, group in groupby(rows, key=lambda row: row.section):
        sections.append(
            Section(title=title, blocks=(figure_table(list(group), assessment),), level=2)
        )
    missing = not_computed(assessment)
    if missing:
        sections.append(
            Section(
                title="Not computed",
                level=2,
                blocks=(
                    Table(head=("Figures", "Why"), rows=tuple((names, why) for why, names in missing),
                          widths=(0.55, 0.45)),
                ),
            )
        )  # fmt: skip
    return sections


def figure_table(rows: list[FigureRow], assessment: Assessment) -> Table:
    """Return figures as a table: what, original, now, how obtained."""
    released = assessment.after is not None

    def label(row: FigureRow) -> str:
        term = f" ({row.term})" if row.term and row.term != row.name.lower() else ""
        return row.name + term

    def shown(text: str) -> str:
        return "–" if text == NOT_MEASURED else text

    if released:
        return Table(
            head=("Figure", "Original", "Now", "Change", "Obtained"),
            rows=tuple(
                (label(row), shown(row.before), shown(row.after),
                 Cell(text=row.change or "–", tone=CHANGES.get(row.change, "plain")), row.obtained)
                for row in rows
            ),
            widths=(0.42, 0.17, 0.17, 0.1, 0.14),
            right=(1, 2),
        )  # fmt: skip
    return Table(
        head=("Figure", "Original", "Obtained"),
        rows=tuple((label(row), shown(row.before), row.obtained) for row in rows),
        widths=(0.55, 0.25, 0.2),
        right=(1,),
    )


def _threshold(policy: Policy | None, *path: str, most: bool = False) -> float | None:
    values = [
        bound
        for requirement in (policy.requirements if policy else ())
        if _fits(requirement.figure, path)
        and (bound := requirement.at_most if most else requirement.at_least) is not None
    ]
    if not values:
        return None
    return min(values) if most else max(values)


def _fits(figure: tuple[str, ...], path: tuple[str, ...]) -> bool:
    return len(figure) == len(path) and all(
        want == "*" or have in ("*", want) for have, want in zip(figure, path, strict=True)
    )


def _figures(assessment: Assessment) -> list[Section]:
    before, after, policy = assessment.before, assessment.after, assessment.policy
    found = [
        class_sizes(before, after),
        cumulative_risk(before, after, size=_size(assessment)),
        risk_bands(before, after),
        column_separation(before),
        diversity(
            before, after,
            at_least=_threshold(policy, "models", "l-diversity", "*", "distinct"),
        ),
        closeness(
            before, after,
            at_most=_threshold(policy, "models", "t-closeness", "*", "equal", most=True),
        ),
    ]  # fmt: skip
    charts = tuple(Chart(spec=spec) for spec in found if spec is not None)
    return [
        Section(
            title="6 Figures",
            blocks=(
                Paragraph(
                    text="Grey is the original, blue is the table now. Each chart shows figures of "
                    "section 5; the title says what to see."
                    if after is not None
                    else "Each chart shows figures of section 5; the title says what to see."
                ),
                *charts,
            ),
            new_page=True,
        )
    ]


def _recipe(assessment: Assessment) -> Section:
    lines = recipe_lines(assessment)
    blocks: list[Block] = []
    if assessment.recipe_text and not assessment.elsewhere:
        steps = tuple((str(i), line) for i, line in enumerate(lines, start=1))
        blocks.append(Table(head=("Step", "What it does"), rows=steps, widths=(0.1, 0.9)))
        changed = tuple(
            (shorten(row.name), row.action)
            for row in assessment.attributes
            if row.action != "as in the original"
        )
        if changed:
            blocks.append(
                Table(head=("Column", "What became of it"), rows=changed, widths=(0.3, 0.7))
            )
        left = assessment.shared.value("classes", "suppressed_records")
        if left is not None:
            blocks.append(Paragraph(text=f"Rows left out: {format_count(left)}."))
        blocks.append(
            Paragraph(
                text="The recipe is attached to this file as recipe.json: rule parameters and "
                "digests, no values. Hierarchies are separate files, named by their SHA-256.",
                style="note",
            )
        )
    else:
        blocks.append(Paragraph(text=" ".join(lines)))
    return Section(title="7 Recipe", blocks=tuple(blocks), new_page=True)


def _utility(assessment: Assessment) -> list[Section]:
    rows = [
        row
        for row in figure_rows(assessment)
        if row.section == UTILITY and row.obtained != "not computed" and row.unit == "quality"
    ]
    blocks: list[Block] = []
    if assessment.after is None:
        blocks.append(Paragraph(text="Nothing was done to the table, so no detail is lost."))
    elif rows:
        blocks.append(
            Paragraph(
                text="How much of the original's detail is left. 100 % is as the original, 0 % is "
                "nothing; rows left out count as fully lost."
            )
        )
        blocks.append(figure_table(rows, assessment))
        losses = column_losses(assessment.after)
        if losses:
            blocks.append(Chart(spec=loss_by_column(losses)))
    else:
        blocks.append(Paragraph(text="No figure of utility was computed."))
    sections = [Section(title="8 Utility", blocks=tuple(blocks))]
    released = assessment.after is not None
    shown = list(assessment.shared.distributions.items())
    charts: list[Block] = [
        Chart(spec=distribution(column, bins[:MOST_BINS], released=released))
        for column, bins in shown[:MOST_DISTRIBUTIONS]
        if bins
    ]
    if charts:
        rest = len(shown) - MOST_DISTRIBUTIONS
        if rest > 0:
            charts.append(Paragraph(text=f"{rest} more columns are not drawn.", style="note"))
        sections.append(Section(title="Distributions", level=2, blocks=tuple(charts)))
    return sections


def _verdicts(assessment: Assessment) -> list[Section]:
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
                text=f"{policy.title}. Status: {policy.status}. Source: {described or 'not given'}. "
                f"{checked} {policy.note}".strip()
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
    return [
        Section(title="9 Verdicts against the policy", blocks=tuple(blocks), new_page=True),
        _overall(assessment),
    ]


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
        (f"{n} {word}", *(cell(n, column) for column in WORDS))
        for n, word in SEVERITY_WORDS.items()
    )
    return Section(
        title="How the overall verdict follows",
        level=2,
        blocks=(
            Paragraph(text=_likelihood_words(assessment)),
            Bullets(items=tuple(pia["reasons"])),
            Table(head=head, rows=matrix, widths=(0.24, 0.19, 0.19, 0.19, 0.19)),
            Paragraph(
                text="Columns: likelihood. A smallest group of 20 or more is level 1, 11 to 19 is "
                "2, 5 to 10 is 3, below 5 is 4; a sensitive attribute that is the same for a whole "
                "group makes it 4. Status of this scale and matrix: product convention, anchored "
                "on cited precedents.",
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


def _answers(assessment: Assessment) -> Section:
    rows: list[tuple[str | Cell, ...]] = []
    for key, question in QUESTIONS.items():
        text = answer_text(assessment.answers, key)
        answer = Cell(text=text) if text else Cell(text="! Not answered", tone="conditions")
        rows.append((question, answer))
    rows += [
        (key.replace("_", " "), answer_text(assessment.answers, key) or "–")
        for key in assessment.answers
        if key not in QUESTIONS
    ]
    return Section(
        title="10 Questions and answers",
        blocks=(
            Paragraph(text="What no computation can know. Silence is not approval."),
            Table(head=("Question", "Answer"), rows=tuple(rows), widths=(0.5, 0.5)),
        ),
    )


__all__ = ["build_document", "figure_table", "file_name", "format_number"]
