"""Suggest: the release that meets the policy with the least loss, why it, and the next best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from microdata.encoding import EncodedTable
from microdata.measure import NotComputed
from microdata.population import Population
from reports.wording import format_count, format_share
from transforms.recipe import Recipe
from transforms.search import (
    SearchProblem,
    SearchResult,
    search,
    search_anjana,
    search_local,
)
from transforms.search.profile import LatticeProfile
from transforms.steps.generalize import Generalize
from transforms.steps.suppress_records import SuppressRecords
from ui import compute, recipes, state, target
from ui.state import Session
from ui.widgets.choices import difference, left_out, put_in_force
from ui.widgets.guard import guard
from ui.widgets.text import long_md

LONGEST_SECONDS = 10.0
_SHOWN = "suggestion"
NOTHING_FOUND = (
    "Allow more rows to be left out, build coarser levels on the Columns page, or leave a column "
    "out."
)

Search = Callable[[SearchProblem, EncodedTable, Population], SearchResult]
WAYS: Mapping[str, Search] = {
    "one level a column for everybody, proven best": lambda *asked: search(
        *asked, seconds=LONGEST_SECONDS
    ),
    "levels by group: keeps more, opens other attacks": lambda *asked: search_local(
        *asked, seconds=LONGEST_SECONDS
    ),
    "anjana: another program, to compare": search_anjana,
}


def suggest_section(session: Session, source: EncodedTable) -> None:
    """Let the user ask for the best release, and say what was found and why."""
    st.subheader("Let the search choose")
    # Its start is a default of its own: set in the state it is lost where a run is cut short.
    st.slider(
        "Rows that may be left out, in per cent",
        min_value=0,
        max_value=target.MOST_LEFT_OUT,
        value=target.FIRST_LIMIT,
        key=target.LIMIT_KEY,
    )
    way = st.selectbox("How", list(WAYS), key="suggest-way")
    if st.button("Suggest the least loss", key="suggest", type="primary"):
        with guard(), st.spinner("Searching…"):
            _suggest(session, source, WAYS[way])
    said = st.session_state.get(_SHOWN)
    # What was found holds for the very table, rules and hierarchies it was searched with.
    if said and said["of"] == state.current().figures_key():
        for line in said["lines"]:
            st.caption(long_md(line))
        _why(session, said["limit"])
        _next_best(said["next"], session, source.records)


def _suggest(session: Session, source: EncodedTable, way: Search) -> None:
    problem = target.problem(session)
    found = way(problem, source, session.population)
    if found.recipe is not None:
        session = session.with_recipe(in_place(session.recipe, found.recipe))
        state.put(session)
    st.session_state[_SHOWN] = {
        "of": session.figures_key(),
        "lines": lines(problem, found, source.records),
        "limit": problem.suppression_limit,
        "next": [(dict(other.levels), other.score, other.suppressed) for other in found.runner_ups],
    }
    st.rerun()


def in_place(recipe: Recipe, found: Recipe) -> Recipe:
    """Return a recipe in which what was found replaces levels, and what makes groups safe."""
    replaced = {Generalize.name, SuppressRecords.name, *recipes.BY_GROUP}
    kept = tuple(step for step in recipe.steps if step.name not in replaced)
    made = [
        Generalize(levels={name: level for name, level in step.levels.items() if level})
        if isinstance(step, Generalize)
        else step
        for step in found.steps
    ]
    steps = tuple(s for s in made if not isinstance(s, Generalize) or s.levels)
    return replace(recipe, steps=(*kept, *steps))


def lines(problem: SearchProblem, found: SearchResult, records: int) -> list[str]:
    """Return what the search found, as sentences."""
    rules = " ".join(model.describe() for model in problem.models)
    if found.recipe is None:
        return [
            f"Nothing meets this within the limit: {rules}",
            NOTHING_FOUND,
            *found.caveats,
        ]
    said = [
        f"In force now. It meets: {rules} Left out: {left_out(found.suppressed, records)} rows."
    ]
    if found.optimal:
        said.append(
            "No other choice of levels within the limit loses less detail: this is proven. "
            f"{format_count(found.evaluated)} of {format_count(found.nodes)} choices of levels "
            "were looked at; the rest could be ruled out."
        )
    return [*said, *found.caveats]


def _why(session: Session, limit: float) -> None:
    profile = compute.profile(session).poll()
    if profile is None or isinstance(profile, NotComputed):
        return
    said = reasons(profile, recipes.levels(session.recipe), session, limit)
    if said:
        with st.expander("Why not finer?"):
            for line in said:
                st.caption(long_md(line))


def reasons(
    profile: LatticeProfile, levels: Mapping[str, int], session: Session, limit: float
) -> list[str]:
    """Return, for each column, what one level finer would cost."""
    k = max(1, recipes.smallest_group(session.recipe))
    if k not in profile.k:
        return []
    now = {name: levels.get(name, 0) for name in profile.columns}
    score = profile.at(profile.node_of(now), k).score
    said = []
    for name, low in zip(profile.columns, profile.lowest, strict=True):
        if now[name] <= low:
            continue
        finer = profile.at(profile.node_of({**now, name: now[name] - 1}), k)
        share = format_share(finer.suppressed / profile.records)
        scores = f"({format_share(finer.score)} in place of {format_share(score)})"
        if finer.suppressed > limit * profile.records:
            cost = f"{share} of the rows would have to be left out."
        elif finer.score < score:
            cost = (
                f"less detail lost {scores} by the sizes of groups alone, with {share} of the rows "
                "left out; but another rule forbids it, or the search did not get that far."
            )
        else:
            cost = (
                f"{share} of the rows would be left out, and no less detail lost in all {scores}."
            )
        said.append(f"{name} one level finer: {cost}")
    return said


def _next_best(
    others: list[tuple[dict[str, int], float, int]], session: Session, records: int
) -> None:
    if not others:
        return
    now = recipes.levels(session.recipe)
    table = st.expander("The next best that were looked at", key="next-table", on_change="rerun")
    if not table.open:
        return
    with table:
        st.dataframe(
            pd.DataFrame(
                {
                    "levels against now": [difference(levels, now) for levels, _, _ in others],
                    "detail lost": [format_share(score) for _, score, _ in others],
                    "rows left out": [left_out(out, records) for _, _, out in others],
                }
            ),
            hide_index=True,
            width="stretch",
        )
        put_in_force(
            "Another one",
            [levels for levels, _, _ in others],
            lambda levels: difference(levels, now),
            lambda levels: state.change(lambda recipe: recipes.with_levels(recipe, levels)),
            key="next-best",
        )
