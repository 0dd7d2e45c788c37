"""What a report was given on demand: how it is made again, and what of it cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microdata.release import Release
from reports.stage import Stage
from risk.second_opinion import Comparison
from risk.second_opinion.question import questions
from utility import on_demand_measures
from utility.prediction import ModelUtility
from utility.propensity import Propensity

if TYPE_CHECKING:
    from microdata.measure import Measure, Path
    from reports.case import Case
    from reports.saved_leaves import Leaves

PREDICTION, PROPENSITY = ("utility", "prediction"), ("utility", "propensity")
MOST_TARGETS = 5
"""For more columns than these no models are trained again: each takes seconds."""
_IMPOSSIBLE = "Not comparable, because "


@dataclass(frozen=True, kw_only=True)
class OnDemand:
    """
    What a report was given on demand.

    Parameters
    ----------
    measures : tuple of Measure
        Those that train models, as they were asked for.
    left_out : frozenset of str
        Columns whose models are not trained again.
    opinions : tuple of Comparison
        The second opinion.
    """

    measures: tuple[Measure, ...]
    left_out: frozenset[str]
    opinions: tuple[Comparison, ...]


def on_demand_of(saved: Mapping[str, Any], columns: Sequence[str]) -> OnDemand:
    """
    Return what a saved assessment was given on demand.

    Parameters
    ----------
    saved : mapping
    columns : sequence of str
        Of the table at hand: models are trained for no other.
    """
    stage = Stage.from_json(saved["after"] if "after" in saved else saved["before"])
    made = {path[:2] for path in stage.figures}
    targets = list(dict.fromkeys(path[2] for path in stage.figures if path[:2] == PREDICTION
                                 and len(path) > 2 and path[2] in columns))  # fmt: skip
    wanted = [kind for place, kind in ((PREDICTION, ModelUtility), (PROPENSITY, Propensity))
              if place in made]  # fmt: skip
    return OnDemand(
        measures=tuple(
            measure
            for measure in on_demand_measures(targets[:MOST_TARGETS])
            if isinstance(measure, tuple(wanted))
        ),
        left_out=frozenset(targets[MOST_TARGETS:]),
        opinions=tuple(map(Comparison.from_json, saved["second_opinion"])),
    )


def opinion_leaves(comparisons: Sequence[Comparison]) -> Leaves:
    """Return the statements of a second opinion, each at its place."""
    return {
        place: value
        for number, made in enumerate(comparisons, 1)
        for place, value in _leaves(made, _mark(made, comparisons[: number - 1]))
    }


def _mark(made: Comparison, before: Sequence[Comparison]) -> tuple[str, ...]:
    """Return what tells a comparison from earlier ones of the same figure."""
    earlier = sum(other.figure == made.figure for other in before)
    return (f"({earlier + 1})",) if earlier else ()


def _leaves(made: Comparison, mark: tuple[str, ...]) -> Iterator[tuple[Path, Any]]:
    for key, value in vars(made).items():
        if key != "figure":
            yield ("second_opinion", *made.figure, *mark, key), value


def answered_twice(
    said: tuple[Comparison, ...], now: tuple[Comparison, ...], case: Case
) -> tuple[tuple[Comparison, ...], tuple[Comparison, ...], dict[Path, str]]:
    """
    Return two second opinions with what the other program answered in both.

    Returns
    -------
    said, now : tuple of Comparison
        Where there was an answer once or never, both hold our figure alone, and nothing of theirs.
    unanswered : dict of Path to str
        The figures of which that is so, and why, as the end of a sentence.
    """
    if said == now or not now:
        return said, now, {}
    # What the table itself rules out is no accident of this computer, and is compared as it is.
    ruled_out = {made.figure: made for made in _ruled_out(case)}
    now = tuple(ruled_out.get(made.figure, made) for made in now)
    here = {made.figure: made for made in now}
    unanswered = {}
    for made in said:
        again = here.get(made.figure)
        if again is None or again == made or made.figure in ruled_out:
            continue
        if again.theirs is None:
            unanswered[made.figure] = again.why.removeprefix(_IMPOSSIBLE).rstrip(".")
        elif made.theirs is None:
            unanswered[made.figure] = (
                "pycanon gave no answer when the report was made; here its figure "
                f"{'is the same' if again.verdict == 'agrees' else 'is another one'}"
            )
    return _alone(said, unanswered), _alone(now, unanswered), unanswered


def _ruled_out(case: Case) -> Iterator[Comparison]:
    source = case.encoded()
    context = case.context(case.release(source) or Release.original(source))
    for question in questions(context):
        if question.hindrance:
            yield Comparison.impossible(question, question.hindrance)


def _alone(
    comparisons: tuple[Comparison, ...], unanswered: Mapping[Path, str]
) -> tuple[Comparison, ...]:
    return tuple(
        Comparison(
            figure=made.figure,
            ours=made.ours if made.reported is None else made.reported,
            theirs=None,
            verdict="not comparable",
            why="",
        )
        if made.figure in unanswered
        else made
        for made in comparisons
    )
