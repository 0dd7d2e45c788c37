"""What each figure is called, in plain words and in the field's term, and what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from microdata.measure import Path
from reports.attack_names import attack_rows
from reports.inference_names import inference_rows
from reports.population_names import population_rows
from reports.prediction_names import prediction_rows
from reports.special_unique_names import special_unique_rows
from reports.utility_names import utility_rows

Unit = Literal["people", "count", "share", "risk", "bits", "distance", "quality", "number"]

SECTIONS = (
    "Groups of look-alikes",
    "Attacker who knows that the person is in the table (prosecutor)",
    "Attacker who does not know who is in the table (journalist)",
    "Attacker who matches the whole table (marketer)",
    "People who stand out",
    "Singling out, linking and membership",
    "What is learned about sensitive attributes",
    "How telling each column is",
    "Detail kept",
    "Further figures",
)
GROUPS, PROSECUTOR, JOURNALIST, MARKETER, UNIQUE, ATTACKS = SECTIONS[:6]
SENSITIVE, COLUMNS, UTILITY, FURTHER = SECTIONS[6:]


@dataclass(frozen=True, kw_only=True)
class FigureName:
    """
    How a figure is shown.

    Parameters
    ----------
    section : str
        One of `SECTIONS`.
    name, term : str
        In plain words, and the field's term for it, or "".
    unit : str
    better : {"lower", "higher", ""}
        Which way is good; "" where neither is.
    meaning : str
        One sentence on what the number means.
    attacker : str
        Whose figure it is, or "".
    """

    section: str
    name: str
    term: str
    unit: Unit
    better: Literal["lower", "higher", ""]
    meaning: str
    attacker: str = ""


Row = tuple[str, str, str, str, Unit, Literal["lower", "higher", ""], str]

# "*" stands for one name in the path; {0}, {1} are the names that it stood for, {1%} is a number
# among them as per cent.
_ROWS: tuple[Row, ...] = (
    ("classes.count", GROUPS, "Groups of look-alikes", "equivalence classes", "count", "",
     "People of one group have the same values in every column that an attacker may know."),
    ("classes.smallest", GROUPS, "Smallest group", "k", "people", "higher",
     "Nobody has fewer look-alikes than this number less one."),
    ("classes.largest", GROUPS, "Largest group", "", "people", "",
     "The number of people in the group with the most look-alikes."),
    ("classes.average", GROUPS, "Average group", "average class size", "people", "higher",
     "The number of people divided by the number of groups."),
    ("classes.records", GROUPS, "Rows kept", "released records", "count", "",
     "The number of rows that the table holds."),
    ("classes.people", GROUPS, "People kept", "released people", "people", "",
     "The number of people that the table holds."),
    ("classes.suppressed_records", GROUPS, "Rows left out", "suppressed records", "count", "lower",
     "Rows of the original that are not in the table; they count as full loss of detail."),
    ("models.k-anonymity", GROUPS, "Look-alikes guaranteed", "k-anonymity", "people", "higher",
     "Every person shares all known values with at least this number of people, self included."),
    ("models.l-diversity.*.distinct", SENSITIVE, "{0}: different values in the poorest group",
     "distinct l-diversity", "count", "higher",
     "With 1, whoever finds a person's group learns this attribute with certainty."),
    ("models.l-diversity.*.entropy", SENSITIVE, "{0}: effective number of values",
     "entropy l-diversity", "number", "higher",
     "How many equally frequent values would leave the attacker as unsure as the worst group."),
    ("models.l-diversity.*.recursive.l", SENSITIVE, "{0}: values left after the frequent ones",
     "recursive (c, l)-diversity", "count", "higher",
     "The largest l at which the most frequent value is rarer than c times the l-th and lower."),
    ("models.l-diversity.*.recursive.c", SENSITIVE, "{0}: the c that was used",
     "recursive (c, l)-diversity", "number", "",
     "The factor at which the l above holds."),
    ("models.t-closeness.*.equal", SENSITIVE, "{0}: largest shift from everyone's shares",
     "t-closeness, equal distance", "distance", "lower",
     "0: each group looks like the whole table; 1: a group tells everything about this attribute."),
    ("models.t-closeness.*.ordered", SENSITIVE, "{0}: largest shift, near values counting as near",
     "t-closeness, ordered distance", "distance", "lower",
     "As for equal distance, with neighbouring values taken as close to each other."),
    ("models.t-closeness.*.hierarchical", SENSITIVE, "{0}: largest shift along the hierarchy",
     "t-closeness, hierarchical distance", "distance", "lower",
     "As for equal distance, with values under the same parent taken as close to each other."),
    ("models.t-closeness-released.*.equal", SENSITIVE,
     "{0}: largest shift from the shares of those kept", "t-closeness, equal distance, released",
     "distance", "lower",
     "As for equal distance, against the people kept and not against everyone in the original."),
    ("models.alpha.*", SENSITIVE, "{0}: largest share of one value in a group", "alpha", "share",
     "lower", "The best guess at this attribute in the worst group is right this often."),
    ("models.beta-likeness.*", SENSITIVE, "{0}: largest relative gain", "beta-likeness", "number",
     "lower", "How many times likelier a value gets in a group, less one."),
    ("models.enhanced-beta-likeness.*", SENSITIVE, "{0}: largest relative gain, rare values capped",
     "enhanced beta-likeness", "number", "lower",
     "As beta-likeness, bounded by the logarithm of the value's overall share."),
    ("models.delta-disclosure.*.log2_present", SENSITIVE, "{0}: largest change of a share",
     "delta-disclosure, present values", "bits", "lower",
     "1: a value is twice or half as frequent in a group as in the table; 0: nothing changes."),
    ("models.delta-disclosure.*.ln", SENSITIVE, "{0}: largest change of a share, all values",
     "delta-disclosure", "number", "lower",
     "Infinite where a value is absent from a group: the attacker can rule it out."),
    ("models.delta-disclosure.*.classes_infinite", SENSITIVE,
     "{0}: groups in which a value can be ruled out", "delta-disclosure", "count", "lower",
     "The number of groups in which at least one value does not occur."),
    ("models.homogeneity.*.share", SENSITIVE, "{0}: people whose group holds one value only",
     "homogeneity", "share", "lower",
     "Whoever finds the group of such a person knows this attribute; people alone are counted."),
    ("models.homogeneity.*.share_without_singletons", SENSITIVE,
     "{0}: people with look-alikes who all hold one value", "homogeneity, singletons left out",
     "share", "lower", "As above, counting nobody who is alone in a group."),
    ("models.inference.*.accuracy", SENSITIVE, "{0}: guesses from the group that are right",
     "inference accuracy", "share", "lower",
     "How often the most frequent value of a person's group is the person's own."),
    ("models.inference.*.prior", SENSITIVE, "{0}: guesses without the groups that are right",
     "prior", "share", "", "How often the most frequent value of the whole original is right."),
    ("models.inference.*.leave_one_out", SENSITIVE,
     "{0}: guesses from the others of the group that are right", "leave-one-out control",
     "share", "",
     "What is known of people in general; what the full group adds comes from the own record."),
    ("models.inference.*.advantage", SENSITIVE, "{0}: gain of the guess over no knowledge",
     "inference advantage", "share", "lower",
     "0: the groups tell nothing; 1: they tell everything that was not known before."),
    ("models.delta-presence", UNIQUE, "Certainty about who is in the table", "delta-presence",
     "share", "lower", "The probability with which a person of the population is in the table."),
    ("models.delta-presence.lowest", UNIQUE, "Lowest share of a group that is in the table",
     "delta-presence, lower bound", "share", "higher",
     "Of the group of look-alikes in the population that is least in the table, this share is."),
    ("models.delta-presence.highest", UNIQUE, "Highest share of a group that is in the table",
     "delta-presence, upper bound", "share", "lower",
     "The highest probability with which a person of the population is in the table."),
    ("models.k-map", JOURNALIST, "Look-alikes in the population", "k-map", "people", "higher",
     "Every person has at least this number of look-alikes in the population, self included."),
    ("models.k-map-estimated", JOURNALIST, "Look-alikes in the population, estimated",
     "k-map, estimated", "number", "higher",
     "One divided by the estimated risk of the person who is easiest to find."),
    ("uniqueness.sample", UNIQUE, "People alone in their group", "sample uniqueness", "share",
     "lower", "Whoever knows the columns of the attacker finds these people with certainty."),
    ("missing_as_wildcard.smallest", GROUPS, "Smallest group if a missing value matches any",
     "k, wildcard reading", "people", "higher",
     "As the smallest group, with gaps read as matching every value."),
    ("missing_as_wildcard.unique_people", UNIQUE, "People alone if a missing value matches any",
     "wildcard reading", "people", "lower",
     "As people alone in their group, with gaps read as matching every value."),
    ("missing_as_wildcard.average_risk", UNIQUE, "Average risk if a missing value matches any",
     "wildcard reading", "risk", "lower",
     "As the average risk, with gaps read as matching every value."),
    ("individual_risk.expected_reidentifications", UNIQUE,
     "People expected to be found (individual risk)", "individual risk, expected number",
     "number", "lower", "The sum of the risks of all people in the table."),
    ("individual_risk.rate", UNIQUE, "Share expected to be found (individual risk)",
     "individual risk, global rate", "share", "lower", "The average of the risks of all people."),
    ("individual_risk.highest", UNIQUE, "Highest risk of one person (individual risk)",
     "individual risk, highest", "risk", "lower", "The risk of the person easiest to find."),
    ("individual_risk.higher_than_main_part", UNIQUE,
     "People whose risk is far above that of most", "higher risk than the main part", "people",
     "lower", "People with a risk above 0.1 and far above the median."),
    ("individual_risk.threshold_for_1_percent", UNIQUE,
     "Risk that nobody may exceed for 1 in 100 to be found", "threshold for a global risk of 1%",
     "risk", "", "Lowering every higher risk to this one brings the average below 1 in 100."),
    ("individual_risk.household_expected", UNIQUE,
     "People in households of which somebody is expected to be found", "household risk, number",
     "number", "lower", "The sum over people of the chance that their household is found."),
    ("individual_risk.household_rate", UNIQUE,
     "Share of people in households of which somebody is found", "household risk, rate", "share",
     "lower", "The average chance that at least one member of a person's household is found."),
    ("individual_risk.household_highest", UNIQUE, "Highest risk of a household",
     "household risk, highest", "risk", "lower",
     "The chance that at least one member is found, in the household easiest to find."),
    ("individual_risk", UNIQUE, "Risk of each person from sampling weights", "individual risk",
     "risk", "lower", "The chance to find each person, estimated from sampling weights."),
    ("models.alpha", SENSITIVE, "Largest share of one value in a group", "alpha", "share",
     "lower", "The best guess at an attribute in the worst group is right this often."),
    ("models.beta-likeness", SENSITIVE, "Largest relative gain", "beta-likeness", "number",
     "lower", "How many times likelier a value gets in a group, less one."),
    ("models.enhanced-beta-likeness", SENSITIVE, "Largest relative gain, rare values capped",
     "enhanced beta-likeness", "number", "lower", "As beta-likeness, bounded for rare values."),
    ("models.delta-disclosure", SENSITIVE, "Largest change of a share", "delta-disclosure",
     "bits", "lower", "How much a value's share in a group differs from its share in the table."),
    ("columns.*.distinction", COLUMNS, "{0}: share of values that differ", "distinction", "share",
     "lower", "The number of different values divided by the number of people."),
    ("columns.*.separation", COLUMNS, "{0}: share of pairs told apart", "separation", "share",
     "lower", "The probability that two people differ in this column."),
    ("utility.granularity", UTILITY, "Detail kept", "granularity", "quality", "higher",
     "100 %: as detailed as the original; 0 %: nothing left to tell people apart."),
    ("utility.discernibility", UTILITY, "Groups kept small", "discernibility", "quality", "higher",
     "100 %: as in the original; 0 %: everyone in one group or left out."),
    ("utility.average_class_size", UTILITY, "Group size kept", "average class size", "quality",
     "higher", "100 %: groups as small as in the original; 0 %: one group of all."),
    ("utility.non_uniform_entropy", UTILITY, "Information kept", "non-uniform entropy", "quality",
     "higher", "100 %: each value as certain as in the original; 0 %: nothing known."),
    ("utility.generalization_intensity", UTILITY, "Precision kept", "generalization intensity",
     "quality", "higher", "100 %: no column made coarser; 0 %: all at the top of their hierarchy."),
    ("utility.ambiguity", UTILITY, "Few originals behind a row", "ambiguity", "quality", "higher",
     "100 %: each row can only be one original row; 0 %: it can be any."),
    ("utility.suppression.records", UTILITY, "Share of rows left out", "record suppression",
     "share", "lower", "Rows of the original that are not in the table, as a share."),
    ("utility.suppression.cells", UTILITY, "Share of cells left out", "cell suppression",
     "share", "lower", "Cells of the quasi-identifiers that are gone, rows left out included."),
    ("utility.by_column.*.granularity", UTILITY, "{0}: detail kept", "granularity", "quality",
     "higher", "100 %: as detailed as the original column; 0 %: nothing left in it."),
    ("utility.by_column.*.generalization_intensity", UTILITY, "{0}: precision kept",
     "generalization intensity", "quality", "higher",
     "100 %: the column was not made coarser; 0 %: it is at the top of its hierarchy."),
    ("utility.by_column.*.non_uniform_entropy", UTILITY, "{0}: information kept",
     "non-uniform entropy", "quality", "higher",
     "100 %: each value as certain as in the original column; 0 %: nothing known."),
    ("utility.distributions.*.tvd", UTILITY, "{0}: people who would have to move",
     "total variation distance", "share", "lower",
     "The share of people to move between values until the column's shape is as in the original."),
    ("utility.distributions.*.hellinger", UTILITY, "{0}: distance of the shapes",
     "Hellinger distance", "distance", "lower",
     "0: the column's shape is as in the original; 1: nothing in common."),
    ("utility.distributions.*.w1", UTILITY, "{0}: average shift of a value",
     "Wasserstein distance", "number", "lower",
     "How far values would have to move on average, as a share of the column's range."),
    ("utility.distributions.*.mean_shift", UTILITY, "{0}: shift of the mean", "", "number", "",
     "The mean now less the mean of the original, in standard deviations."),
    ("utility.changed_values.*.share", UTILITY, "{0}: values that are not the true ones", "",
     "share", "", "The share of the cells whose value was changed by noise, swapping or the like."),
    ("utility.changed_values.*.mean_change", UTILITY, "{0}: average change of a value", "IL1s",
     "number", "lower", "How far values are from the true ones, in standard deviations."),
    ("utility.raw.mean_share", UTILITY, "Share of a domain that a value covers", "raw score",
     "share", "lower", "The mean share of a column's values for which a released value stands."),
    ("utility.raw.gcp", UTILITY, "Certainty penalty", "GCP, raw score", "share", "lower",
     "As the share of a domain, with an unchanged value counting nothing."),
    ("utility.raw.iyengar", UTILITY, "Loss by Iyengar", "raw score", "share", "lower",
     "The mean of (values covered less one) over (values of the column less one)."),
    ("utility.raw.precision_loss", UTILITY, "Precision lost", "raw score", "share", "lower",
     "The mean of level over height; a value left out counts as the top."),
    ("utility.raw.discernibility", UTILITY, "Discernibility", "raw score", "number", "lower",
     "The sum of the squared sizes of the groups; rows left out count the whole table each."),
    ("utility.raw.average_class_size", UTILITY, "Average group", "raw score", "number", "lower",
     "The number of people kept divided by the number of groups."),
    ("utility.raw.non_uniform_entropy", UTILITY, "Information lost", "raw score", "bits", "lower",
     "The bits needed to get the original values back."),
    ("utility.raw.non_uniform_entropy_arx", UTILITY, "Information kept, as ARX counts",
     "non-uniform entropy", "quality", "higher",
     "As information kept, with rows left out compared within their own set."),
    ("utility.raw.ambiguity", UTILITY, "Originals behind a row", "raw score", "number", "lower",
     "The mean number of combinations of original values that a released row can stand for."),
)  # fmt: skip

_ATTACKERS = (
    ("prosecutor", PROSECUTOR, "the attacker knows that the person is in the table"),
    ("journalist", JOURNALIST, "the attacker does not know who is in the table"),
    ("journalist_estimated", JOURNALIST, "estimated from the population's size"),
)


def _attacker_rows() -> tuple[Row, ...]:
    rows: list[Row] = []
    for attacker, section, who in _ATTACKERS:
        at = f"reidentification.{attacker}"
        extra = ", estimated" if attacker == "journalist_estimated" else ""
        rows += [
            (f"{at}.highest", section, f"Highest risk of one person{extra}", "highest risk",
             "risk", "lower", f"The chance to find the person who is easiest to find; {who}."),
            (f"{at}.average", section, f"Average risk{extra}", "average risk", "risk", "lower",
             f"The chance to find a person taken at random; {who}."),
            (f"{at}.lowest", section, f"Lowest risk of one person{extra}", "lowest risk", "risk",
             "lower", f"The chance to find the person who is hardest to find; {who}."),
            (f"{at}.expected_reidentifications", section, f"People found on average{extra}",
             "expected re-identifications", "number", "lower",
             f"How many people are found if everyone is looked for once; {who}."),
            (f"{at}.at_least_one", section, f"Chance that at least one person is found{extra}",
             "", "share", "lower", f"If everyone is looked for once; {who}."),
            (f"{at}.at_risk.*", section, f"People above a risk of {{0}}{extra}",
             "records at risk", "share", "lower",
             f"The share of people whose risk is literally above this number; {who}."),
            (f"{at}.below.*", section, f"People in a group of fewer than {{0}}{extra}",
             "records at risk", "share", "lower",
             f"The share of people with too few look-alikes for a rule of this size; {who}."),
        ]  # fmt: skip
    rows.append(
        (
            "reidentification.journalist_estimated",
            JOURNALIST,
            "Risk, estimated",
            "journalist risk, estimated",
            "risk",
            "lower",
            "The chance to find a person, estimated from the population's size.",
        )
    )
    rows.append(
        ("reidentification.marketer.average", MARKETER, "Share found of the whole table",
         "marketer risk", "share", "lower",
         "The expected share of people found by matching every row at once.")
    )  # fmt: skip
    return tuple(rows)


_PATTERNS = tuple(
    (tuple(row[0].split(".")), row)
    for row in (
        *_attacker_rows(),
        *population_rows(UNIQUE),
        *special_unique_rows(UNIQUE),
        *attack_rows(ATTACKS),
        *utility_rows(UTILITY),
        *prediction_rows(UTILITY),
        *inference_rows(SENSITIVE),
        *_ROWS,
    )
)
_PREFIXES = {
    "classes": GROUPS,
    "uniqueness": UNIQUE,
    "special_uniques": UNIQUE,
    "unicity": UNIQUE,
    "attacks": ATTACKS,
    "individual_risk": UNIQUE,
    "models": SENSITIVE,
    "columns": COLUMNS,
    "utility": UTILITY,
}


def _match(pattern: Path, path: Path) -> tuple[str, ...] | None:
    if len(pattern) != len(path):
        return None
    if any(known not in ("*", given) for known, given in zip(pattern, path, strict=True)):
        return None
    return tuple(given for known, given in zip(pattern, path, strict=True) if known == "*")


def name_figure(path: Path) -> FigureName:
    """Return how a figure is shown; one that the list does not know is named by its path."""
    # Names that hold dots keep working: the path is a tuple and is never joined here.
    for pattern, (_, section, name, term, unit, better, meaning) in _PATTERNS:
        names = _match(pattern, path)
        if names is not None:
            return FigureName(
                section=section,
                name=_fill(name, names),
                term=term,
                unit=unit,
                better=better,
                meaning=meaning,
                attacker=path[1].split("_")[0] if path[0] == "reidentification" else "",
            )
    words = [_short(part.replace("_", " ").replace("-", " ")) for part in path[1:] or path]
    return FigureName(
        section=_PREFIXES.get(path[0], FURTHER),
        name=_capital(": ".join(words)),
        term="",
        unit="number",
        better="",
        meaning=f"The figure {' / '.join(map(_short, path))} of the command line's output.",
    )


def _fill(template: str, names: tuple[str, ...]) -> str:
    # In one go: braces in the name of a column are no part of the template.
    def filled(field: re.Match[str]) -> str:
        name = names[int(field[1])]
        return _per_cent(name) if field[2] else _short(name)

    return re.sub(r"\{(\d)(%?)\}", filled, template)


def _per_cent(text: str) -> str:
    try:
        return f"{float(text) * 100:g} %"
    except ValueError:
        return _short(text)


def _short(name: str, most: int = 60) -> str:
    clean = " ".join(name[: 4 * most].split())
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
