"""The choices of levels that were counted: where the recipe stands among them, and going there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from microdata.errors import PrivacyToolError
from microdata.measure import NotComputed
from reports.wording import format_count, format_share
from risk.models import KAnonymity
from transforms.search.profile import LatticeProfile, ProfileNode
from transforms.steps.drop_column import DropColumn
from transforms.steps.generalize import Generalize
from transforms.steps.pseudonymize import Pseudonymize
from transforms.steps.suppress_records import SuppressRecords
from ui import compute, recipes, state, target
from ui.state import Session
from ui.widgets.chart import CONFIG
from ui.widgets.text import long_md, plain
from ui.widgets.waiting import waiting

if TYPE_CHECKING:
    import plotly.graph_objects as go

T = TypeVar("T")
_EXPRESSIBLE = {Generalize.name, SuppressRecords.name, DropColumn.name, Pseudonymize.name}
LONGEST_CHANGE = 60


def counted(session: Session) -> LatticeProfile | None:
    """Return the counted choices of levels, or None after saying why they are not there."""
    found = compute.profile(session).poll()
    if found is None:
        waiting(lambda: compute.profile(session).done, lambda: _progress(session))
    elif isinstance(found, NotComputed):
        st.caption(long_md(found.reason))
    else:
        return found
    return None


def _progress(session: Session) -> str:
    done, of = compute.profile(session).progress
    part = f" {format_share(done / of)} done." if of else ""
    return f"Every choice of levels is being counted behind the page.{part}"


def here(session: Session, profile: LatticeProfile) -> ProfileNode | None:
    """Return where the recipe stands, or None where it does more than levels and group sizes."""
    recipe = session.recipe
    if any(step.name not in _EXPRESSIBLE for step in recipe.steps):
        return None
    if any(not isinstance(model, KAnonymity) for model in recipes.models(recipe)):
        return None
    held = recipes.levels(recipe)
    try:
        node = profile.node_of({name: held.get(name, 0) for name in profile.columns})
    except PrivacyToolError:  # a level that the search may not choose
        return None
    k = max(1, recipes.smallest_group(recipe))
    return profile.at(node, k) if k in profile.k else None


def target_size(session: Session) -> int:
    """Return the smallest group that the policy asks for."""
    models = target.sizes_problem(session).models
    return max(model.k for model in models if isinstance(model, KAnonymity))


def difference(levels: Mapping[str, int], now: Mapping[str, int]) -> str:
    """Return which levels differ, such as "age 2 → 3, sex 0 → 1"."""
    changes = [
        f"{plain(name)} {now.get(name, 0)} → {level}"
        for name, level in levels.items()
        if level != now.get(name, 0)
    ]
    text = ", ".join(changes) or "the levels in force"
    return text if len(text) <= LONGEST_CHANGE else f"{text[: LONGEST_CHANGE - 1]}…"


def go_to(levels: Mapping[str, int], k: int) -> None:
    """Put levels in force, and leave out the groups of fewer than k people."""
    state.change(
        lambda recipe: recipes.with_smallest_group(
            recipes.with_levels(recipe, levels), k if k > 1 else 0
        )
    )


def point_chart(
    figure: go.Figure, places: Sequence[Callable[[], None]], *, key: str, alt: str
) -> None:
    """Draw a figure whose points lead somewhere: a click on one goes to its place."""
    st.plotly_chart(
        figure,
        width="stretch",
        theme=None,
        config=CONFIG,
        key=key,
        on_select=partial(picked, key, places),
        selection_mode="points",
        alt=alt,
    )


def put_in_force(
    label: str,
    options: Sequence[T],
    words: Callable[[T], str],
    go_there: Callable[[T], None],
    *,
    key: str,
) -> None:
    """Offer in a list what a click on a chart does, for keyboards and screen readers."""
    choice = f"{key}-choice"
    st.selectbox(
        label,
        range(len(options)),
        format_func=lambda i: plain(words(options[i])),
        key=choice,
    )
    st.button(
        "Put it in force",
        # Read when it is pressed: a choice made just before is not drawn yet.
        on_click=lambda: go_there(options[st.session_state[choice]]),
        key=f"{key}-go",
    )


def picked(key: str, places: Sequence[Callable[[], None]]) -> None:
    """Go to the point of a chart that was clicked on."""
    points = st.session_state[key]["selection"]["points"]
    if points and points[0].get("customdata") is not None:
        place = points[0]["customdata"]
        number = int(place[0] if isinstance(place, list | tuple) else place)
        if 0 <= number < len(places):
            places[number]()


def percent(limit: float) -> str:
    """Return the share of rows that may be left out, which is a whole number of per cent."""
    return f"{round(100 * limit)} %"


def left_out(suppressed: int, records: int) -> str:
    """Return how many rows are left out, with their share."""
    return f"{format_count(suppressed)} ({format_share(suppressed / max(1, records))})"
