"""Reduce: make columns coarser, leave groups out, and watch risk and loss move at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from microdata.encoding import EncodedTable
from microdata.roles import Role
from reports import chart_set
from reports.headline import policy_size
from risk.models import PrivacyModel, parse_model
from risk.models.k_anonymity import KAnonymity
from risk.models.l_diversity import DistinctLDiversity
from risk.models.t_closeness import DISTANCES, TCloseness
from transforms.recipe import Recipe
from transforms.steps.drop_column import DropColumn
from transforms.steps.pseudonymize import Pseudonymize
from ui import compute, recipes, state
from ui.state import Session
from ui.widgets.chart import draw
from ui.widgets.gate import missing
from ui.widgets.guard import guard
from ui.widgets.scoreboard import scoreboard
from ui.widgets.suggest import suggest_section
from ui.widgets.text import long_md, md, option_md, plain
from ui.widgets.verdict import banner, requirement_list

KEEP, DROP, PSEUDONYM = "keep in clear", "leave out", "replace by pseudonyms"


def change(make: Callable[[Recipe], Recipe]) -> None:
    """Put a changed recipe in force."""
    session = state.current()
    state.put(session.with_recipe(make(session.recipe)))


def main() -> None:
    """Show the page."""
    st.header("Reduce")
    session = state.current()
    if missing(session):
        return
    if session.elsewhere is not None:
        st.info(
            "A table that was protected elsewhere is being assessed, so there is nothing to "
            "change here. Remove it on the Data page to work on a recipe of your own."
        )
        return
    with st.spinner("Measuring…"):
        source = compute.source(session)
        before = compute.before(session)
    with guard():
        after = compute.after(session)
        policy = session.policy
        shared = after or before
        verdicts = compute.verdicts(session, shared)
        banner(shared, policy, verdicts, session.roles.quasi_identifiers)
        scoreboard(before, after, session.policy)
    controls, charts = st.columns([1, 2], gap="large")
    with controls:
        _history(session)
        _levels(session, source)
        suggest_section(session, source)
        _groups(session)
        _identifiers(session)
        _steps(session)
    with charts, guard():
        after = compute.after(session)
        left, right = st.columns(2, gap="medium")
        with left:
            draw(chart_set.class_sizes(before, after), key="reduce")
        with right:
            draw(chart_set.loss_by_column(chart_set.column_losses(after or before)), key="reduce")
        left, right = st.columns(2, gap="medium")
        with left:
            _distribution(session)
        with right:
            closeness = chart_set.closeness(before, after)
            if closeness is None:
                draw(chart_set.risk_bands(before, after), key="reduce")
            else:
                draw(closeness, key="reduce")
        requirement_list(compute.verdicts(session, after or before))


def _history(session: Session) -> None:
    def move(by: int) -> None:
        state.put(state.current().moved(by))

    with st.container(horizontal=True, gap="small"):
        st.button("Undo", on_click=move, args=(-1,), disabled=session.position == 0, key="undo")
        last = session.position == len(session.history) - 1
        st.button("Redo", on_click=move, args=(1,), disabled=last, key="redo")
        st.button(
            "Start again",
            on_click=change,
            args=(lambda _: Recipe(),),
            disabled=not session.recipe.steps,
            key="reset",
        )


def _levels(session: Session, source: EncodedTable) -> None:
    st.subheader("How coarse is each column?")
    held = recipes.levels(session.recipe)
    dropped = recipes.columns(session.recipe, DropColumn.name)
    without = []
    for column in session.roles.quasi_identifiers:
        if column in dropped:
            continue
        if column not in session.hierarchies or not session.hierarchies[column].height:
            without.append(column)
            continue
        labels = level_labels(source, column)
        key = f"level {column}"
        st.session_state[key] = min(held.get(column, 0), len(labels) - 1)
        st.select_slider(
            md(column),
            list(range(len(labels))),
            format_func=labels.__getitem__,
            key=key,
            on_change=_level_changed,
            args=(column, key),
        )
    if without:
        names = ", ".join(md(name) for name in without)
        st.caption(f"No hierarchy yet for {names}: build one on the Columns page.")


def _level_changed(column: str, key: str) -> None:
    level = int(st.session_state[key])
    change(lambda recipe: recipes.with_level(recipe, column, level))


def level_labels(source: EncodedTable, column: str) -> list[str]:
    """Return what each level of a column looks like: the label that most records get."""
    hierarchy = source.domain(column).hierarchy
    if hierarchy is None:
        return []
    counts = source.counts(column)[: len(hierarchy.leaves)]
    labels = []
    for depth, level in enumerate(hierarchy.levels):
        people = [0] * len(level.labels)
        for node, count in zip(level.lookup.tolist(), counts.tolist(), strict=True):
            people[node] += count
        most = max(range(len(people)), key=people.__getitem__)
        shown = option_md(level.labels[most]) if people[most] >= 5 else f"level {depth}"
        labels.append(f"{depth}: {shown}")
    return labels


def _groups(session: Session) -> None:
    st.subheader("Groups that stay too small")
    models = [parse_model(text) for text in recipes.requirements(session.recipe)]
    k = next((model.k for model in models if isinstance(model, KAnonymity)), 0)
    st.session_state["smallest-group"] = k
    st.number_input(
        "Leave out groups of fewer people than (k; 0 leaves nobody out)",
        min_value=0,
        max_value=1_000_000,
        step=1,
        key="smallest-group",
        on_change=_groups_changed,
    )
    wanted = policy_size(session.policy)
    asks = ", as the policy asks" if session.policy.class_size else ""
    if k != wanted:
        st.button(
            f"Leave out groups below {wanted}{asks}",
            on_click=change,
            args=(lambda recipe: _with_k(recipe, wanted),),
            type="primary",
            key="as-policy",
        )
    if session.roles.sensitive:
        with st.expander("Also ask for variety in the sensitive columns"):
            for column in session.roles.sensitive:
                _variety(column, models)


def _with_k(recipe: Recipe, k: int) -> Recipe:
    rest = [
        text
        for text in recipes.requirements(recipe)
        if not isinstance(parse_model(text), KAnonymity)
    ]
    return recipes.with_requirements(recipe, [f"k-anonymity={k}", *rest] if k else rest)


def _groups_changed() -> None:
    k = int(st.session_state["smallest-group"])
    change(lambda recipe: _with_k(recipe, k))


def _variety(column: str, models: Sequence[PrivacyModel]) -> None:
    different = next(
        (m.diversity for m in models if isinstance(m, DistinctLDiversity) and m.column == column), 0
    )
    close = next((m for m in models if isinstance(m, TCloseness) and m.column == column), None)
    st.markdown(f"**{md(column)}**")
    keys = (f"l {column}", f"t {column}", f"distance {column}")
    st.session_state[keys[0]] = int(different)
    st.session_state[keys[1]] = float(close.t) if close else 1.0
    if close:
        st.session_state[keys[2]] = close.distance
    else:
        st.session_state.setdefault(keys[2], "equal")
    st.number_input(
        "Different values in every group, at least (distinct l; 0: not asked)",
        min_value=0,
        max_value=1000,
        step=1,
        key=keys[0],
        on_change=_variety_changed,
        args=(column, keys),
    )
    st.slider(
        "Largest shift of a group's shares (t; 1: not asked)",
        0.0,
        1.0,
        step=0.05,
        key=keys[1],
        on_change=_variety_changed,
        args=(column, keys),
    )
    st.selectbox(
        "Distance between values for t",
        list(DISTANCES),
        key=keys[2],
        on_change=_variety_changed,
        args=(column, keys),
    )


def _variety_changed(column: str, keys: tuple[str, str, str]) -> None:
    different, close, distance = (st.session_state[key] for key in keys)
    new = []
    if different:
        new.append(DistinctLDiversity(column=column, diversity=int(different)).text())
    if close < 1:
        new.append(TCloseness(column=column, distance=distance, t=float(close)).text())
    change(lambda recipe: _with_variety(recipe, column, new))


def _with_variety(recipe: Recipe, column: str, new: list[str]) -> Recipe:
    rest = [
        text
        for text in recipes.requirements(recipe)
        if getattr(parse_model(text), "column", None) != column
    ]
    return recipes.with_requirements(recipe, [*rest, *new])


def _identifiers(session: Session) -> None:
    roles = session.roles
    named = [*roles.direct_identifiers, *([roles.person] if roles.person else [])]
    others = [
        name
        for name in session.require_dataset().column_names
        if name not in named and roles.role_of(name) is not Role.WEIGHT
    ]
    if named:
        st.subheader("Columns that name people")
    dropped = recipes.columns(session.recipe, DropColumn.name)
    hidden = recipes.columns(session.recipe, Pseudonymize.name)
    for column in named:
        key = f"identifier {column}"
        st.session_state[key] = (
            DROP if column in dropped else PSEUDONYM if column in hidden else KEEP
        )
        st.selectbox(
            md(column),
            [KEEP, DROP, PSEUDONYM],
            key=key,
            on_change=_identifier_changed,
            args=(column, key),
        )
    st.session_state["dropped"] = [name for name in dropped if name in others]
    st.multiselect(
        "Other columns to leave out",
        others,
        format_func=plain,
        key="dropped",
        on_change=_dropped_changed,
        args=(tuple(named),),
    )


def _identifier_changed(column: str, key: str) -> None:
    choice = st.session_state[key]

    def make(recipe: Recipe) -> Recipe:
        dropped = [c for c in recipes.columns(recipe, DropColumn.name) if c != column]
        hidden = [c for c in recipes.columns(recipe, Pseudonymize.name) if c != column]
        dropped += [column] if choice == DROP else []
        hidden += [column] if choice == PSEUDONYM else []
        return recipes.with_pseudonyms(recipes.with_dropped(recipe, dropped), hidden)

    change(make)


def _dropped_changed(named: tuple[str, ...]) -> None:
    chosen = list(st.session_state["dropped"])

    def make(recipe: Recipe) -> Recipe:
        kept = [c for c in recipes.columns(recipe, DropColumn.name) if c in named]
        levels = {c: v for c, v in recipes.levels(recipe).items() if c not in chosen}
        for column in recipes.levels(recipe):
            if column not in levels:
                recipe = recipes.with_level(recipe, column, 0)
        return recipes.with_dropped(recipe, [*kept, *chosen])

    change(make)


def _steps(session: Session) -> None:
    st.subheader("The recipe")
    if not session.recipe.steps:
        st.caption("Nothing is changed yet: the table is as it was uploaded.")
    for number, sentence in enumerate(session.recipe.describe()):
        text, button = st.columns([5, 2], vertical_alignment="center")
        text.markdown(f"{number + 1}\\. " + long_md(sentence))
        button.button(
            "Remove",
            key=f"remove-{number}",
            on_click=change,
            args=(lambda recipe, number=number: recipe.without_step(number),),
        )


def _distribution(session: Session) -> None:
    names = session.roles.quasi_identifiers
    stage = compute.after(session) or compute.before(session)
    shown = [name for name in names if stage.distributions.get(name)]
    if not shown:
        st.caption("No value is held by enough people to be shown.")
        return
    column = st.selectbox("Distribution of", shown, format_func=plain, key="distribution-of")
    draw(
        chart_set.distribution(
            column, stage.distributions[column], released=compute.after(session) is not None
        ),
        key="reduce",
    )


main()
