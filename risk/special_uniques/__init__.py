"""Who stands out by few columns already, and by which."""

from risk.special_uniques.measure import SpecialUniques
from risk.special_uniques.scores import SudaScores, column_scores, size_weights, suda_scores
from risk.special_uniques.search import SubsetSearch, search_subsets
from risk.special_uniques.subsets import (
    SinglingOut,
    SubsetTable,
    SubsetUniqueness,
    smallest_singling_out,
    subset_table,
)

__all__ = [
    "SinglingOut",
    "SpecialUniques",
    "SubsetSearch",
    "SubsetTable",
    "SubsetUniqueness",
    "SudaScores",
    "column_scores",
    "search_subsets",
    "size_weights",
    "smallest_singling_out",
    "subset_table",
    "suda_scores",
]
