"""The charts of a simulated attack: how many candidates are left, and how sure a claim is."""

from __future__ import annotations

from reports.attacks import AttackReport
from reports.chart_parts import MOST, alternative, short_label
from reports.charts import ChartSpec, Series
from reports.wording import format_count, format_share, join_names
from risk.attacks.result import SIZE_BANDS, CurvePoint, SubsetResult


def _where(report: AttackReport) -> str:
    """Return of which table a chart tells, where it is not the one that would be shared."""
    alone = report.after is not None and "now" not in report.results
    return "In the original: " if alone else ""


def _compared(values: dict[str, tuple[float, ...]]) -> tuple[Series, ...]:
    return tuple(
        Series(
            name=name,
            values=shares,
            tone="before" if name == "original" else "now",
            texts=tuple(map(format_share, shares)),
        )
        for name, shares in values.items()
    )


def _source(report: AttackReport, *, draws: str = "") -> str:
    """Return whose figures a chart shows and how they were obtained, as the end of its note."""
    result = list(report.results.values())[-1]
    how = "Exact."
    if result.interval is not None:
        how = f"Estimated: {draws or result.interval.method}; seed {result.seed}."
    return f"{report.name}, {result.attacker}. {how}"


def candidate_sizes(report: AttackReport) -> ChartSpec | None:
    """Return people by how many records fit what the attacker knows of them."""
    outcomes = report.results
    if not outcomes:
        return None
    categories = ("0", *SIZE_BANDS)
    series = _compared(
        {
            name: (
                result.value("candidates", "none"),
                *(result.value("candidates", "share", band) for band in SIZE_BANDS),
            )
            for name, result in outcomes.items()
        }
    )
    alone = series[-1].values[1]
    said = f"{format_share(alone)} of people are" if alone else "nobody is"
    title = f"{said} left with a single candidate"
    if len(series) > 1:
        was = series[0].values[1]
        title = f"Now {title}; in the original {format_share(was) if was else 'nobody'}"
    return ChartSpec(
        id="attack-candidates",
        kind="columns",
        title=_where(report) + title[0].upper() + title[1:],
        categories=categories,
        series=series,
        category_title="records that fit what the attacker knows (candidates)",
        value_title="share of the people looked for",
        percent=True,
        alt=alternative(f"Candidates that {report.name} is left with.", categories, series),
        note=_source(report),
    )


def claim_curve(report: AttackReport) -> ChartSpec | None:
    """Return how many claims are right, and how many people they reach, by how sure one must be."""
    outcomes = report.results
    if not outcomes:
        return None
    result = list(outcomes.values())[-1]
    points = [point for point in result.curve if point.precision is not None]
    if not points:
        return None
    categories = tuple(map(_at_most, points))
    series = (
        Series(
            name="right claims (precision)",
            values=tuple(point.precision or 0.0 for point in points),
            tone="risk",
            texts=tuple(format_share(point.precision or 0.0) for point in points),
        ),
        Series(
            name="rightly claimed (recall)",
            values=tuple(point.recall or 0.0 for point in points),
            tone="neutral",
            texts=tuple(format_share(point.recall or 0.0) for point in points),
        ),
    )
    first = points[0]
    title = (
        f"Claims about people with {_at_most(first)} are right in "
        f"{format_share(first.precision or 0.0)} of cases"
    )
    return ChartSpec(
        id="attack-claims",
        kind="bars",
        title=_where(report) + title,
        categories=categories,
        series=series,
        category_title="claims a match where there is",
        value_title="share",
        percent=True,
        maximum=1.0,
        alt=alternative(f"How sure {report.name} can be.", categories, series),
        note=(
            "The more candidates the attacker accepts, the more people are claimed and the more "
            f"often the claim is wrong. {_source(report)}"
        ),
    )


def _at_most(point: CurvePoint) -> str:
    size = round(1 / point.confidence)
    return "a single candidate" if size == 1 else f"up to {format_count(size)} candidates"


def worst_subsets(report: AttackReport) -> ChartSpec | None:
    """Return whom the attacker finds who knows the worst one, two, three ... of the columns."""
    outcomes = report.results
    found = {
        name: {len(subset.columns): subset for subset in result.frontier}
        for name, result in outcomes.items()
    }
    shared = list(found.values())[-1] if found else {}
    numbers = sorted(shared)[:MOST]
    top = {
        name: tuple(_first_guess(worst.get(number)) for number in numbers)
        for name, worst in found.items()
    }
    values = {
        name: tuple(share for share in shares if share is not None) for name, shares in top.items()
    }
    if not numbers or any(len(shares) < len(numbers) for shares in values.values()):
        return None
    series = _compared(values)
    categories = tuple(
        f"{number}: {short_label(join_names(shared[number].columns))}" for number in numbers
    )
    others = (
        "The columns named are the worst ones of the table that would be shared; the original may "
        "have others. "
        if "now" in outcomes
        else ""
    )
    share = format_share(series[-1].values[-1])
    who = "the worst column" if numbers[-1] == 1 else f"the worst {numbers[-1]} columns"
    return ChartSpec(
        id="attack-subsets",
        kind="bars",
        title=f"{_where(report)}Whoever knows {who} finds {share} of people with a first guess",
        categories=categories,
        series=series,
        category_title="columns known: the worst of each number",
        value_title="found with the first guess",
        percent=True,
        alt=alternative("People found by the worst columns of each number.", categories, series),
        note=f"{others}{_source(report, draws='one draw of errors and people only')}",
    )


def _first_guess(subset: SubsetResult | None) -> float | None:
    return None if subset is None else subset.top_1
