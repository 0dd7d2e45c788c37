"""What the figures of uniqueness in the population are called, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.figure_names import Row

MODELS = {"main_effects": "single columns", "two_way": "pairs of columns"}


def population_rows(section: str) -> tuple[Row, ...]:
    """Return the row of each figure, for the list of all names."""
    rows: list[Row] = [
        ("uniqueness.population", section, "People unique in the population",
         "population uniqueness", "share", "lower",
         "The share of the population with no look-alike in it."),
        ("uniqueness.population.size", section, "People in the population", "N", "people", "",
         "The size of the group from which the table was drawn."),
        ("uniqueness.population.pitman", section, "People unique in the population, by Pitman",
         "population uniqueness, Pitman", "share", "lower",
         "The share of the population with no look-alike in it, estimated by Pitman's model."),
        ("uniqueness.population.zayatz", section, "People unique in the population, by Zayatz",
         "population uniqueness, Zayatz", "share", "lower",
         "The same, if the population's groups are distributed as the table's are."),
        ("uniqueness.population.snb", section,
         "People unique in the population, by a model of group sizes",
         "population uniqueness, shifted negative binomial", "share", "lower",
         "The same, if the population's group sizes are shifted negative binomial."),
        ("uniqueness.population.low", section, "People unique in the population, lowest estimate",
         "population uniqueness, low end of the band", "share", "lower",
         "The least of the estimates that found a solution."),
        ("uniqueness.population.high", section,
         "People unique in the population, highest estimate",
         "population uniqueness, high end of the band", "share", "lower",
         "The greatest of the estimates that found a solution; a verdict uses it."),
        ("uniqueness.population.rule_estimate", section,
         "People unique in the population, by the rule's pick",
         "population uniqueness, Dankar's rule", "share", "lower",
         "The estimate that a rule picks by how much of the population was drawn."),
        ("uniqueness.population.counted", section, "People unique in the population table",
         "population uniqueness, counted", "share", "lower",
         "The share of the population table's people with no look-alike in it, counted."),
        ("uniqueness.population.sample_uniques_confirmed", section,
         "People alone in their group and in the population", "confirmed sample uniques", "share",
         "lower", "Whoever has the population table finds this share of them with certainty."),
        ("uniqueness.log_linear", section, "People alone here and in the population",
         "log-linear models", "number", "lower",
         "How many of the people alone in their group are alone in the population too."),
    ]  # fmt: skip
    for end, extreme in (("low", "lowest"), ("high", "highest")):
        rows.append(
            (f"uniqueness.population.stability_{end}", section,
             f"People unique in the population, {extreme} from half the table",
             f"stability, {end} end", "share", "",
             f"The {extreme} of the rule's estimates on random halves of the table.")
        )  # fmt: skip
    for model, words in MODELS.items():
        term = f"log-linear, {model.replace('_', ' ')}"
        rows += [
            (f"uniqueness.log_linear.{model}.tau_1", section,
             f"People alone here and in the population, from {words}", f"tau 1, {term}", "number",
             "lower", "How many of the people alone in their group are alone in the population."),
            (f"uniqueness.log_linear.{model}.tau_2", section,
             f"Correct matches of people alone in their group, from {words}", f"tau 2, {term}",
             "number", "lower",
             "How many are found if everyone alone in a group is matched with the population."),
        ]  # fmt: skip
    return tuple(rows)
