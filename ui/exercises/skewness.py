"""Exercise 3: different values in a group, and yet far more of one than anywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.chart_parts import alternative
from reports.charts import ChartSpec, Series
from reports.wording import format_count, format_number, format_share
from risk.models.l_diversity import DistinctLDiversity
from risk.models.t_closeness import TCloseness
from ui.exercises.demos import example, number, value_counts
from ui.exercises.exercise import Exercise, Lesson

if TYPE_CHECKING:
    from microdata.measure import Context

SENSITIVE = "special_needs"
RARE = "Speech"
LEVELS = {"year_of_birth": 2, "class": 2, "postcode": 3, "language_at_home": 1}
SMALLEST = 5
CLOSE = 0.2


def shares_of(context: Context) -> list[float]:
    """Return the share of each group that has the rare value."""
    return [held.get(RARE, 0) / sum(held.values()) for held in value_counts(context, SENSITIVE)]


def make() -> Lesson:
    """Measure the school table in groups of five or more."""
    table = example("school")
    sizes_only = f"k-anonymity={SMALLEST}"
    context = table.released(LEVELS, sizes_only)
    contingency = context.classes.sensitive[SENSITIVE]
    overall = dict(zip(contingency.labels, contingency.overall.tolist(), strict=True))
    counts = value_counts(context, SENSITIVE)
    sizes = [sum(held.values()) for held in counts]
    shares = shares_of(context)
    place = shares.index(max(shares))
    answer = shares[place]
    variety = number(DistinctLDiversity(column=SENSITIVE, diversity=2).value(context.classes))
    model = TCloseness(column=SENSITIVE, distance="equal", t=CLOSE)
    distance = float(model.per_class(context.classes)[place])
    protected = table.released(LEVELS, sizes_only, model.text())
    fewer = context.classes.n_records - protected.classes.n_records
    needs = tuple(sorted(overall, key=lambda name: -overall[name]))
    series = (
        Series(
            name="all pupils",
            values=tuple(overall[name] for name in needs),
            tone="before",
            texts=tuple(format_share(overall[name]) for name in needs),
        ),
        Series(
            name=f"this group of {sizes[place]}",
            values=tuple(counts[place].get(name, 0) / sizes[place] for name in needs),
            tone="risk",
            texts=tuple(format_share(counts[place].get(name, 0) / sizes[place]) for name in needs),
        ),
    )
    return Lesson(
        scene=(
            f"A school shares its {format_count(table.records)} pupils in groups of "
            f"look-alikes of at least {context.classes.k}. Every group has at least "
            f"{format_count(variety)} different kinds of support, so no group gives away a secret "
            f"that all of it have. Help with speech is rare: {format_share(overall[RARE])} of all "
            "pupils get it."
        ),
        question=(
            "Look at the group in which help with speech is most frequent. How many of 100 of its "
            "pupils get it?"
        ),
        label="Your prediction: of 100 pupils of that group, so many get help with speech",
        answer=answer,
        finding=(
            f"{counts[place][RARE]} of the {sizes[place]} pupils of one group get help with speech "
            f"({format_share(answer)}), {format_number(answer / overall[RARE])} times the share of "
            "the whole school."
        ),
        chart=ChartSpec(
            id="learn-skewness",
            kind="bars",
            title="In one group help with speech is many times as frequent",
            categories=needs,
            series=series,
            category_title="support",
            value_title="share of the pupils",
            percent=True,
            maximum=1.0,
            alt=alternative("Shares of each kind of support.", needs, series),
            note=(
                f"The two distributions are {format_number(distance)} apart, of at most 1 "
                "(t-closeness): so large a share of the group would have to change for it to look "
                "like the whole school."
            ),
        ),
        why=(
            "Different values are not enough. Who knows that a child is in this group has learnt a "
            "lot: a rare thing became almost as likely as the toss of a coin. How the values of a "
            "group are spread differs from the whole table, which is called skewness. Insurers, "
            "employers and neighbours act on likelihood, not only on certainty."
        ),
        protects=(
            "Ask that every group is spread like the whole table (t-closeness). With a distance of "
            f"at most {format_number(CLOSE)}, {format_count(fewer)} more pupils are left out here, "
            f"or the columns must be coarser. In what is left, help with speech is at most "
            f"{format_share(max(shares_of(protected)))} of a group."
        ),
        try_it=(
            "Take the demo “Pupils of one school” on the page Data; on the page Risk open “What a "
            "group gives away”; on the page Reduce ask for the largest shift of a group's shares."
        ),
    )


SKEWNESS = Exercise(id="skewness", title="A rare thing made likely", make=make)
