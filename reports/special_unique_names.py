"""What the figures on people who stand out by few columns are called, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.figure_names import Row


def special_unique_rows(section: str) -> tuple[Row, ...]:
    """Return the row of each figure, for the list of all names."""
    rows: tuple[Row, ...] = (
        ("special_uniques", section, "People unique on few columns", "special uniques", "people",
         "lower", "People who stand out already by some of the columns."),
        ("special_uniques.records", section, "People unique on some of the columns",
         "special uniques", "people", "lower",
         "People who are the only ones with their values in some combination of columns."),
        ("special_uniques.by_size.*", section, "Smallest combinations, columns in them: {0}",
         "minimal sample uniques", "count", "lower",
         "Combinations of so many columns that single a person out, while no part of them does."),
        ("special_uniques.suda.sum", section, "How much people stand out, in all", "SUDA score",
         "number", "lower",
         "The sum of all scores; the fewer columns single a person out, the higher the score."),
        ("special_uniques.suda.max", section, "How much the most special person stands out",
         "highest SUDA score", "number", "lower",
         "The score of the person who is unique on the fewest columns and in the most ways."),
        ("special_uniques.suda.dis_max", section, "Certainty about the most special person",
         "highest DIS-SUDA", "risk", "lower",
         "The estimated chance that who looks like the most special person is that person."),
        ("special_uniques.suda.dis_mean", section, "Certainty about people alone, over everyone",
         "mean DIS-SUDA", "risk", "lower",
         "The mean of that chance over everyone in the table, 0 for who is not alone."),
        ("special_uniques.suda.sampling_fraction", section,
         "Share of the population in the table", "sampling fraction", "share", "",
         "How much of the population the table holds, as used for the certainty above."),
        ("special_uniques.contribution_percent.*", section,
         "{0}: part in making people stand out, in percent", "SUDA contribution", "number", "lower",
         "Of all scores together, how many percent come from combinations with this column."),
        ("unicity", section, "People alone by the number of columns known", "unicity", "share",
         "lower", "The share of people whom an attacker singles out who knows some columns."),
        ("unicity.*.mean", section, "Knowing {0} of the columns: people alone, on average",
         "mean unicity", "share", "lower",
         "The share of people alone with their values, averaged over all such combinations."),
        ("unicity.*.max", section, "Knowing {0} of the columns: people alone, at worst",
         "largest unicity", "share", "lower",
         "The share of people alone with their values, in the combination with the most."),
        ("unicity.*.success_max", section, "Knowing {0} of the columns: right guesses, at worst",
         "largest expected success", "share", "lower",
         "The chance to find a person taken at random, in the combination with the highest."),
    )  # fmt: skip
    return rows
