"""Exercise 5: what larger groups cost."""

from __future__ import annotations

from dataclasses import dataclass

from reports.chart_parts import alternative
from reports.charts import ChartSpec, Series
from reports.wording import format_count, format_share
from transforms.search import search, search_problem
from ui.exercises.demos import Example, example, number
from ui.exercises.exercise import Exercise, Lesson
from utility.information_loss import Granularity

SIZES = (2, 5, 10, 20, 50)
KNOWN_SIZE, BETWEEN, ASKED_SIZE = 5, 10, 20
MOST_LEFT_OUT = 0.05


@dataclass(frozen=True, kw_only=True)
class Best:
    """The best release for one size of group: what it keeps, and how many groups it has."""

    kept: float
    groups: int
    smallest: int
    left_out: int


def best(table: Example, size: int) -> Best:
    """Return the release that loses least among those with groups of at least `size`."""
    problem = search_problem(
        table.case.roles, require=[f"k-anonymity={size}"], suppression_limit=MOST_LEFT_OUT
    )
    recipe = search(problem, table.source).recipe
    if recipe is None:
        raise RuntimeError("the school table has a release for every size asked")
    context = table.after(recipe)
    figure = Granularity().evaluate(context).figures["utility", "granularity"]
    return Best(
        kept=number(figure),
        groups=context.classes.n_classes,
        smallest=context.classes.k,
        left_out=context.release.suppressed_records,
    )


def make() -> Lesson:
    """Look for the best release of the school table for each size of group."""
    table = example("school")
    found = {size: best(table, size) for size in SIZES}
    known, asked = found[KNOWN_SIZE], found[ASKED_SIZE]
    categories = tuple(str(size) for size in SIZES)
    series = Series(
        name="detail kept",
        values=tuple(found[size].kept for size in SIZES),
        tone="utility",
        texts=tuple(format_share(found[size].kept) for size in SIZES),
    )
    return Lesson(
        scene=(
            f"The school looks for the best way to share its {format_count(table.records)} "
            "pupils. Every pupil shall be in a group of look-alikes of at least "
            f"{KNOWN_SIZE}, at most {format_share(MOST_LEFT_OUT)} of the pupils may be left out. "
            "Of all choices of levels, the best one keeps "
            f"{format_share(known.kept)} of the detail of the table."
        ),
        question=(
            f"The data protection officer asks for groups of at least {ASKED_SIZE}, "
            f"{ASKED_SIZE // KNOWN_SIZE} times as many. How much of the detail can be kept?"
        ),
        label=f"Your prediction: per cent of the detail kept with groups of {ASKED_SIZE}",
        answer=asked.kept,
        finding=(
            f"With groups of at least {ASKED_SIZE} the best release keeps "
            f"{format_share(asked.kept)} of the detail, where groups of {KNOWN_SIZE} kept "
            f"{format_share(known.kept)}."
        ),
        chart=ChartSpec(
            id="learn-trade-off",
            kind="columns",
            title="Detail goes in steps, not in proportion to the size of the groups",
            categories=categories,
            series=(series,),
            category_title="every group has at least so many people",
            value_title="detail kept",
            percent=True,
            maximum=1.0,
            alt=alternative("Detail kept by the least size of a group.", categories, [series]),
            note=(
                "100 % is the table as it was collected. The best release for each size is proven "
                "to be the best choice of levels."
            ),
            table=(
                ("at least", "detail kept", "groups", "smallest group", "pupils left out"),
                *(
                    (
                        str(size),
                        format_share(best_of.kept),
                        format_count(best_of.groups),
                        format_count(best_of.smallest),
                        format_count(best_of.left_out),
                    )
                    for size, best_of in found.items()
                ),
            ),
        ),
        why=(
            "Levels are coarse: a postcode has five digits, then four, then three, then none. One "
            "step up can make groups far larger than was asked, so a stricter rule may cost little "
            "or nothing, and the next one a lot. The best release for groups of "
            f"{BETWEEN} already has a smallest group of {found[BETWEEN].smallest}."
        ),
        protects=(
            "There is no free protection and no fixed price. Look at the whole trade before you "
            "choose a rule, and spend detail on the columns that your users need least. Leaving "
            f"out a few people helps: here {asked.left_out} pupils."
        ),
        try_it=(
            "Take the demo “Pupils of one school” on the page Data; on the page Reduce press "
            "“Suggest the least loss” and open “The trade”."
        ),
    )


TRADE_OFF = Exercise(id="trade-off", title="What protection costs", make=make)
