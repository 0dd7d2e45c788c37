"""The inpatient table of Machanavajjhala et al. (2007), small enough to solve by hand."""

from __future__ import annotations

INPATIENT_COLUMNS = ("zip", "age", "nationality", "condition")

# Figure 1 of the paper: an invented table
INPATIENTS = [
    ["13053", "28", "Russian", "Heart disease"],
    ["13068", "29", "American", "Heart disease"],
    ["13068", "21", "Japanese", "Viral infection"],
    ["13053", "23", "American", "Viral infection"],
    ["14853", "50", "Indian", "Cancer"],
    ["14853", "55", "Russian", "Heart disease"],
    ["14850", "47", "American", "Viral infection"],
    ["14850", "49", "American", "Viral infection"],
    ["13053", "31", "American", "Cancer"],
    ["13053", "37", "Indian", "Cancer"],
    ["13068", "36", "Japanese", "Cancer"],
    ["13068", "35", "American", "Cancer"],
]

INPATIENT_ROLES = {
    "quasi_identifiers": ["zip", "age", "nationality"],
    "sensitive": ["condition"],
    "direct_identifiers": [],
    "insensitive": [],
    "person": None,
    "household": None,
    "weight": None,
}

# zip 1, age 1 and nationality 2 give Figure 2 of the paper, the 4-anonymous table
ANONYMOUS_LEVELS = {"zip": 1, "age": 1, "nationality": 2}


def _age_row(age: int) -> list[str]:
    if age < 30:
        return [str(age), "<30", "<40", "*"]
    if age < 40:
        return [str(age), "3*", "<40", "*"]
    return [str(age), ">=40", ">=40", "*"]


INPATIENT_HIERARCHIES = {
    "zip": [
        ["13053", "130**", "1****", "*"],
        ["13068", "130**", "1****", "*"],
        ["14850", "1485*", "1****", "*"],
        ["14853", "1485*", "1****", "*"],
    ],
    "age": [_age_row(age) for age in range(18, 66)],
    "nationality": [
        ["American", "America", "*"],
        ["Russian", "Europe", "*"],
        ["Indian", "Asia", "*"],
        ["Japanese", "Asia", "*"],
    ],
    "condition": [
        ["Viral infection", "Infection", "*"],
        ["Heart disease", "Not infectious", "*"],
        ["Cancer", "Not infectious", "*"],
    ],
}


def anonymous_inpatients() -> list[list[str]]:
    """Return the 4-anonymous table: every value replaced by its group at the chosen level."""
    groups = {
        column: {row[0]: row[level] for row in INPATIENT_HIERARCHIES[column]}
        for column, level in ANONYMOUS_LEVELS.items()
    }
    return [
        [
            groups[column][value] if column in groups else value
            for column, value in zip(INPATIENT_COLUMNS, row, strict=True)
        ]
        for row in INPATIENTS
    ]
