"""How well a model that is trained on the release predicts people whom it has not seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from utility.prediction.models import interval, one_thread
from utility.prediction.splits import HELD_OUT, content_order, splits
from utility.prediction.target import target_of
from utility.prediction.trials import BASELINE, ORIGINAL, RELEASE, Key, Trial, score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from microdata.measure import Context

__all__ = [
    "BASELINE",
    "MOST_ROWS",
    "ORIGINAL",
    "RELEASE",
    "REPEATS",
    "ModelUtility",
    "model_utility",
]

REPEATS = 5
MOST_ROWS = 10_000
FEWEST_ROWS = 50


@dataclass(frozen=True, kw_only=True)
class ModelUtility:
    """
    How well a model trained on the release predicts people of the original whom it never saw.

    Some rows of the original are held out, by the original alone and before anything is done to
    it. Models learn from the others, once as they are in the original and once as the release
    writes them, to predict a sensitive attribute from the quasi-identifiers; the held-out rows,
    recoded as the release was, test both. The baseline always says the most frequent value, or
    the mean. The relative score is (A_release - A_baseline) / (A_original - A_baseline).

    Parameters
    ----------
    targets : tuple of str
        What is predicted, each by a model of its own; empty for the first sensitive attribute.
    repeats : int
        Random splits.
    most_rows : int
        Of a larger table about so many rows are drawn, by seed.

    References
    ----------
    Brickell & Shmatikov (2008), The cost of privacy, KDD; Nadeau & Bengio (2003), Inference for
    the generalization error, Machine Learning 52.
    """

    name: ClassVar[str] = "model-utility"
    title: ClassVar[str] = "Predictions by trained models"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Brickell & Shmatikov 2008"
    interactive: ClassVar[bool] = False

    targets: tuple[str, ...] = ()
    repeats: int = REPEATS
    most_rows: int = MOST_ROWS

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        if not context.roles.quasi_identifiers:
            return NotComputed(reason="No column is marked as a quasi-identifier.")
        if context.release.origin is not None:
            return NotComputed(
                reason="The release was made elsewhere and does not say which of its rows is "
                "whose, so people cannot be kept out of the training to test on them."
            )
        if not (self.targets or context.roles.sensitive):
            return NotComputed(
                reason="No column is marked as sensitive, so there is nothing to predict. Name a "
                "column."
            )
        return None

    def evaluate(self, context: Context) -> MeasureResult:
        """Train and test the models."""
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(figures={("utility", "prediction"): reason})
        figures: dict[Path, Figure] = {}
        for target in self.targets or context.roles.sensitive[:1]:
            figures |= model_utility(
                context,
                target,
                seed=context.seed,
                repeats=self.repeats,
                most_rows=self.most_rows,
            ).figures
        return MeasureResult(figures=figures)


def model_utility(
    context: Context,
    target: str,
    *,
    seed: int,
    repeats: int = REPEATS,
    most_rows: int = MOST_ROWS,
) -> MeasureResult:
    """
    Train and test models that predict one column; see `ModelUtility`.

    Parameters
    ----------
    context : Context
        Of a release that was made here.
    target : str
        A column of the original. Up to 20 different values are predicted as such and scored by
        accuracy and AUC; more numbers, or dates, by R^2.
    seed : int
    repeats, most_rows : int
    """
    path: Path = ("utility", "prediction", target)
    release = context.release
    release.source.domain(target)  # refuses a column that the table does not have
    wanted = target_of(release, target)
    if isinstance(wanted, NotComputed):
        return MeasureResult(figures={path: wanted})
    order = content_order(release.source, [*context.roles.quasi_identifiers, target])
    rows = order[wanted.drawn[order]]
    made = splits(
        release.source,
        rows,
        wanted.stratum[rows],
        person=context.roles.person,
        seed=seed,
        repeats=repeats,
        most_rows=most_rows,
    )
    trials = [Trial.of(split, wanted, context) for split in made]
    reason = _too_few(target, trials)
    if reason is not None:
        return MeasureResult(figures={path: reason})
    caveats = _caveats(context, target, rows.size, most_rows)
    how = Estimate(
        value=0.0,
        method=f"mean of {repeats} random splits",
        seed=seed,
        caveats=(*wanted.caveats, *caveats),
    )
    with one_thread():
        scores = [score(context, target, wanted, trial) for trial in trials]
    ratio = float(np.mean([trial.test.size / trial.own.size for trial in trials]))
    return MeasureResult(figures=_figures(path, scores, ratio, how))


def _too_few(target: str, trials: Sequence[Trial]) -> NotComputed | None:
    if min(trial.own.size + trial.test.size for trial in trials) < FEWEST_ROWS:
        return NotComputed(
            reason=f"Fewer than {FEWEST_ROWS} rows have a value in the column {target!r}, too few "
            "to train a model on some and test it on others."
        )
    if min(trial.taught.size for trial in trials) < FEWEST_ROWS // 2:
        return NotComputed(
            reason=f"The release keeps fewer than {FEWEST_ROWS // 2} rows to learn from, too few "
            "to train a model."
        )
    return None


def _figures(
    path: Path, scores: Sequence[Mapping[Key, float]], ratio: float, how: Estimate
) -> dict[Path, Figure]:
    """Return the mean of each score with its interval, and the relative scores."""
    figures: dict[Path, Figure] = {}
    # A metric that one split does not allow is left out of all.
    keys = [key for key in scores[0] if all(key in found for found in scores)]
    values = {key: np.array([found[key] for found in scores]) for key in keys}
    for (model, metric, trained_on), found in values.items():
        place = (*path, model, metric)
        band = interval(found, ratio)
        least = -np.inf if metric == "r_squared" else 0.0
        figures[place if model == BASELINE else (*place, trained_on)] = replace(
            how,
            value=float(found.mean()),
            low=None if band is None else float(np.clip(band[0], least, 1.0)),
            high=None if band is None else float(np.clip(band[1], least, 1.0)),
            method=how.method if band is None else f"{how.method}, 95 % by Nadeau and Bengio",
        )
        if trained_on == RELEASE:
            base = values[BASELINE, metric, ORIGINAL].mean()
            figures[*place, "relative"] = _relative(
                float(found.mean() - base),
                float(values[model, metric, ORIGINAL].mean() - base),
                how,
            )
    return figures


def _relative(gain: float, gain_of_original: float, how: Estimate) -> Figure:
    if gain_of_original <= 0:
        return NotComputed(
            reason="A model that is trained on the original predicts no better than always saying "
            "the same, so the release has nothing to lose."
        )
    return replace(
        how,
        value=gain / gain_of_original,
        caveats=(*how.caveats, "May be above 1 or below 0 by chance."),
    )


def _caveats(context: Context, target: str, rows: int, most_rows: int) -> tuple[str, ...]:
    """Return what a reader of every score must know."""
    release = context.release
    held_out = (
        f"{HELD_OUT:.0%} of the rows are held out, whole people where rows of one person are "
        "known; they are never trained on. They are drawn from the original before anything is "
        "done to it."
    )
    found = [held_out]
    if rows > most_rows:
        found.append(f"About {most_rows:,} of {rows:,} rows are drawn at random for it.")
    if release.suppressed_records:
        found.append("Rows that the release leaves out are tested on, but not learnt from.")
    columns = [column for column in context.roles.quasi_identifiers if column != target]
    published = [release.columns[column] for column in columns if column in release.columns]
    if any(column.perturbed for column in published):
        found.append(
            "Columns with noise or swapped values are tested with their original values, since "
            "nobody adds noise to the people whom a model is asked about."
        )
    if any(column.lookup is None and not column.perturbed for column in published):
        found.append(
            "Columns that are made coarser group by group have no rule for new people: those who "
            "are held out are tested as the release would write them."
        )
    if len(published) < len(columns):
        found.append("Columns that the release does not publish are not learnt from.")
    return tuple(found)
