"""Exercise 4: two releases, each with large groups, together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from microdata.measure import NotComputed
from reports.chart_parts import alternative
from reports.charts import ChartSpec, Series
from reports.wording import format_count, format_share
from risk.attacks.composition import Composition, compose
from ui.exercises.demos import example
from ui.exercises.exercise import Exercise, Lesson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from microdata.measure import Context

SMALLEST = 5
SENSITIVE = "special_needs"
FIRST = {"sex": 1, "postcode": 3}
"""By class, nothing else."""
SECOND = {"class": 3}
"""By postcode and sex, nothing else."""
DERIVED = {**FIRST, "class": 1}
"""By school year: the first release made coarser."""
BANDS = ((1, 1, "alone"), (2, 4, "2 to 4"), (5, 9, "5 to 9"), (10, 24, "10 to 24"),
         (25, None, "25 or more"))  # fmt: skip
SERIES: tuple[tuple[str, str, Literal["before", "now", "risk"]], ...] = (
    ("first", "by class", "before"),
    ("second", "by postcode and sex", "now"),
    ("together", "both together", "risk"),
)


def together(first: Context, second: Context) -> Composition:
    """Return what two releases of the school table give away together."""
    found = compose(first, second, threshold=SMALLEST)
    if isinstance(found, NotComputed):
        raise TypeError(found.reason)
    return found


def people_by_band(sizes: Mapping[int, int]) -> tuple[int, ...]:
    """Return how many people are in groups of each band of sizes."""
    return tuple(
        sum(n for size, n in sizes.items() if size >= low and (high is None or size <= high))
        for low, high, _ in BANDS
    )


def make() -> Lesson:
    """Lay two releases of the school table over each other."""
    table = example("school", ("class", "sex", "postcode"))
    first, second = table.released(FIRST), table.released(SECOND)
    both = together(first, second)
    answer = both.value("unique", "together") / table.records
    below = both.value("below", "together")
    derived = together(first, table.released(DERIVED))
    categories = tuple(words for _, _, words in BANDS)
    bands = {side: people_by_band(both.sizes[side]) for side, _, _ in SERIES}
    series = tuple(
        Series(
            name=name,
            values=tuple(float(people) for people in bands[side]),
            tone=tone,
            texts=tuple(format_count(people) for people in bands[side]),
        )
        for side, name, tone in SERIES
    )
    given_away = both.value("sensitive", SENSITIVE, "new")
    return Lesson(
        scene=(
            f"A school shares a table of its {format_count(table.records)} pupils by class: the "
            f"smallest group has {first.classes.k}. Later the bus company gets the same pupils by "
            f"postcode and sex: the smallest group has {second.classes.k}. Both tables keep the "
            f"usual limit of {SMALLEST}. So that grades can be added later, both carry the same "
            "made-up pupil number."
        ),
        question=(
            "Somebody gets hold of both tables and joins them by that number. How many of 100 "
            "pupils are now alone, with nobody like them?"
        ),
        label="Your prediction: of 100 pupils, so many are alone in both tables together",
        answer=answer,
        finding=(
            f"Together, the two tables leave {format_count(both.value('unique', 'together'))} of "
            f"{format_count(table.records)} pupils alone ({format_share(answer)}), and "
            f"{format_count(below)} ({format_share(below / table.records)}) in groups below "
            f"{SMALLEST}."
        ),
        chart=ChartSpec(
            id="learn-composition",
            kind="bars",
            title="Each table alone keeps the limit of 5; together they do not",
            categories=categories,
            series=series,
            category_title="people in the group",
            value_title="pupils in groups of this size",
            alt=alternative("Pupils by the size of their group.", categories, series),
            note=(
                "The smallest group: "
                f"{first.classes.k} by class, {second.classes.k} by postcode and sex, "
                f"{format_count(both.value('smallest', 'together'))} in both together."
            ),
        ),
        why=(
            "k-anonymity is a promise about one table. A second table about the same people cuts "
            "every group of the first one into pieces, and no limit on either table stops that. "
            "This is called composition. It happens with a pupil number, with rows in the same "
            "order, or with any column that both tables have. Even without any of these, for "
            f"{format_count(round(given_away * table.records))} pupils only one kind of support is "
            "possible in both of their groups, where neither table alone gave it away."
        ),
        protects=(
            "Keep a list of what was shared, and measure a new table together with the former "
            "ones. Derive a second table from the first by making it coarser: by school year in "
            "place of by class, the two together still have groups of at least "
            f"{format_count(derived.value('smallest', 'together'))}. Never give the same numbers "
            "to two tables."
        ),
        try_it=(
            "Take the demo “Pupils of one school” on the page Data; on the page Reduce save two "
            "versions and open “Compare”."
        ),
    )


COMPOSITION = Exercise(id="composition", title="Two releases together", make=make)
