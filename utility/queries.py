"""How wrong the answers to counting questions become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from microdata.numbers import label_numbers, leaf_numbers
from utility.cells import cannot_compare, of_unknown_values
from utility.coded_rows import CodedRows, compared_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from microdata.measure import Context
    from microdata.release import Release

NO_VALUES = NotComputed(reason="No column holds a value that could be asked for.")
FEWEST_QUESTIONS = 100
MOST_ROWS = 500_000
EACH = 5
SMALLEST_SHARE = 0.001


@dataclass(frozen=True, eq=False, kw_only=True)
class Condition:
    """
    What a question asks of one column.

    Parameters
    ----------
    column : str
    leaves : bool[D]
        The original values that meet it.
    low, high : float, optional
        The range of numbers or days, both ends included; None where one value is asked for.
    """

    column: str
    leaves: NDArray[np.bool_]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class QueryError:
    """
    Relative error of counting questions that are answered from the release.

    A question counts the records with a value of a text column, or with a number or date in a
    range, in one to `most_columns` columns at once. Values are drawn as often as they occur, ranges
    so that all conditions of a question together would hold about `selectivity` of the records if
    the columns were independent. The truth counts over all n0 original records. The release is
    answered from by overlap: a released value counts with the share of its original values that
    meet the condition, ``*`` and a column that is not published with the share of the column's
    domain. The error is |answer - truth| / max(truth, 0.1 % of n0).

    References
    ----------
    LeFevre et al. (2008), Workload-aware anonymization techniques, ACM TODS 33(3).
    Xiao & Tao (2006), Anatomy, VLDB (the relative error and its median).
    """

    number: int = 200
    most_columns: int = 3
    selectivity: float = 0.05
    name: ClassVar[str] = "query-error"
    title: ClassVar[str] = "Counting questions"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "LeFevre et al. 2008"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        return cannot_compare(context) or (None if _askable(context)[0] else NO_VALUES)

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the median and the 90th percentile of the errors, also by number of columns."""
        at: Path = ("utility", "queries")
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(figures={(*at, "median"): reason, (*at, "p90"): reason})
        release = context.release
        columns, caveats = _askable(context)
        table = release.origin or release.source
        questions = self.questions(table, columns, context.seed)
        if len(questions) < self.number:
            asked_less = (
                f"The table has more than {MOST_ROWS:,} rows, so only {len(questions)} questions "
                "are asked."
            )
            caveats = (*caveats, asked_less)
        meaningless = [name for name in columns if not _known(release, name)]
        if meaningless:
            reason = of_unknown_values(meaningless[0])
            return MeasureResult(figures={(*at, "median"): reason, (*at, "p90"): reason})
        errors = _errors(release, columns, questions)
        asked = np.array([len(question) for question in questions])
        parts = {at: np.ones(asked.size, bool)} | {
            (*at, "by_columns", str(width)): asked == width for width in np.unique(asked).tolist()
        }
        figures: dict[Path, Figure] = {}
        for path, part in parts.items():
            for name, quantile in (("median", 0.5), ("p90", 0.9)):
                figures[*path, name] = Estimate(
                    value=float(np.quantile(errors[part], quantile)),
                    method=f"{int(part.sum())} random questions",
                    seed=context.seed,
                    caveats=(*CAVEATS, *caveats),
                )
        return MeasureResult(figures=figures)

    def questions(
        self, table: EncodedTable, columns: Sequence[str], seed: int
    ) -> tuple[tuple[Condition, ...], ...]:
        """Draw the questions from the counts of the original; its order does not matter."""
        rng = np.random.default_rng(seed)
        values = [_Values.of(table, name) for name in sorted(columns)]
        number = self.number if table.records <= MOST_ROWS else min(self.number, FEWEST_QUESTIONS)
        drawn: list[tuple[Condition, ...]] = []
        # Questions on the same columns are asked of one small table.
        while len(drawn) < number:
            width = 1 + (len(drawn) // EACH) % min(self.most_columns, len(values))
            chosen = sorted(rng.choice(len(values), width, replace=False).tolist())
            share = self.selectivity ** (1 / width)
            drawn += [
                tuple(values[i].draw(share, rng) for i in chosen)
                for _ in range(min(EACH, number - len(drawn)))
            ]
        return tuple(drawn)


CAVEATS = (
    "The errors are those of answers from the released rows alone, so rows left out add to them.",
    "An error is a share of the true count, or of 0.1 % of the rows where the count is below that.",
)


def _askable(context: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    columns, caveats = compared_columns(context.roles)
    table = context.release.origin or context.release.source
    return tuple(name for name in columns if table.counts(name)[:-1].any()), caveats


@dataclass(frozen=True, eq=False, kw_only=True)
class _Values:
    """
    The values of a column that are asked for, in an order that no file decides.

    Parameters
    ----------
    column : str
    order : int64[v]
        Codes of the values that occur: by size, or by text.
    below : int64[v]
        How many records hold each value or one before it.
    numbers : float64[D]
        NaN throughout where one value is asked for.
    """

    column: str
    order: NDArray[np.int64]
    below: NDArray[np.int64]
    numbers: NDArray[np.float64]

    @classmethod
    def of(cls, table: EncodedTable, column: str) -> _Values:
        """Read the values of a column of the original."""
        domain, counts = table.domain(column), table.counts(column)[:-1]
        numbers = leaf_numbers(domain, table.dataset.read.decimal)
        held = np.flatnonzero((counts > 0) & np.isfinite(numbers))
        if held.size:
            order = held[np.argsort(numbers[held], kind="stable")]
        else:
            by_text = sorted(np.flatnonzero(counts).tolist(), key=domain.leaves.__getitem__)
            order = np.array(by_text, np.int64)
        return cls(column=column, order=order, below=np.cumsum(counts[order]), numbers=numbers)

    def draw(self, share: float, rng: np.random.Generator) -> Condition:
        """Draw a range that holds about a share of the records, or a value as often as it is."""
        if np.isnan(self.numbers[self.order[0]]):
            place = np.searchsorted(self.below, rng.random() * self.below[-1], side="right")
            leaves = np.zeros(self.numbers.size, bool)
            leaves[self.order[place]] = True
            return Condition(column=self.column, leaves=leaves)
        start = rng.random() * (1.0 - share)
        ends = np.searchsorted(self.below, np.array([start, start + share]) * self.below[-1])
        low, high = self.numbers[self.order[np.minimum(ends, self.order.size - 1)]].tolist()
        inside = (self.numbers >= low) & (self.numbers <= high)
        return Condition(column=self.column, leaves=inside, low=low, high=high)


def _known(release: Release, column: str) -> bool:
    """Whether every released value of a column has original values below it."""
    if column not in release.columns:
        return True
    released = release.columns[column]
    held = np.bincount(release.codes(column), minlength=released.cardinality)
    return not np.any(held[: released.missing][released.nodes.sizes == 0])


def _overlap(release: Release, condition: Condition) -> NDArray[np.float64]:
    """Return the share of each released code that meets a condition: float64[m + 2]."""
    released = release.columns[condition.column]
    nodes, whole = released.nodes, float(condition.leaves.mean())
    sizes = nodes.sizes
    if released.renamed:
        shares = np.full(sizes.size, whole)  # nobody can ask for a pseudonym
    else:
        node = np.repeat(np.arange(sizes.size), sizes)
        inside = condition.leaves[nodes.members]
        shares = np.bincount(node[inside], minlength=sizes.size) / np.maximum(sizes, 1)
    if released.perturbed and condition.low is not None and condition.high is not None:
        written = label_numbers(release, condition.column)
        met = (written >= condition.low) & (written <= condition.high)
        shares = np.where(np.isfinite(written), met, shares)
    return np.append(shares, [0.0, whole])


def _errors(
    release: Release, columns: Sequence[str], questions: Sequence[Sequence[Condition]]
) -> NDArray[np.float64]:
    """Return the relative error of each question."""
    original = CodedRows.original(release.origin or release.source, columns)
    published = CodedRows.released(release, [name for name in columns if name in release.columns])
    floor = SMALLEST_SHARE * release.original_records
    errors = np.empty(len(questions))
    truths: dict[tuple[str, ...], NDArray[np.int64] | None] = {}
    counted: dict[tuple[str, ...], NDArray[np.int64] | None] = {}
    for i, question in enumerate(questions):
        met = [(c.column, np.append(c.leaves, [False, False]).astype(float)) for c in question]
        there = [c for c in question if c.column in release.columns]
        truth = _sum(original, met, truths)
        answer = _sum(published, [(c.column, _overlap(release, c)) for c in there], counted)
        for condition in question:
            if condition not in there:
                answer *= float(condition.leaves.mean())
        errors[i] = abs(answer - truth) / max(truth, floor)
    return errors


def _sum(
    rows: CodedRows,
    shares: Sequence[tuple[str, NDArray[np.float64]]],
    counted: dict[tuple[str, ...], NDArray[np.int64] | None],
) -> float:
    """Return the sum over the rows of the product of shares, by counting combinations once."""
    columns = tuple(column for column, _ in shares)
    if columns not in counted:
        counted.clear()  # questions on the same columns follow each other
        counted[columns] = rows.counts(columns)
    counts = counted[columns]
    if counts is None:
        return rows.weigh(shares)
    total = counts.astype(np.float64)
    for _, share in reversed(shares):
        total = total @ share
    return float(total)
