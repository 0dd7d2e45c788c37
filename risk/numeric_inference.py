"""How near a guess from the look-alikes comes to a person's number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.grouping import person_numbers
from microdata.kernels import group_keys
from microdata.measure import Context, Estimate, Figure, NotComputed, Path
from microdata.numbers import NUMERIC, leaf_numbers, released_numbers
from risk import inference_kernels
from risk.attribute_inference import EVERYBODY_GUESSED, absent_values
from risk.class_measures import AttributeMeasure
from risk.models.base import TIE
from risk.numeric_labels import in_number_order, original_numbers, value_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 0.1
KEYS = tuple(
    f"{figure}{control}"
    for figure in ("within_10_percent", "median_error")
    for control in ("", "_prior", "_leave_one_out")
)
AS_RELEASED = (
    "The release was made elsewhere, so its own values are taken for the true ones of its rows."
)


@dataclass(frozen=True, eq=False, kw_only=True)
class GuessedPeople:
    """
    The people of each class by the number that the release gives them and their true one.

    Parameters
    ----------
    offsets : int64[m + 1]
    released : float64[p]
        Ascending within each class.
    true : float64[p]
    n : int64[p]
    """

    offsets: NDArray[np.int64]
    released: NDArray[np.float64]
    true: NDArray[np.float64]
    n: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class NumericInference(AttributeMeasure):
    """
    How often the median of the class is near a person's true number, beside a guess and a control.

    The attacker guesses the median of the released numbers of the class; the prior is the median
    of the original table for everyone; the leave-one-out control guesses from the others of the
    class, and for whoever is alone the prior. Of two middle numbers the lower one is taken.

    Notes
    -----
    A guess g of the true number x is near if |g - x| <= 0.1 |x|, so 0 must be guessed exactly.
    The median error is the (lower) median over people of |g - x|, as a share of the range of the
    original column. A released value that stands for several numbers is guessed by their mean.
    Missing values are left out.

    References
    ----------
    Giomi et al. 2023, where the difference is held against the signed guess instead.
    """

    name: ClassVar[str] = "numeric-inference"
    place: ClassVar[str] = "inference"
    title: ClassVar[str] = "Inference of numbers from look-alikes"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Giomi et al. 2023, for the control"
    interactive: ClassVar[bool] = False

    def of_attribute(self, context: Context, column: str) -> dict[Path, Figure]:
        """Compute the figures of one attribute; none where it is no number."""
        if context.release.domain(column).kind not in NUMERIC:
            return {}
        return {("number", key): figure for key, figure in _near(context, column).items()}


def _near(context: Context, column: str) -> dict[str, Figure]:
    absent = absent_values(context.classes, column)
    if absent is not None:
        return dict.fromkeys(KEYS, absent)
    numbers, counts = _original(context, column)
    people = guessed_people(context, column)
    if not numbers.size or not people.n.size:
        reason = f"The column {column!r} has no numbers, or none that are released as numbers."
        return dict.fromkeys(KEYS, NotComputed(reason=reason))
    prior = weighted_median(numbers, counts)
    whole, rest = inference_kernels.median_guesses(people.offsets, people.released, people.n, prior)
    width = float(numbers.max() - numbers.min())
    guesses = {"": whole, "_prior": np.full(whole.size, prior), "_leave_one_out": rest}
    known = int(people.n.sum())
    caveats = _caveats(context, column, known)
    figures: dict[str, Figure] = {}
    for control, guess in guesses.items():
        with np.errstate(over="ignore"):
            error = np.abs(guess - people.true)
        near = error <= TOLERANCE * np.abs(people.true) * (1 + TIE)
        figures[f"within_10_percent{control}"] = Estimate(
            value=int(people.n[near].sum()) / known, caveats=caveats
        )
        figures[f"median_error{control}"] = (
            Estimate(value=weighted_median(error, people.n) / width, caveats=caveats)
            if 0 < width < np.inf
            else NotComputed(
                reason=f"The numbers of the column {column!r} have no width in the original that "
                "an error could be held against."
            )
        )
    return figures


def _caveats(context: Context, column: str, known: int) -> tuple[str, ...]:
    contingency = context.classes.sensitive[column]
    everyone = int(contingency.n.sum()) + int(contingency.missing.sum())
    caveats = [EVERYBODY_GUESSED]
    if known < everyone:
        share = 1 - known / everyone
        caveats.append(
            f"{share:.1%} of the people have no number in {column!r}; they are left out."
        )
    if context.release.origin is not None:
        caveats.append(AS_RELEASED)
    return tuple(caveats)


def _original(context: Context, column: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the numbers that the original holds and how many people have each."""
    table = context.release.origin or context.release.source
    counts = table.counts(column)[:-1]
    person = context.roles.person
    if person is not None and person in table.domains:
        pairs = np.stack([person_numbers(table, person), table.codes[column]]).astype(np.uint64)
        _, first = group_keys(pairs)
        counts = np.bincount(table.codes[column][first], minlength=counts.size + 1)[:-1]
    numbers = original_numbers(context, column)
    held = np.isfinite(numbers) & (counts > 0)
    return numbers[held], counts[held].astype(np.int64)


def guessed_people(context: Context, column: str) -> GuessedPeople:
    """Return the people of each class by released and true number, without those that lack one."""
    contingency = context.classes.sensitive[column]
    if context.release.origin is not None or context.release.columns[column].unchanged:
        of = np.repeat(np.arange(contingency.missing.size), np.diff(contingency.offsets))
        released = value_numbers(context, column, contingency)[contingency.value]
        true, n = released, contingency.n
    else:
        of, released, true, n = _from_records(context, column)
    known = np.isfinite(released) & np.isfinite(true)
    of, released, true, n = of[known], released[known], true[known], n[known]
    if not in_number_order(context, column):
        order = np.lexsort((true, released, of))
        released, true, n = released[order], true[order], n[order]
    offsets = np.append(0, np.cumsum(np.bincount(of, minlength=contingency.missing.size)))
    return GuessedPeople(offsets=offsets.astype(np.int64), released=released, true=true, n=n)


def _from_records(
    context: Context, column: str
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return class, released and true number of people whose value was changed, and how many."""
    release = context.release
    index = release.record_index
    # A changed attribute is never merged, so the records that are grouped are the released ones.
    of = context.classes.class_of
    now, was = release.codes(column), release.source.codes[column][index]
    fields = [of, now, was]
    if context.roles.person is not None:
        fields.append(person_numbers(release.source, context.roles.person)[index])
    group, first = group_keys(np.stack([field.astype(np.uint64) for field in fields]))
    n = np.bincount(group, minlength=first.size) if len(fields) == 3 else np.ones(first.size, int)
    domain = release.source.domain(column)
    leaves = leaf_numbers(domain, release.source.dataset.read.decimal)
    true = np.append(leaves, [np.nan, np.nan])[was[first]]
    released = released_numbers(release, column)[now[first]]
    return of[first].astype(np.int64), released, true, n.astype(np.int64)


def weighted_median(values: NDArray[np.float64], n: NDArray[np.int64]) -> float:
    """Return the lower median of values that n people each have."""
    order = np.argsort(values)
    seen = np.cumsum(n[order])
    return float(values[order][np.searchsorted(seen, (int(seen[-1]) - 1) // 2, side="right")])
