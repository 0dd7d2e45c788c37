"""What the searches of the Reduce page are asked: which rules, how much may be left out."""

from __future__ import annotations

import streamlit as st

from microdata.roles import Role, Roles
from reports.headline import policy_size
from risk.failing import models_of
from risk.models import KAnonymity, PrivacyModel
from transforms.search import SearchProblem
from transforms.steps.drop_column import DropColumn
from ui import recipes
from ui.state import Session

LIMIT_KEY = "suppression-limit"
MOST_LEFT_OUT = 50
FIRST_LIMIT = 5


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


def limit() -> float:
    """Return the share of rows that may be left out, as the slider has it."""
    percent: int = st.session_state.get(LIMIT_KEY, FIRST_LIMIT)
    return percent / 100


def sizes_problem(session: Session) -> SearchProblem:
    """Return the search that asks for groups of the policy's size and for nothing else."""
    models = tuple(m for m in asked_models(session) if isinstance(m, KAnonymity))
    return SearchProblem(
        roles=published_roles(session),
        models=models or (KAnonymity(k=policy_size(session.policy)),),
    )


def problem(session: Session) -> SearchProblem:
    """Return the search for the levels that meet the policy within the limit."""
    return SearchProblem(
        roles=published_roles(session),
        models=asked_models(session),
        suppression_limit=limit(),
    )
