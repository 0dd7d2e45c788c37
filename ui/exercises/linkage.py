"""Exercise 1: a public register gives the names back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microdata.measure import NotComputed
from microdata.readers import read_dataset
from reports.chart_parts import alternative
from reports.charts import ChartSpec, Series
from reports.wording import format_count, format_share, join_names
from risk.attacks import AttackResult, LinkageAttack, Register
from ui.exercises.demos import demo_of, example
from ui.exercises.exercise import Exercise, Lesson, Table

if TYPE_CHECKING:
    import pandas as pd

    from microdata.dataset import Dataset
    from microdata.measure import Context
    from risk.attacks import SubsetResult

KNOWN = ("date_of_birth", "sex", "postcode")
WORDS = {"date_of_birth": "birth date", "sex": "sex", "postcode": "postcode"}
COARSER = {"date_of_birth": 3, "postcode": 3}
"""Five years instead of a day, two digits instead of five."""
SMALLEST = 5
MOST_NAMED = 3


def register_of_demo() -> Dataset:
    """Return the voter register that goes with the hospital table."""
    path = demo_of("hospital").register
    if path is None:
        raise RuntimeError("the hospital demo comes with a register")
    return read_dataset(path.read_bytes(), path.name)


def attack(context: Context, table: Dataset) -> AttackResult:
    """Look for everyone of the register by what both tables have."""
    columns = {"name": "name", **{name: name for name in KNOWN}}
    register = Register(table=table, columns=columns)
    found = LinkageAttack(known=KNOWN, register=register, max_known=len(KNOWN)).run(context)
    if isinstance(found, NotComputed):
        raise TypeError(found.reason)
    return found


def rightly_named(result: AttackResult, columns: tuple[str, ...]) -> int:
    """Return how many people are the only one to fit a name, and rightly so."""
    subset = next(subset for subset in result.by_subset if subset.columns == columns)
    return round(subset.unique * result.targets * (subset.precision or 0.0))


def named(hospital: pd.DataFrame, register: pd.DataFrame) -> Table:
    """Return what the register now tells of its first few people who are found."""
    keys = list(KNOWN)
    alone = hospital[~hospital.duplicated(keys, keep=False)]
    listed = register[~register.duplicated(keys, keep=False)]
    both = listed.astype(str).merge(alone.astype(str), on=keys, suffixes=("", "_treated"))
    right = both[both["name"] == both["name_treated"]].head(MOST_NAMED)
    shown = ["name", *keys, "diagnosis"]
    return Table(
        title="The first few who are found, and what the hospital table now says of them",
        head=("name (register)", *(WORDS[key] for key in keys), "diagnosis (hospital)"),
        rows=tuple(tuple(row) for row in right[shown].to_numpy().tolist()),
    )


def _order(subset: SubsetResult) -> tuple[int, bool, tuple[str, ...]]:
    return len(subset.columns), "date_of_birth" in subset.columns, subset.columns


def make() -> Lesson:
    """Measure the hospital table."""
    hospital = example("hospital", KNOWN)
    context, table = hospital.original(), register_of_demo()
    result = attack(context, table)
    patients = context.people
    right = rightly_named(result, KNOWN)
    share = right / patients
    subsets = [subset.columns for subset in sorted(result.by_subset, key=_order)]
    counts = [rightly_named(result, columns) for columns in subsets]
    series = Series(
        name="patients named rightly",
        values=tuple(float(count) for count in counts),
        tone="risk",
        texts=tuple(format_count(count) for count in counts),
    )
    categories = tuple(
        join_names([WORDS[column] for column in columns])
        .replace(" and ", " + ")
        .replace(", ", " + ")
        for columns in subsets
    )
    by_birth = next(s for s in result.by_subset if s.columns == ("date_of_birth",))
    protected = hospital.released(COARSER, f"k-anonymity={SMALLEST}")
    after = attack(protected, table)
    return Lesson(
        scene=(
            f"A hospital shares {format_count(hospital.records)} admissions of "
            f"{format_count(patients)} patients. Names and e-mail addresses are taken out; date of "
            "birth, sex and postcode stay. Anyone can get the voter register of the region: "
            f"{format_count(table.records)} adults with name, street, postcode, date of birth and "
            "sex. Not every patient is in it: there are no children, and some live elsewhere."
        ),
        question=(
            "Date of birth, sex and postcode stand in both tables. How many of 100 patients get "
            "their name back?"
        ),
        label="Your prediction: patients of 100 who get their name back",
        answer=share,
        finding=(
            f"The register gives {format_count(right)} of {format_count(patients)} patients "
            f"({format_share(share)}) their name back."
        ),
        chart=ChartSpec(
            id="learn-linkage",
            kind="bars",
            title=(
                f"The birth date alone names {format_count(rightly_named(result, KNOWN[:1]))} "
                f"patients, three columns {format_count(right)}"
            ),
            categories=categories,
            series=(series,),
            category_title="what is matched",
            value_title="patients who get their own name back",
            alt=alternative("Patients named rightly by what is matched.", categories, [series]),
            note=(
                "A name counts where exactly one patient fits a person of the register and it is "
                "the right one. By date of birth alone "
                f"{format_count(round(by_birth.unique * result.targets))} names are claimed and "
                f"only {format_share(by_birth.precision or 0.0)} of them are right; by all three "
                f"{format_share(result.value('unique', 'precision'))} are."
            ),
        ),
        table=named(hospital.case.dataset.frame, table.frame),
        why=(
            "Many people share a sex or a postcode, and some a date of birth. Hardly any two share "
            "all three, so the combination points to one person. Columns that together find "
            "people are called quasi-identifiers. Latanya Sweeney found the health record of the "
            "governor of Massachusetts in this way in the 1990s."
        ),
        protects=(
            "Make what others know coarser, until everyone has look-alikes. With five years "
            "instead of the date of birth, two digits of the postcode, and groups below "
            f"{SMALLEST} left out ({format_count(protected.release.suppressed_records)} "
            "admissions), the same register names "
            f"{_nobody(rightly_named(after, KNOWN))}."
        ),
        try_it=(
            "Take the demo “Hospital admissions and a voter register” on the page Data and see on "
            "the page Attack who would be found; then make date of birth and postcode coarser on "
            "the page Reduce, and attack again."
        ),
    )


def _nobody(people: int) -> str:
    return f"{format_count(people)} patients" if people else "nobody"


LINKAGE = Exercise(id="linkage", title="Names come back", make=make)
