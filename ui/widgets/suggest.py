"""Suggest: the levels that meet the policy with the least loss, put in force until undone."""

from __future__ import annotations

import streamlit as st

from microdata.encoding import EncodedTable
from microdata.roles import Role, Roles
from reports.headline import policy_size
from reports.wording import format_count, format_share
from risk.failing import models_of
from risk.models import KAnonymity, PrivacyModel
from transforms.search import SearchProblem, SearchResult, search
from transforms.steps.drop_column import DropColumn
from ui import recipes, state
from ui.state import Session
from ui.widgets.guard import guard
from ui.widgets.text import long_md

LONGEST_SECONDS = 10.0
MOST_LEFT_OUT = 50
_SHOWN = "suggestion"
NOTHING_FOUND = (
    "Allow more rows to be left out, build coarser levels on the Columns page, or leave a column "
    "out."
)


def suggest_section(session: Session, source: EncodedTable) -> None:
    """Let the user ask for the best levels, and say what was found."""
    st.subheader("Or let the search choose")
    percent = st.slider(
        "Rows that may be left out, in per cent", 0, MOST_LEFT_OUT, 5, key="suppression-limit"
    )
    if st.button("Suggest the least loss", key="suggest"):
        with guard(), st.spinner("Searching…"):
            _suggest(session, source, percent / 100)
    said = st.session_state.get(_SHOWN)
    if said and said["recipe"] == state.current().recipe.digest:
        for line in said["lines"]:
            st.caption(long_md(line))


def _suggest(session: Session, source: EncodedTable, limit: float) -> None:
    problem = SearchProblem(
        roles=published_roles(session), models=asked_models(session), suppression_limit=limit
    )
    found = search(problem, source, session.population, seconds=LONGEST_SECONDS)
    recipe = session.recipe
    if found.levels is not None:
        recipe = recipes.with_levels(recipe, found.levels)
        recipe = recipes.with_requirements(recipe, problem.suppression().require)
        state.put(session.with_recipe(recipe))
    st.session_state[_SHOWN] = {
        "recipe": recipe.digest,
        "lines": lines(problem, found, source.records),
    }
    st.rerun()


def published_roles(session: Session) -> Roles:
    """Return the roles without the columns that the recipe leaves out."""
    dropped = recipes.columns(session.recipe, DropColumn.name)
    by_column = session.roles.by_column
    return Roles(by_column=dict(by_column) | dict.fromkeys(dropped, Role.INSENSITIVE))


def asked_models(session: Session) -> tuple[PrivacyModel, ...]:
    """Return what the policy asks of every group; its class size, or 5, where it asks nothing."""
    roles = published_roles(session)
    models = [
        model
        for requirement in session.policy.requirements
        for model in models_of(requirement, roles.sensitive)
    ]
    return tuple(models) or (KAnonymity(k=policy_size(session.policy)),)


def lines(problem: SearchProblem, found: SearchResult, records: int) -> list[str]:
    """Return what the search found, as sentences."""
    rules = " ".join(model.describe() for model in problem.models)
    looked = (
        f"{format_count(found.evaluated)} of {format_count(found.nodes)} choices of levels were "
        "looked at; the rest could be ruled out."
        if found.optimal
        else ""
    )
    if found.levels is None:
        return [
            f"No choice of levels meets this within the limit: {rules}",
            NOTHING_FOUND,
            *found.caveats,
        ]
    left = f"{format_count(found.suppressed)} rows ({format_share(found.suppressed / records)})"
    proof = (
        "No other choice of levels within the limit loses less detail: this is proven."
        if found.optimal
        else "The search ended before its end: another choice may lose less detail."
    )
    return [
        f"In force now. It meets: {rules} {left} are left out.",
        f"{proof} {looked}".strip(),
        *(caveat for caveat in found.caveats if found.optimal),
    ]
