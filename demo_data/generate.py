"""
Write the demo tables, the same bytes every time.

Run ``python -m demo_data.generate`` from the project's folder.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

from demo_data.hierarchy_tables import hospital_hierarchies, school_hierarchies
from demo_data.hospital import (
    HOSPITAL_COLUMNS,
    HOSPITAL_ROLES,
    REGISTER_COLUMNS,
    admissions,
    patients,
    register,
)
from demo_data.inpatients import (
    INPATIENT_COLUMNS,
    INPATIENT_HIERARCHIES,
    INPATIENT_ROLES,
    INPATIENTS,
    anonymous_inpatients,
)
from demo_data.people import town
from demo_data.sampling import Sampler
from demo_data.school import SCHOOL_COLUMNS, SCHOOL_ROLES, pupils

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SEED = 20240101
TOWN_SIZE = 14_500


def _write_rows(path: Path, rows: Iterable[Sequence[str]], delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)


def _write_roles(path: Path, roles: Mapping[str, object]) -> None:
    text = json.dumps(roles, indent=2) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_hierarchies(folder: Path, hierarchies: Mapping[str, list[list[str]]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for column, rows in hierarchies.items():
        _write_rows(folder / f"{column}.csv", rows, delimiter=";")


def write_all(folder: Path, seed: int = SEED) -> None:
    """
    Write every demo table, its roles and its hierarchies.

    Parameters
    ----------
    folder : Path
        Where to write; made if it does not exist.
    seed : int
        Start of the random stream; the committed files use the default.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sampler = Sampler(seed)
    people = town(sampler, TOWN_SIZE)
    in_hospital = patients(sampler, people)
    hospital_rows = admissions(sampler, in_hospital)
    register_rows = register(sampler, people, in_hospital)
    _write_rows(folder / "hospital.csv", [HOSPITAL_COLUMNS, *hospital_rows])
    _write_rows(folder / "register.csv", [REGISTER_COLUMNS, *register_rows])
    _write_roles(folder / "hospital_roles.json", HOSPITAL_ROLES)
    days_of_birth = [row[3] for row in (*hospital_rows, *register_rows)]
    _write_hierarchies(folder / "hierarchies", hospital_hierarchies(days_of_birth))

    _write_rows(folder / "inpatients.csv", [INPATIENT_COLUMNS, *INPATIENTS])
    _write_rows(folder / "inpatients_anonymous.csv", [INPATIENT_COLUMNS, *anonymous_inpatients()])
    _write_roles(folder / "inpatients_roles.json", INPATIENT_ROLES)
    _write_hierarchies(folder / "inpatients_hierarchies", INPATIENT_HIERARCHIES)

    _write_rows(folder / "school.csv", [SCHOOL_COLUMNS, *pupils(Sampler(seed + 1))])
    _write_roles(folder / "school_roles.json", SCHOOL_ROLES)
    _write_hierarchies(folder / "school_hierarchies", school_hierarchies())


def main() -> None:
    """Write the files beside this module, or into another folder."""
    parser = argparse.ArgumentParser(description="Write the demo tables.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent)
    write_all(parser.parse_args().out)


if __name__ == "__main__":
    main()
