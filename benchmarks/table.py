"""The table that is timed: Adult where it is at hand, else a seeded table of its shape."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from microdata.hierarchy import Hierarchy
from microdata.readers import dataset_from_frame, read_dataset
from microdata.roles import Role, Roles
from transforms.hierarchies import read_hierarchies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from microdata.dataset import Dataset

ADULT = Path(__file__).resolve().parents[1] / "../shared/data/adult"
QUASI = (
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
)
SENSITIVE = "salary-class"
LEVELS = {"age": 3, "education": 1, "native-country": 1, "workclass": 1, "occupation": 2}
SIZES = {
    "sex": 2,
    "age": 74,
    "race": 5,
    "marital-status": 7,
    "education": 16,
    "native-country": 41,
    "workclass": 7,
    "occupation": 14,
}


def roles_of(quasi: Sequence[str], sensitive: str | None = None) -> Roles:
    """Return the roles of quasi-identifiers and, if named, a sensitive attribute."""
    attribute = {} if sensitive is None else {sensitive: Role.SENSITIVE}
    return Roles(by_column=dict.fromkeys(quasi, Role.QUASI_IDENTIFIER) | attribute)


def adult_or_alike(copies: int = 1) -> tuple[str, Dataset, Mapping[str, Hierarchy]]:
    """Return a name, a table of 30,162 rows times `copies`, and a hierarchy a quasi-identifier."""
    if ADULT.exists() and copies == 1:
        dataset = read_dataset((ADULT / "adult.csv").read_bytes(), "adult.csv")
        return "Adult, 30,162 rows", dataset, read_hierarchies(ADULT, dataset.column_names)
    rng = np.random.default_rng(7)
    n = 30_162 * copies
    frame = pd.DataFrame(
        {
            name: _texts(
                np.minimum(rng.geometric(min(0.9, 8 / (size + 1)), n), size) - 1,
                [str(value) for value in range(1, size + 1)],
            )
            for name, size in SIZES.items()
        }
        | {SENSITIVE: _texts(rng.integers(0, 2, n), ["high", "low"])}
    )
    hierarchies = {}
    for name, size in SIZES.items():
        rows = [
            (str(v), *(f"{v // 2**level}/{level}" for level in (2, 3, 4)), "*")
            for v in range(1, size + 1)
        ]
        hierarchies[name] = Hierarchy.from_rows(name, rows)
    return f"seeded, {n:,} rows", dataset_from_frame(frame, "alike.csv"), hierarchies


def _texts(codes: NDArray[np.int64], values: list[str]) -> pd.Categorical:
    """Return a column of texts without a Python object a row."""
    return pd.Categorical.from_codes(codes.astype(np.int16).tolist(), categories=pd.Index(values))
