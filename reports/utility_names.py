"""What the figures on links, counting questions and shapes are called, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.figure_names import Row


def utility_rows(section: str) -> tuple[Row, ...]:
    """Return the row of each figure, for the list of all names."""
    rows: tuple[Row, ...] = (
        ("utility.distributions.*.ks", section, "{0}: largest gap of the shapes",
         "Kolmogorov-Smirnov distance", "distance", "lower",
         "The largest difference between the shares of people up to a number, before and now."),
        ("utility.distributions.*.sd_ratio", section, "{0}: spread now over spread before",
         "ratio of standard deviations", "number", "",
         "1: numbers are as far apart as in the original; below 1: closer together."),
        ("utility.distributions.*.p25_shift", section, "{0}: shift of the first quarter",
         "25th percentile", "number", "",
         "How far the number below which a quarter lies has moved, in standard deviations."),
        ("utility.distributions.*.p50_shift", section, "{0}: shift of the middle",
         "median", "number", "",
         "How far the number below which half lies has moved, in standard deviations."),
        ("utility.distributions.*.p75_shift", section, "{0}: shift of the last quarter",
         "75th percentile", "number", "",
         "How far the number above which a quarter lies has moved, in standard deviations."),
        ("utility.associations.mean_change", section, "Change of the links between columns",
         "mean change of association", "distance", "lower",
         "0: two columns say as much about each other as in the original, over all pairs."),
        ("utility.associations.max_change", section, "Largest change of a link",
         "largest change of association", "distance", "lower",
         "As the change of the links, for the two columns of which it changed most."),
        ("utility.associations.mean_change_mutual_information", section,
         "Change of what columns tell of each other", "mean change of mutual information",
         "distance", "lower",
         "0: knowing one column helps to guess another as much as before, over all pairs."),
        ("utility.associations.max_change_mutual_information", section,
         "Largest change of what a column tells", "largest change of mutual information",
         "distance", "lower",
         "As the change of what columns tell, for the two of which it changed most."),
        ("utility.associations.pairs.*.*.pearson", section, "{0} and {1}: straight link",
         "Pearson correlation", "number", "",
         "1 or -1: one number follows from the other along a line; 0: no such link."),
        ("utility.associations.pairs.*.*.spearman", section, "{0} and {1}: link of the order",
         "Spearman correlation", "number", "",
         "1 or -1: ordered by one, the people are ordered by the other; 0: no such link."),
        ("utility.associations.pairs.*.*.cramers_v", section, "{0} and {1}: link",
         "Cramér's V, bias-corrected", "number", "",
         "1: one column tells the other; 0: they have nothing to do with each other."),
        ("utility.associations.pairs.*.*.correlation_ratio", section, "{0} and {1}: link",
         "correlation ratio", "number", "",
         "1: the text tells the number; 0: numbers are the same on average whatever the text."),
        ("utility.associations.pairs.*.*.mutual_information", section,
         "{0} and {1}: what they tell of each other", "normalised mutual information", "number",
         "", "1: each tells the other; 0: neither tells anything of the other."),
        ("utility.associations.pairs.*.*.change", section, "{0} and {1}: change of the link",
         "change of association", "number", "",
         "The link now less the link in the original; below 0: weaker."),
        ("utility.queries.median", section, "Error of half of the counting questions, at most",
         "median relative error", "share", "lower",
         "How many rows have some values? Half of such answers are off by no more than this."),
        ("utility.queries.p90", section, "Error of nine in ten counting questions, at most",
         "90th percentile of the relative error", "share", "lower",
         "How many rows have some values? Nine in ten answers are off by no more than this."),
        ("utility.queries.by_columns.*.median", section,
         "Error of half of the questions, columns asked about: {0}", "median relative error",
         "share", "lower", "As the error of half of the questions, for so many columns at once."),
        ("utility.queries.by_columns.*.p90", section,
         "Error of nine in ten questions, columns asked about: {0}",
         "90th percentile of the relative error", "share", "lower",
         "As the error of nine in ten questions, for so many columns at once."),
    )  # fmt: skip
    return rows
