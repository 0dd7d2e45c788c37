"""What the figures of attacks on attributes are called, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from reports.figure_names import Row

Better = Literal["lower", "higher", ""]

CONTROLS = {
    "": ("from the group", "", "the group"),
    "_prior": ("without the groups", ", prior", "the whole original"),
    "_leave_one_out": ("from the others of the group", ", leave-one-out control",
                       "the group's other people"),
}  # fmt: skip


def inference_rows(section: str) -> tuple[Row, ...]:
    """Return the row of each figure, for the list of all names."""
    rows: list[Row] = [
        ("models.homogeneity.*.at_least.*", section,
         "{0}: people in groups of which at least {1%} have the same value",
         "homogeneity at theta", "share", "lower",
         "In such a group the most frequent value is nearly certain; people alone count."),
        ("models.homogeneity.*.at_least_without_singletons.*", section,
         "{0}: people with look-alikes in groups of which at least {1%} have the same value",
         "homogeneity at theta, singletons left out", "share", "lower",
         "As above, counting nobody who is alone in a group."),
        ("models.inference.*.own_record", section, "{0}: what a person's own record gives away",
         "gain over the leave-one-out control", "share", "lower",
         "Of the guesses that the others of the group leave wrong, the part that it puts right."),
        ("models.inference.*.largest_gain", section,
         "{0}: how many times likelier a group makes one of its values, at most",
         "posterior over prior", "number", "lower",
         "A value's share in the group that says most, divided by its share in the original."),
        ("models.similarity.*.levels", section, "{0}: categories that look-alikes share",
         "similarity attack", "number", "",
         "Values that differ but belong to one wider category still tell something."),
        ("models.similarity.*.levels.*.distinct", section,
         "{0}: different categories in the poorest group, at level {1} of its hierarchy",
         "distinct l of the categories", "count", "higher",
         "1: everybody in some group belongs to one category, although values may differ."),
        ("models.similarity.*.levels.*.homogeneous", section,
         "{0}: people whose group is all of one category, at level {1} of its hierarchy",
         "homogeneity of the categories", "share", "lower",
         "Whoever finds the group of such a person knows the category; people alone count."),
        ("models.similarity.*.levels.*.homogeneous_without_singletons", section,
         "{0}: people with look-alikes who are all of one category, at level {1} of its hierarchy",
         "homogeneity of the categories, singletons left out", "share", "lower",
         "As above, counting nobody who is alone in a group."),
        ("models.similarity.*.levels.*.equal", section,
         "{0}: largest shift from everyone's shares, categories of level {1} of its hierarchy",
         "t-closeness of the categories, equal distance", "distance", "lower",
         "0: categories are as frequent in each group as in the table; 1: entirely different."),
        ("models.similarity.*.range.smallest", section,
         "{0}: how far the numbers of the narrowest group lie apart", "range within a class",
         "share", "higher",
         "Greatest less least number, as a share of the same in the original; 0 %: one number."),
        ("models.similarity.*.range.narrow", section,
         "{0}: people whose group has nearly the same numbers", "similarity of numbers", "share",
         "lower",
         "They lie within 5 % of the column's range in the original; people alone count."),
        ("models.similarity.*.range.narrow_without_singletons", section,
         "{0}: people with look-alikes who have nearly the same numbers",
         "similarity of numbers, singletons left out", "share", "lower",
         "As above, counting nobody who is alone in a group."),
        ("models.background-knowledge.*.*.smallest", section,
         "{0}: values to rule out in the weakest group to be {1%} sure of one",
         "background knowledge needed", "count", "higher",
         "An attacker rules a value out who knows that the person does not have it."),
        ("models.background-knowledge.*.*.none", section,
         "{0}: people whose group alone makes an attacker {1%} sure of a value",
         "no background knowledge needed", "share", "lower",
         "That share of the group has one value, so no more must be known; people alone count."),
        ("models.background-knowledge.*.*.at_most_one", section,
         "{0}: people whose group makes an attacker {1%} sure after one value is ruled out",
         "one piece of background knowledge needed", "share", "lower",
         "Knowing one value that the person does not have is enough; people alone count."),
    ]  # fmt: skip
    for control, (words, term, whose) in CONTROLS.items():
        place = "models.inference.*.number"
        near: Better = "" if control else "lower"
        far: Better = "" if control else "higher"
        rows += [
            (f"{place}.within_10_percent{control}", section,
             f"{{0}}: people whose number is guessed within 10 % {words}",
             f"numeric inference{term}", "share", near,
             f"Guessed is the middle number of {whose}; the 10 % are of the true number."),
            (f"{place}.median_error{control}", section,
             f"{{0}}: typical error when numbers are guessed {words}",
             f"median absolute error{term}", "share", far,
             "Half of the guesses are off by at most this share of the column's original range."),
        ]  # fmt: skip
    return tuple(rows)
