"""Attacks that no figure counts: what a rule on the recipe, the policy or the answers tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from microdata.measure import Finding
from reports.wording import format_count, format_number, format_share, join_names
from risk.local_recoding import columns_without_rule
from risk.predicate_singling_out import group_predicate
from transforms.steps import Generalize, Mondrian, RecodeLocally, SuppressCells, SuppressRecords

if TYPE_CHECKING:
    from microdata.measure import Context
    from reports.case import Case
    from transforms.step import Step

MINIMALITY = "minimality"
DOWNCODING = "downcoding"
REFINEMENT = "combinatorial-refinement"
SINGLING_OUT = "predicate-singling-out"
RECONSTRUCTION = "reconstruction"
COMPOSITION = "composition"
UNCOUNTED = (MINIMALITY, DOWNCODING, REFINEMENT, SINGLING_OUT, RECONSTRUCTION, COMPOSITION)
"""The codes of these findings."""
ANSWERED = (RECONSTRUCTION, COMPOSITION)
"""Those that an answer alone tells; they stand last."""

_OF_GROUPS = ("classes", "models", "reidentification")


def case_findings(case: Case, context: Context) -> tuple[Finding, ...]:
    """
    Return the attacks that a table is open to and that a score would mislead about.

    Parameters
    ----------
    case : Case
    context : Context
        Of the table that would be shared.
    """
    if not context.release.released_records:
        return ()
    found = (
        _minimality(case, context),
        _downcoding(case, context),
        _refinement(case, context),
        _singling_out(case, context),
        *answered_findings(case.answers),
    )
    return tuple(finding for finding in found if finding is not None)


def answered_findings(answers: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return the attacks that answers tell of, whatever the table holds."""
    found = (_reconstruction(answers), _composition(answers))
    return tuple(finding for finding in found if finding is not None)


def _finding(code: str, *, what: str, here: str, advice: str, source: str) -> Finding:
    """Put a finding together: what it is, why it holds here, what to do, who showed it."""
    message = f"{what} {here} To do: {advice} Source: {source}"
    return Finding(code=code, severity="warning", message=message)


def _steps(case: Case) -> tuple[Step, ...]:
    return () if case.recipe is None else case.recipe.steps


def _minimality(case: Case, context: Context) -> Finding | None:
    """Where values of a sensitive attribute decide what becomes of a group."""
    steps, told, names = _steps(case), list[str](), dict[str, None]()
    coarser = any(isinstance(step, Generalize) and any(step.levels.values()) for step in steps)
    for step in steps:
        if not isinstance(step, SuppressRecords | RecodeLocally | Mondrian):
            continue
        asked = [model.column for model in step.models if model.column is not None]
        if not asked:
            continue
        here = _decided(step, coarser=coarser, left_out=context.release.suppressed_records > 0)
        if here:
            told += here
            names |= dict.fromkeys(asked)
    if not told:
        return None
    return _finding(
        MINIMALITY,
        what="Minimality: what was done to a group of look-alikes can give away its values of "
        f"{join_names([repr(name) for name in names])}, because these values decided it.",
        here=f"Here {' '.join(dict.fromkeys(told))}",
        advice="fix the levels before anybody looks at these values, or choose one level more "
        "than the rule needs.",
        source="R. Wong, A. Fu, K. Wang, J. Pei (2007): Minimality attack in privacy preserving "
        "data publishing. VLDB.",
    )


def _decided(
    step: SuppressRecords | RecodeLocally | Mondrian, *, coarser: bool, left_out: bool
) -> list[str]:
    """Return what the values decide in a step, as sentences after "Here"."""
    if isinstance(step, RecodeLocally):
        told = (
            f"the step “{step.title}” releases a group at the first levels at which its values "
            "meet the rule, so a coarse group can be one whose values broke it at finer levels."
        )
        return [told]
    if isinstance(step, Mondrian):
        told = (
            f"the step “{step.title}” splits a group only where the values of both halves meet "
            "the rule, so a coarse group can be one in which those of a half broke it."
        )
        return [told]
    missing = (
        f"the step “{step.title}” leaves out the groups whose values break the rule, so a group "
        "that is missing without being too small is one whose values broke it."
    )
    levels = (
        f"{'This also holds' if left_out else 'this holds'} of the levels of the hierarchies if "
        "they were chosen as the least that meet the rule, as Suggest does: one level finer, the "
        "values of some group broke it."
    )
    return [text for text, holds in ((missing, left_out), (levels, coarser)) if holds]


def _downcoding(case: Case, context: Context) -> Finding | None:
    """Where each group loses no more detail than it needs."""
    varied = columns_without_rule(context)
    steps = dict.fromkeys(
        f"“{step.title}”"
        for step in _steps(case)
        if (isinstance(step, RecodeLocally | Mondrian) and set(step.columns) & set(varied))
        or (isinstance(step, SuppressCells) and varied)
    )
    if not steps:
        return None
    several = len(steps) > 1
    return _finding(
        DOWNCODING,
        what="Downcoding: from the released table and an idea of how such values are spread, part "
        "of the detail that was taken out can be worked out again.",
        here=f"Here the step{'s' if several else ''} {join_names(list(steps))} "
        f"take{'' if several else 's'} out little more than each group needs, so a coarse value or "
        "an emptied cell says that a finer one was not safe there. Protection by groups has failed "
        "in practice: of 16,224 students with certificates in a table published with k-anonymity, "
        "34.2 % were unique by their certificates and basic facts.",
        advice="use the same levels for everybody, fixed beforehand, or share the table only with "
        "people whom you trust.",
        source="A. Cohen (2022): Attacks on deidentification's defenses. USENIX Security.",
    )


def _refinement(case: Case, context: Context) -> Finding | None:
    """Where groups are generalised in rounds, as ARX does."""
    varied = set(columns_without_rule(context))
    used = [s for s in _steps(case) if isinstance(s, RecodeLocally) and varied & set(s.columns)]
    if not used:
        return None
    return _finding(
        REFINEMENT,
        what="Combinatorial refinement: which values the people of a group can have is narrowed "
        "down from the table alone, without knowing anything else.",
        here=f"Here the step “{used[0].title}” works in rounds as ARX does: a group of a later "
        "round was not safe in the rounds before, and all these conditions together rule values "
        "out.",
        advice="keep one round, which gives everybody the same levels.",
        source="S. Chhillar et al. (2025): Exposing privacy risks in anonymizing clinical data: "
        "combinatorial refinement attacks on k-anonymity without auxiliary information. arXiv "
        "2509.03350.",
    )


def _singling_out(case: Case, context: Context) -> Finding | None:
    """Where groups are the protection, and one of them is rarer than one person in n."""
    grouped = SuppressRecords | RecodeLocally | Mondrian | SuppressCells
    asked = () if case.policy is None else case.policy.requirements
    by_policy = any(rule.figure[0] in _OF_GROUPS for rule in asked)
    if not by_policy and not any(isinstance(step, grouped) for step in _steps(case)):
        return None
    found = group_predicate(context)
    if found is None:
        return None
    return _finding(
        SINGLING_OUT,
        what="Predicate singling out: a group's description, together with a random 1-in-"
        f"{format_count(found.size)} choice by the exact original values, is a rule that often "
        "fits exactly one person, however large the groups are.",
        here=f"Here such a rule on a group of {format_count(found.size)}, if all in it have "
        "different original records, fits exactly one person "
        f"with a chance of {format_share(found.success)}. A rule as rare as this one, made "
        f"without the table, does so with {format_share(found.luck)}: the shares of its values (an "
        f"estimate) let one expect {format_number(found.weight * found.people)} people in that "
        f"group and not {format_count(found.size)}.",
        advice="do not call the table anonymous in law because of its groups alone; where that "
        "must hold, publish figures with differential privacy instead of rows.",
        source="A. Cohen, K. Nissim (2020): Towards formalizing the GDPR's notion of singling "
        "out. PNAS 117(15).",
    )


def _reconstruction(answers: Mapping[str, Any]) -> Finding | None:
    """Where tables of the same data are published too."""
    if answers.get("tables") != "yes":
        return None
    return _finding(
        RECONSTRUCTION,
        what="Reconstruction: many exact counts of the same people determine together the records "
        "that they were counted from, although each of them looks harmless.",
        here="Here you answered that tables or statistics of the same data will be published, and "
        "this release narrows them down further. No figure counts them.",
        advice="count the tables from the released table and not from the original, or add noise "
        "to all of them under one budget (differential privacy).",
        source="I. Dinur, K. Nissim (2003): Revealing information while preserving privacy. PODS.",
    )


def _composition(answers: Mapping[str, Any]) -> Finding | None:
    """Where another version of the same data is in somebody's hands."""
    if answers.get("versions") != "yes":
        return None
    return _finding(
        COMPOSITION,
        what="Composition: whoever holds two versions of the same data can join them, and a "
        "person's group in one and in the other may have nobody else in common.",
        here="Here you answered that another version was or will be shared. Every figure is about "
        "this version alone.",
        advice="give everybody the same version, or measure both together: what counts is the "
        "group of people who are alike in both.",
        source="S. Ganta, S. Kasiviswanathan, A. Smith (2008): Composition attacks and auxiliary "
        "information in data privacy. KDD.",
    )
