"""Made-up tables to try Privascope on: each shows one thing that can go wrong with a release."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, kw_only=True)
class Demo:
    """
    One demo table and the files that go with it.

    Parameters
    ----------
    id : str
        Stable short name.
    title : str
        Name on the screen.
    sentence : str
        One line on what the table teaches.
    data : Path
        The table.
    roles : Path
        The part of each column, in the ROLES form of the command line.
    hierarchies : Path
        Folder of generalisation hierarchies, one file a column.
    register : Path or None
        A public table that names people and shares columns with the data.
    """

    id: str
    title: str
    sentence: str
    data: Path
    roles: Path
    hierarchies: Path
    register: Path | None = None


DEMOS: tuple[Demo, ...] = (
    Demo(
        id="hospital",
        title="Hospital admissions and a voter register",
        sentence=(
            "Without names and still not anonymous: date of birth, sex and postcode link "
            "the admissions to a public register that has the names."
        ),
        data=_HERE / "hospital.csv",
        roles=_HERE / "hospital_roles.json",
        hierarchies=_HERE / "hierarchies",
        register=_HERE / "register.csv",
    ),
    Demo(
        id="inpatients",
        title="Twelve inpatients, solved by hand",
        sentence=(
            "Four people in every class, and yet everyone in one class has cancer: "
            "k-anonymity does not protect what is shared by all."
        ),
        data=_HERE / "inpatients.csv",
        roles=_HERE / "inpatients_roles.json",
        hierarchies=_HERE / "inpatients_hierarchies",
    ),
    Demo(
        id="school",
        title="Pupils of one school",
        sentence=(
            "In a small group of people, a rare language or postcode is as good as a name, "
            "and a small cell gives away who needs support."
        ),
        data=_HERE / "school.csv",
        roles=_HERE / "school_roles.json",
        hierarchies=_HERE / "school_hierarchies",
    ),
)
