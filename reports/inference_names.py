"""What the figures of attacks on attributes are called, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from reports.figure_names import Row

Better = Literal["lower", "higher", ""]

CONTROLS = {
    "": ("from the group", "", "by the middle number of the person's group"),
    "_prior": ("without the groups", ", prior", "by the middle number of the whole original"),
    "_leave_one_out": ("from the others of the group", ", leave-one-out control",
                       "by the middle number of the group's other people"),
}  # fmt: skip


def inference_rows(section: str) -> tuple[Row, ...]:
    """Return the row of each figure, for the list of all names."""
    rows: list[Row] = [
        ("models.homogeneity.*.at_least.*", section,
         "{0}: people whose group agrees, by a share of at least {1}", "homogeneity above theta",
         "share", "lower",
         "One value is held by at least this share of the person's group; people alone count."),
        ("models.homogeneity.*.at_least_without_singletons.*", section,
         "{0}: people with look-alikes who agree, by a share of at least {1}",
         "homogeneity above theta, singletons left out", "share", "lower",
         "As above, counting nobody who is alone in a group."),
        ("models.inference.*.own_record", section, "{0}: gain of the guess from the own record",
         "advantage over the control", "share", "lower",
         "0: the group tells of a person what it tells without; 1: all of it is the own record's."),
        ("models.inference.*.largest_gain", section,
         "{0}: how many times likelier a value gets, at most", "posterior over prior", "number",
         "lower", "A value's share in the group that says most, divided by its share in everyone."),
        ("models.similarity.*.levels", section, "{0}: what look-alikes have in common by label",
         "similarity attack", "number", "",
         "Values that differ but fall under one wider label still tell something."),
        ("models.similarity.*.levels.*.distinct", section,
         "{0}: different labels of level {1} in the poorest group", "distinct l of the labels",
         "count", "higher", "1: everybody in some group falls under one wider label."),
        ("models.similarity.*.levels.*.homogeneous", section,
         "{0}: people whose group has one label of level {1}", "homogeneity of the labels",
         "share", "lower",
         "Whoever finds the group of such a person knows the wider label; people alone count."),
        ("models.similarity.*.levels.*.homogeneous_without_singletons", section,
         "{0}: people with look-alikes who all have one label of level {1}",
         "homogeneity of the labels, singletons left out", "share", "lower",
         "As above, counting nobody who is alone in a group."),
        ("models.similarity.*.levels.*.equal", section,
         "{0}: largest shift from everyone's shares, labels of level {1}",
         "t-closeness of the labels, equal distance", "distance", "lower",
         "0: wider labels are as frequent in each group as in the table; 1: entirely different."),
        ("models.similarity.*.range.smallest", section, "{0}: width of the narrowest group",
         "range within a class", "share", "higher",
         "From its least to its greatest number, as a share of the whole column's; 0: one number."),
        ("models.similarity.*.range.narrow", section,
         "{0}: people whose group holds nearly one number", "similarity of numbers", "share",
         "lower",
         "The group is at most 5 % as wide as the column in the original; people alone count."),
        ("models.similarity.*.range.narrow_without_singletons", section,
         "{0}: people with look-alikes who hold nearly one number",
         "similarity of numbers, singletons left out", "share", "lower",
         "As above, counting nobody who is alone in a group."),
        ("models.background-knowledge.*.*.smallest", section,
         "{0}: values to rule out in the weakest group, until one has the share {1}",
         "background knowledge needed", "count", "higher",
         "Who knows that a person lacks so many values is as sure of the right one as that share."),
        ("models.background-knowledge.*.*.none", section,
         "{0}: people with no value to rule out, until one has the share {1}",
         "no background knowledge needed", "share", "lower",
         "Whoever finds their group is that sure at once; people alone count."),
        ("models.background-knowledge.*.*.at_most_one", section,
         "{0}: people with at most one value to rule out, until one has the share {1}",
         "one piece of background knowledge needed", "share", "lower",
         "Knowing one value that the person does not have is enough; people alone count."),
    ]  # fmt: skip
    for control, (words, term, how) in CONTROLS.items():
        place = "models.inference.*.number"
        near: Better = "" if control else "lower"
        far: Better = "" if control else "higher"
        rows += [
            (f"{place}.within_10_percent{control}", section,
             f"{{0}}: guesses {words} that are within 10 % of the true number",
             f"numeric inference{term}", "share", near,
             f"How often the true number is met within a tenth of it, {how}."),
            (f"{place}.median_error{control}", section,
             f"{{0}}: typical error of guesses {words}, of the column's width",
             f"median absolute error{term}", "share", far,
             f"Half of the people are met at least so nearly, {how}; 0 %: exactly."),
        ]  # fmt: skip
    return tuple(rows)
