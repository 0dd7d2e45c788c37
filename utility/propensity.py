"""How well a model tells the rows of the release from those of the original."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from utility.cells import of_unknown_values
from utility.prediction.features import Feature, designs, original_numbers
from utility.prediction.models import one_thread, shares_of_logistic
from utility.prediction.splits import content_order, draw

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from microdata.measure import Context
    from microdata.release import Release

MOST_ROWS = 10_000


@dataclass(frozen=True, kw_only=True)
class Propensity:
    """
    Mean squared distance of the propensity score from the share of the release (pMSE).

    The rows of the original and of the release are put into one table, N rows of which c N are
    the release's; each released cell is first replaced by one of the original values that it
    stands for, drawn at random. A logistic regression on the single columns gives each row's
    probability p_i to be of the release, and pMSE is the mean of (p_i - c)^2: 0 where the two
    cannot be told apart, c (1 - c) where every row can. The rows are paired, so the null
    distribution for synthetic draws does not hold and there is no p-value.

    Parameters
    ----------
    most_rows : int
        Of a larger original about so many rows are drawn, by seed, and the release's of the same.

    References
    ----------
    Woo et al. (2009), Global measures of data utility, JPC 1(1); Snoke et al. (2018), General and
    specific utility measures for synthetic data, JRSS A 181(3).
    """

    name: ClassVar[str] = "propensity"
    title: ClassVar[str] = "Rows told apart from the original"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Woo et al. 2009, Snoke et al. 2018"
    interactive: ClassVar[bool] = False

    most_rows: int = MOST_ROWS

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        release = context.release
        if not _compared(context):
            return NotComputed(
                reason="No quasi-identifier and no sensitive column is published, so there is "
                "nothing to compare."
            )
        if not release.released_records:
            return NotComputed(reason="No record was kept, so there is nothing to compare.")
        return None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute pMSE and its share of the largest value that it can take."""
        paths: tuple[Path, Path] = (
            ("utility", "propensity", "pmse"),
            ("utility", "propensity", "share_of_largest"),
        )
        found = self.needs(context) or _stacked(context, self.most_rows)
        if isinstance(found, NotComputed):
            return MeasureResult(figures=dict.fromkeys(paths, found))
        original, released = found
        pmse, largest = told_apart(original, released)
        how = Estimate(
            value=pmse,
            method="logistic regression on single columns",
            seed=context.seed,
            caveats=_caveats(context, self.most_rows),
        )
        figures: dict[Path, Figure] = {
            paths[0]: how,
            paths[1]: replace(how, value=min(1.0, pmse / largest)),
        }
        return MeasureResult(figures=figures)


def told_apart(original: list[Feature], released: list[Feature]) -> tuple[float, float]:
    """Return pMSE of two tables of the same columns, and the largest value c (1 - c) of it."""
    rows = (original[0].category.size, released[0].category.size)
    stacked = [_on_top(*pair) for pair in zip(original, released, strict=True)]
    design, _ = designs(stacked, stacked, (sum(rows), sum(rows)))
    label = np.repeat([0, 1], rows)
    with one_thread():
        score = shares_of_logistic(design.indicators, label, design.indicators, 2)[:, 1]
    share = rows[1] / sum(rows)
    return float(np.mean((score - share) ** 2)), share * (1 - share)


def _on_top(upper: Feature, lower: Feature) -> Feature:
    return Feature(
        category=np.concatenate([upper.category, lower.category]),
        number=np.concatenate([upper.number, lower.number]),
    )


def _compared(context: Context) -> tuple[str, ...]:
    roles = context.roles
    columns = (*roles.quasi_identifiers, *roles.sensitive)
    return tuple(name for name in columns if name in context.release.columns)


def _stacked(context: Context, most_rows: int) -> tuple[list[Feature], list[Feature]] | NotComputed:
    """Return the columns of the original's rows, and of the release's with one value a cell."""
    release, names = context.release, _compared(context)
    table = release.origin or release.source
    rng = np.random.default_rng(context.seed)
    rows = _drawn(table, names, most_rows / table.records, rng)
    if release.origin is None:
        place = np.cumsum(release.row_mask) - 1
        kept = place[rows[release.row_mask[rows]]]
    else:
        kept = _drawn(release.source, names, most_rows / table.records, rng)
    if not kept.size:
        return NotComputed(reason="None of the rows that were drawn is in the release.")
    original: list[Feature] = []
    released: list[Feature] = []
    for name in names:
        codes = _expanded(release, name, release.codes(name)[kept].astype(np.int64), rng)
        if codes is None:
            return of_unknown_values(name)
        numbers = original_numbers(table, name)
        before = table.codes[name][rows].astype(np.int64)
        original.append(Feature(category=before, number=numbers[before]))
        released.append(Feature(category=codes, number=numbers[codes]))
    return original, released


def _drawn(
    table: EncodedTable, names: tuple[str, ...], share: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    order = content_order(table, names)
    return order if share >= 1 else order[draw(rng, np.zeros(order.size, np.int64), share)]


def _expanded(
    release: Release, name: str, codes: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64] | None:
    """Draw one original code for each released one; None where it is not known of which."""
    released, domain = release.columns[name], release.domain(name)
    leaves = len(domain.leaves)
    sizes = np.append(released.nodes.sizes, [1, leaves])[codes]
    if np.any(sizes == 0):
        return None
    start = np.append(released.nodes.offsets[:-1], [0, 0])[codes]
    pick = rng.integers(sizes)
    members = np.append(released.nodes.members, np.zeros(1, np.int32))
    drawn = members[np.where(codes < released.missing, start + pick, 0)]
    drawn = np.where(codes == released.suppressed, pick, drawn)
    return np.where(codes == released.missing, domain.missing, drawn).astype(np.int64)


def _caveats(context: Context, most_rows: int) -> tuple[str, ...]:
    release, names = context.release, _compared(context)
    expansion = (
        "Each released cell is replaced by one of the values that it stands for, drawn at random; "
        "a suppressed one by any value of its column."
    )
    found = [expansion, "Single columns are looked at, not the links between them."]
    if release.original_records > most_rows:
        found.append(f"About {most_rows:,} of {release.original_records:,} rows are drawn for it.")
    if len(names) < len(context.roles.quasi_identifiers) + len(context.roles.sensitive):
        found.append("Columns that the release does not publish are not compared.")
    return tuple(found)
