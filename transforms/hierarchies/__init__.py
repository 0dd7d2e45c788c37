"""Builders of generalisation hierarchies, and their files."""

from transforms.hierarchies.amnesia import to_amnesia
from transforms.hierarchies.checks import Coverage, coverage, rows_by_value
from transforms.hierarchies.csv_files import (
    column_of_file,
    read_hierarchies,
    read_hierarchy,
    to_csv,
    unmatched_files,
)
from transforms.hierarchies.dates import date_hierarchy
from transforms.hierarchies.intervals import cut_points, equal_width, quantiles
from transforms.hierarchies.masking import mask_hierarchy
from transforms.hierarchies.propose import Proposal, propose, propose_hierarchy
from transforms.hierarchies.taxonomy import by_frequency, by_prefix, grouped, value_or_nothing

__all__ = [
    "Coverage",
    "Proposal",
    "by_frequency",
    "by_prefix",
    "column_of_file",
    "coverage",
    "cut_points",
    "date_hierarchy",
    "equal_width",
    "grouped",
    "mask_hierarchy",
    "propose",
    "propose_hierarchy",
    "quantiles",
    "read_hierarchies",
    "read_hierarchy",
    "rows_by_value",
    "to_amnesia",
    "to_csv",
    "unmatched_files",
    "value_or_nothing",
]
