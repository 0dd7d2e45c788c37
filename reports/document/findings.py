"""Figures, uncounted attacks, recipe and utility: what was measured and done, as sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.chart_prediction import predicted_targets, prediction_scores
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
from reports.chart_uniqueness import (
    contributions,
    population_band,
    special_unique_sizes,
    unicity,
)
from reports.chart_utility import association_map, distribution_distances, query_error
from reports.document.metric_tables import figure_table
from reports.document.model import Block, Bullets, Chart, Paragraph, Section, Table
from reports.document.outline import numbered
from reports.figure_names import UTILITY
from reports.headline import policy_size
from reports.narrative import figure_rows, recipe_lines, uncounted_lines
from reports.sensitivity import columns_adding_risk, columns_driving_risk
from reports.wording import format_count, shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from risk.policy import Policy

MOST_DISTRIBUTIONS = 8
MOST_BINS = 16


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


def chart_section(assessment: Assessment) -> Section:
    """Return the charts of risk."""
    before, after, policy = assessment.before, assessment.after, assessment.policy
    found = [
        class_sizes(before, after),
        risk_bands(before, after),
        cumulative_risk(before, after, size=policy_size(assessment.policy)),
        columns_driving_risk(assessment.sensitivity),
        columns_adding_risk(assessment.sensitivity),
        column_separation(before),
        unicity(before, after),
        special_unique_sizes(before, after),
        contributions(after or before) or contributions(before),
        population_band(before, after),
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
    colours = "Grey is the original, blue is the table now. " if after is not None else ""
    text = f"{colours}Each chart shows figures of section 10; the title says what to see."
    return numbered("11", (Paragraph(text=text), *charts))


def uncounted_section(assessment: Assessment) -> list[Section]:
    """Return the attacks that the table is open to and no figure counts; none where it is not."""
    lines = uncounted_lines(assessment)
    if not lines:
        return []
    text = (
        "A score would mislead about these attacks, so there is none. Each is named because of "
        "the recipe, the policy or an answer of this assessment."
    )
    return [
        Section(
            title="Attacks that no figure counts",
            level=2,
            blocks=(Paragraph(text=text), Bullets(items=lines, tone="conditions")),
        )
    ]


def recipe_section(assessment: Assessment) -> Section:
    """Return the steps and what became of each column."""
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
    return numbered("12", blocks)


def utility_sections(assessment: Assessment) -> list[Section]:
    """Return what the release costs, and the shape of each column."""
    rows = [
        row
        for row in figure_rows(assessment)
        if row.section == UTILITY
        and row.obtained != "not computed"
        and row.unit == "quality"
        and len(row.path) == 2
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
    sections = [numbered("13", blocks)]
    released = assessment.after is not None
    shown = list(assessment.shared.distributions.items())
    charts: list[Block] = [
        Chart(spec=distribution(column, bins, released=released, most=MOST_BINS))
        for column, bins in shown[:MOST_DISTRIBUTIONS]
        if len(bins) > 1
    ]
    if charts:
        rest = len(shown) - MOST_DISTRIBUTIONS
        if rest > 0:
            charts.append(Paragraph(text=f"{rest} more columns are not drawn.", style="note"))
        sections.append(Section(title="Distributions", level=2, blocks=tuple(charts)))
    noticed = _for_analysts(assessment)
    if noticed:
        sections.append(Section(title="What an analyst would notice", level=2, blocks=noticed))
    return sections


def _for_analysts(assessment: Assessment) -> tuple[Block, ...]:
    """Return the charts of what an analysis of the release would find different."""
    before, after = assessment.before, assessment.after
    if after is None:
        return ()
    found = [
        association_map(before, after),
        distribution_distances(after),
        query_error(before, after),
        *(prediction_scores(after, target) for target in predicted_targets(after)),
    ]
    return tuple(Chart(spec=spec) for spec in found if spec is not None)
