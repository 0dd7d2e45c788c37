"""What two releases give away together, as a chart, a table and sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from microdata.measure import NotComputed
from reports.chart_parts import alternative, short_label
from reports.chart_set import BANDS
from reports.charts import ChartSpec, Series
from reports.wording import format_count, format_figure, format_risk, format_share
from risk.attacks.composition import Composition
from risk.attacks.joined import SIDES

TOGETHER = "both together"
SAFE = (
    "Together the two releases tell no more about anybody than one of them does alone, as long as "
    "nothing else is published of the same people."
)
NOT_ALL_KNOWN = (
    "No group of look-alikes gets smaller, but what the two releases rule out of sensitive values "
    "could not be computed. Publish one of the two only, where that matters."
)
ADVICE = (
    "Publish one of the two only, or derive the second from the first: leave out the same people, "
    "and make every column as coarse as in the first or coarser."
)


def composition_sentence(composition: Composition) -> str:
    """Return the message: the smallest groups together and alone, and how many people are found."""
    first, second, together = (int(composition.value("smallest", side)) for side in SIDES)
    found = int(composition.value("unique", "together"))
    message = f"Together, the two releases leave groups of {format_count(together)}"
    if found:
        people = "person" if found == 1 else "people"
        message += f": whoever holds both finds {format_count(found)} {people}"
    elif together < min(first, second):
        message += ", smaller than in either of them"
    return f"{message}. Alone: {format_count(first)} and {format_count(second)}."


def composition_advice(composition: Composition) -> str:
    """Return what to do about it."""
    ruled_out = [
        composition.figures["sensitive", name, "reduction"] for name in composition.sensitive
    ]
    known = [figure.value for figure in ruled_out if not isinstance(figure, NotComputed)]
    if composition.value("shrank") > 0 or any(value > 0 for value in known):
        return ADVICE
    return SAFE if len(known) == len(ruled_out) else NOT_ALL_KNOWN


def composition_chart(composition: Composition, names: tuple[str, str]) -> ChartSpec:
    """
    Return people by the size of their group, in each release and in both together.

    Parameters
    ----------
    composition : Composition
    names : (str, str)
        What the two releases are called.
    """
    series = (
        _series(short_label(names[0]), "before", composition.sizes["first"]),
        _series(short_label(names[1]), "now", composition.sizes["second"]),
        _series(TOGETHER, "risk", composition.sizes["together"]),
    )
    categories = tuple(label for label, _, _ in BANDS)
    return ChartSpec(
        id="composition",
        kind="columns",
        title=composition_sentence(composition),
        categories=categories,
        series=series,
        category_title="people in the same group of look-alikes",
        value_title="people",
        alt=alternative(
            "People in both releases by the size of their group of look-alikes.",
            categories,
            series,
        ),
        note=" ".join(composition.caveats),
    )


def _series(name: str, tone: Literal["before", "now", "risk"], sizes: Mapping[int, int]) -> Series:
    values = tuple(
        sum(
            people
            for size, people in sizes.items()
            if size >= low and (high is None or size <= high)
        )
        for _, low, high in BANDS
    )
    texts = tuple(format_count(value) for value in values)
    return Series(name=name, values=values, tone=tone, texts=texts)


def composition_rows(composition: Composition, names: tuple[str, str]) -> list[tuple[str, ...]]:
    """
    Return the table of the figures: a head, then a figure a row.

    Parameters
    ----------
    composition : Composition
    names : (str, str)
        What the two releases are called.
    """
    told: tuple[tuple[str, str, Callable[[float], str]], ...] = (
        ("Smallest group (k)", "smallest", format_count),
        ("Average risk of being found", "average", format_risk),
        ("People alone in their group (unique)", "unique", format_count),
        (f"People in groups below {composition.threshold}", "below", format_count),
    )
    rows = [
        (name, *(words(composition.value(key, side)) for side in SIDES))
        for name, key, words in told
    ]
    shrank = format_share(composition.value("shrank"))
    rows.append(("People whose group is smaller than in either", "", "", shrank))
    for column in composition.sensitive:
        name = short_label(column)
        for key, words in (
            ("disclosed", f"People whose {name} is given away (disclosed)"),
            ("new", f"People whose {name} neither alone gives away"),
            ("reduction", f"How much the possible values of {name} shrink on average"),
        ):
            alone = ("first", "second") if key == "disclosed" else ()
            shown = [
                format_figure(composition.figures["sensitive", column, place], "share")
                for place in (*alone, key)
            ]
            rows.append((words, *([""] * (len(SIDES) - len(shown))), *shown))
    for words, key in (
        ("People in both releases", "both"),
        (f"People in {short_label(names[0])} alone", "only_first"),
        (f"People in {short_label(names[1])} alone", "only_second"),
    ):
        rows.append((words, "", "", format_count(composition.value("people", key))))
    return [("figure", *(short_label(name) for name in names), TOGETHER), *rows]
