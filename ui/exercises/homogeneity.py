"""Exercise 2: look-alikes who all have the same secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_data.inpatients import ANONYMOUS_LEVELS
from reports.chart_parts import alternative
from reports.charts import ChartSpec, Series
from reports.wording import format_count, format_risk, format_share
from risk.attribute_inference import Homogeneity
from risk.models.l_diversity import DistinctLDiversity
from ui.exercises.demos import example, group_labels, number, value_counts
from ui.exercises.exercise import Exercise, Lesson, Table

if TYPE_CHECKING:
    from microdata.measure import Context

SENSITIVE = "condition"
COLUMNS = ("zip", "age", "nationality")
NEIGHBOUR = ("130**", "3*", "*")
"""The group of a neighbour of 36 who lives in 13068."""
COARSER = {**ANONYMOUS_LEVELS, "age": 2}
NEIGHBOUR_COARSER = ("130**", "<40", "*")


def surest(context: Context, group: tuple[str, ...]) -> float:
    """Return the chance that a guess of the most frequent condition of a group is right."""
    counts = value_counts(context, SENSITIVE)[group_labels(context, COLUMNS).index(group)]
    return max(counts.values()) / sum(counts.values())


def make() -> Lesson:
    """Measure the 4-anonymous inpatients."""
    table = example("inpatients")
    context = table.released(ANONYMOUS_LEVELS)
    labels, counts = group_labels(context, COLUMNS), value_counts(context, SENSITIVE)
    sizes = context.classes.count.tolist()
    place = labels.index(NEIGHBOUR)
    answer = surest(context, NEIGHBOUR)
    conditions = tuple(sorted({name for held in counts for name in held}))
    names = tuple(f"{zip_code}, age {age}" for zip_code, age, _ in labels)
    series = tuple(
        Series(
            name=name,
            values=tuple(float(held.get(condition, 0)) for condition in conditions),
            tone="risk",
            texts=tuple(format_count(held.get(condition, 0)) for condition in conditions),
        )
        for name, held in zip(names, counts, strict=True)
    )
    condition = max(counts[place], key=lambda name: counts[place][name])
    coarser = table.released(COARSER)
    variety = DistinctLDiversity(column=SENSITIVE, diversity=2).value(coarser.classes)
    alike = Homogeneity().evaluate(context).figures["models", "homogeneity", SENSITIVE, "share"]
    return Lesson(
        scene=(
            f"A hospital shares {format_count(table.records)} inpatients. Postcode, age and "
            f"nationality are so coarse that everyone is in a group of {min(sizes)} look-alikes "
            f"({min(sizes)}-anonymous). You know that your neighbour, who is 36 and lives in "
            "13068, is among them: the group 130**, age 3*."
        ),
        shown=Table(
            title="The groups of look-alikes; each of their people also has a condition",
            head=("postcode", "age", "nationality", "people"),
            rows=tuple(
                (*label, format_count(size)) for label, size in zip(labels, sizes, strict=True)
            ),
        ),
        question="How sure can you be of your neighbour's condition?",
        label="Your prediction: a guess of the condition is right …",
        choices=(1 / 4, 1 / 3, 1 / 2, 1.0),
        answer=answer,
        finding=(
            f"It is {format_risk(answer)}: all "
            f"{sizes[place]} people of the group have the same condition, {condition.lower()}."
        ),
        chart=ChartSpec(
            id="learn-homogeneity",
            kind="map",
            title="In one group everybody has the same condition",
            categories=conditions,
            series=series,
            category_title="condition",
            value_title="people",
            maximum=float(max(sizes)),
            alt=alternative("People by group and condition.", conditions, series),
            note=(
                "Each cell: how many people of the group have the condition. "
                f"{format_share(number(alike))} of all inpatients are in a group with one "
                "condition only."
            ),
        ),
        why=(
            "k-anonymity counts look-alikes and does not look at what they have in common. Nobody "
            "was re-identified here, and yet the secret is out, because it is the same for the "
            "whole group. This is called homogeneity."
        ),
        protects=(
            "Ask for variety in every group (l-diversity). With age only as below or from 40, two "
            f"groups merge: every group then has at least {format_count(number(variety))} "
            "different conditions, and a guess of your neighbour's is right with a chance of "
            f"{format_risk(surest(coarser, NEIGHBOUR_COARSER))}."
        ),
        try_it=(
            "Take the demo “Twelve inpatients, solved by hand” on the page Data; on the page Risk "
            "open “What a group gives away”; on the page Reduce ask for different values in every "
            "group."
        ),
    )


HOMOGENEITY = Exercise(id="homogeneity", title="Same secret for all", make=make)
