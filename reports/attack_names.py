"""What the figures of attacks for each criterion are called, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.figure_names import Row

_CONDITIONS = (
    ("all_columns", "Records that fit only one person",
     "records of which nobody shares all values"),
    ("univariate", "Single values that fit only one person",
     "released values that only one person has"),
    ("multivariate", "Random conditions on several columns that fit only one person",
     "random conditions that exactly one person fulfils"),
)  # fmt: skip
_TWO_FILES = (
    "Someone who holds two partial files, each with some of the columns, can put this share of "
    "people's two records together, though neither file alone finds them."
)


def attack_rows(section: str) -> tuple[Row, ...]:
    """Return the row of each figure, for the list of all names."""
    rows: list[Row] = [
        ("attacks.singling_out.univariate.people", section, "People singled out by one value",
         "singling out, univariate", "share", "lower",
         "The share of people who have a value in some column that nobody else has."),
        ("attacks.singling_out.multivariate.predicates", section,
         "Random conditions on several columns that were tried", "predicates", "count", "",
         "How many conditions were drawn from random records and columns."),
        ("attacks.linkability.splits", section, "Ways to divide the columns that were tried",
         "linkability", "count", "",
         "How many ways to give some columns to one file and the rest to another."),
        ("attacks.linkability.worst", section,
         "People linked across two partial files, worst division", "linkability", "share", "lower",
         _TWO_FILES),
        ("attacks.linkability.mean", section,
         "People linked across two partial files, mean of the divisions",
         "linkability, mean", "share", "lower",
         "The same, as a mean over the ways to divide the columns between the two files."),
        ("attacks.linkability.baseline", section,
         "People linked across two partial files by guessing",
         "linkability, baseline", "share", "",
         "The share of people whom someone finds who picks a released person at random."),
        ("attacks.linkability.residual", section,
         "People linked across two partial files beyond guessing",
         "linkability, residual", "share", "lower",
         "What the worst division achieves beyond a guess, of what a guess leaves to achieve."),
        ("attacks.linkability.joined", section, "People found with both partial files",
         "expected re-identification, joined", "share", "lower",
         "The expected share of right guesses of someone who knows all columns."),
        ("attacks.linkability.half_one", section, "People found with the first partial file alone",
         "expected re-identification, first half", "share", "lower",
         "The expected share of right guesses by the first half of the worst division."),
        ("attacks.linkability.half_two", section, "People found with the second partial file alone",
         "expected re-identification, second half", "share", "lower",
         "The expected share of right guesses by the second half of the worst division."),
        ("attacks.membership.true_positive_rate", section,
         "People in the table who are taken to be in it", "true positive rate", "share", "",
         "The share of people in the table who have a look-alike in it: everyone, by rule."),
        ("attacks.membership.false_positive_rate", section,
         "People not in the table who are taken to be in it", "false positive rate", "share",
         "higher",
         "The share of the rest of the population who have a look-alike in the table."),
        ("attacks.membership.advantage", section, "Advantage in telling who is in the table",
         "membership advantage", "share", "lower",
         "How much more often people in the table have a look-alike in it than others do."),
        ("attacks.membership.precision", section,
         "Certainty that a person with a look-alike in the table is in it",
         "membership precision", "share", "lower",
         "Of the population's people with a look-alike in the table, the share who are in it."),
        ("attacks.membership.baseline", section, "Share of the population in the table",
         "membership prior", "share", "",
         "How certain someone is who knows nothing but the size of the table."),
        ("attacks.membership.auc", section,
         "How well an attacker ranks people in the table above others",
         "area under the curve", "number", "lower",
         "How often a person in the table scores above another one; chance gives 0.5."),
        ("attacks.membership.tpr_at_1_percent_fpr", section,
         "People recognised as in the table, at 1 % false alarms", "TPR at 1 % FPR", "share",
         "lower",
         "The share who are recognised if 1 % of the others may be taken for them by mistake."),
    ]  # fmt: skip
    for kind, name, what in _CONDITIONS:
        place = f"attacks.singling_out.{kind}"
        term = f"singling out, {kind.replace('_', ' ')}"
        share = "The share of " + what
        rows += [
            (f"{place}.success", section, name, f"{term}, success", "share",
             "lower", f"{share}."),
            (f"{place}.baseline", section, f"{name}, by luck", f"{term}, baseline", "share", "",
             "The same for conditions of the same weight, made up without a look at the table."),
            (f"{place}.residual", section, f"{name}, beyond luck", f"{term}, residual", "share",
             "lower", "What is achieved beyond luck, as a share of what luck leaves to achieve."),
        ]  # fmt: skip
    return tuple(rows)
