"""Named versions of the recipe: saved, put in force again, and two of them compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from microdata.encoding import EncodedTable
from reports.headline import HeadlineRow, headline_rows, people_below, people_in, policy_size
from reports.project import LONGEST_NAME
from reports.stage import Stage
from reports.wording import format_count
from transforms.recipe import Recipe
from ui import compute, state
from ui.state import Session
from ui.widgets.composition import show_composition
from ui.widgets.guard import guard
from ui.widgets.options import words_of
from ui.widgets.text import long_md, plain
from ui.widgets.upload import announce, announced
from ui.widgets.verdict import worst

PLACE = "versions"
NOT_COMPUTED = "not computed"  # the reasons stand on the Risk page
ORIGINAL, NOW = "The original", "The recipe in force"


@dataclass(frozen=True, kw_only=True)
class Version:
    """A recipe to be compared, and what it is called."""

    name: str
    recipe: Recipe


def versions_of(session: Session) -> tuple[Version, ...]:
    """Return what can be compared: the original, the recipe in force, and every saved version."""
    return (
        Version(name=ORIGINAL, recipe=Recipe()),
        Version(name=NOW, recipe=session.recipe),
        *(Version(name=name, recipe=usable(recipe)) for name, recipe in session.saved),
    )


def usable(recipe: Recipe) -> Recipe:
    """Return a saved recipe as it is put in force: without what it recorded of hierarchies."""
    return replace(recipe, hierarchies={})


def versions_section(session: Session) -> None:
    """Let the user save the recipe in force under a name, and work with what was saved."""
    st.subheader("Versions")
    announced(PLACE)
    with st.form("save-version", clear_on_submit=True, border=False):
        name = st.text_input(
            "Save what is in force as",
            max_chars=LONGEST_NAME,
            placeholder="such as: for the press",
            key=f"version-name-{state.generation()}",
        )
        if st.form_submit_button("Save this version"):
            with guard():
                state.put(session.with_saved(name))
                announce(PLACE, f"The recipe in force is saved as “{plain(name)}”.")
                st.rerun()
    if session.saved:
        _saved(session)


def _saved(session: Session) -> None:
    words = words_of([name for name, _ in session.saved])
    key = f"{state.generation()}-{len(session.saved)}"
    chosen = st.selectbox(
        "Saved versions",
        range(len(words)),
        index=len(words) - 1,
        format_func=words.__getitem__,
        key=f"version-{key}",
    )
    name, recipe = session.saved[chosen]
    for issue in recipe.check_hierarchies(session.hierarchies):
        st.caption(f"⚠ {long_md(issue.message)}")
    in_force = usable(recipe).steps == session.recipe.steps
    with st.container(horizontal=True, gap="small"):
        if st.button("Put in force", key="use-version", disabled=in_force):
            _use(session, name, usable(recipe))
        if st.button("Delete", key="delete-version"):
            state.put(session.without_saved(name))
            announce(PLACE, f"The version “{plain(name)}” is deleted.")
            st.rerun()
    new = st.text_input(
        "Another name for it", max_chars=LONGEST_NAME, key=f"rename-{key}-{chosen}-{words[chosen]}"
    )
    if st.button("Rename", key="rename-version", disabled=not new.strip()):
        with guard():
            state.put(session.with_renamed(name, new))
            announce(PLACE, f"The version is called “{plain(new)}” now.")
            st.rerun()


def _use(session: Session, name: str, recipe: Recipe) -> None:
    with guard():
        after = session.with_recipe(recipe)
        compute.release(after)  # a version that cannot be applied is told, not put in force
        state.put(after)
        announce(PLACE, f"The version “{plain(name)}” is in force. Undo brings back the former.")
        st.rerun()


def compare_two(session: Session, source: EncodedTable) -> None:
    """Show two versions side by side: the figures of the scoreboard, and which steps differ."""
    st.subheader("Compare two versions")
    found = versions_of(session)
    words = words_of([version.name for version in found])
    left, right = st.columns(2)
    key = f"{state.generation()}-{len(found)}"
    first = left.selectbox(
        "First", range(len(found)), format_func=words.__getitem__, key=f"compare-first-{key}"
    )
    second = right.selectbox(
        "Second",
        range(len(found)),
        index=1,
        format_func=words.__getitem__,
        key=f"compare-second-{key}",
    )
    if first == second:
        st.caption("Choose two different versions.")
        return
    a, b = found[first], found[second]
    with guard(), st.spinner("Measuring…"):
        table = comparison(session, a.recipe, b.recipe)
        table.columns = pd.Index(["Figure", words[first], words[second], "Difference"])
        st.dataframe(
            table,
            hide_index=True,
            width="stretch",
            alt="The figures of the two versions side by side, and their difference",
        )
        st.caption(
            f"Of {format_count(source.records)} rows in the table. Better and worse are said of "
            "the second version, compared with the first."
        )
        st.markdown(_steps_that_differ(a.recipe, b.recipe, (words[first], words[second])))
    if 0 not in {first, second}:  # beside the original itself nothing is left to find
        st.markdown("##### If both are published")
        show_composition(
            session.with_recipe(a.recipe),
            session.with_recipe(b.recipe),
            (words[first], words[second]),
            key="compare",
        )


def _steps_that_differ(first: Recipe, second: Recipe, names: tuple[str, str]) -> str:
    lines = [
        f"- Only in **{long_md(name)}**: {long_md(step)}"
        for name, steps in zip(names, differing_steps(first, second), strict=True)
        for step in steps
    ]
    if steps_differ_in_order(first, second):
        lines = ["- Both have the same steps, in another order."]
    return "\n".join(lines or ["Both have the same steps."])


def comparison(session: Session, first: Recipe, second: Recipe) -> pd.DataFrame:
    """
    Return the scoreboard of two recipes: figure, first, second, and what differs.

    Raises
    ------
    PrivacyToolError
        One of them cannot be applied to the table.
    """
    size = policy_size(session.policy)
    one, two = _measured(session, first), _measured(session, second)
    rows = [
        (
            f"{row.name} ({row.term})",
            _short(row.before),
            _short(row.now),
            _difference(row, one[0], two[0], size),
        )
        for row in headline_rows(one[0], two[0], size=size)
    ]
    verdict = "the same" if one[1] == two[1] else "another verdict"
    rows.append((plain(f"Policy: {session.policy.title}"), one[1], two[1], verdict))
    return pd.DataFrame(rows)


def _measured(session: Session, recipe: Recipe) -> tuple[Stage, str]:
    other = session.with_recipe(recipe)
    stage = compute.after(other) or compute.before(other)
    return stage, worst(compute.verdicts(other, stage))


def _short(text: str) -> str:
    return NOT_COMPUTED if text.startswith(NOT_COMPUTED) else text


def _difference(row: HeadlineRow, one: Stage, two: Stage, size: int) -> str:
    number = _NUMBERS[row.id]
    a, b = number(one, size), number(two, size)
    if a is None or b is None:
        return "not comparable"
    if a == b:
        return "the same"
    by = abs(b - a)
    if row.id in _SHARES:
        points = f"{100 * by:.1f}"
        words = f"{points if points != '0.0' else 'under 0.1'} points"
    else:
        words = format_count(int(by))
    change = f" {row.arrow} {row.change}" if row.change in {"better", "worse"} else ""
    return f"{'+' if b > a else '−'}{words}{change}"


def _smallest(stage: Stage) -> float | None:
    return min((held for held, people in stage.people_by_size.items() if people), default=None)


_SHARES = {"highest", "detail"}
_NUMBERS: dict[str, Callable[[Stage, int], float | None]] = {
    "smallest": lambda stage, _: _smallest(stage),
    "highest": lambda stage, _: stage.value("reidentification", "prosecutor", "highest"),
    "at-risk": lambda stage, size: people_below(stage, size) if people_in(stage) else None,
    "left-out": lambda stage, _: stage.value("classes", "suppressed_records"),
    "detail": lambda stage, _: stage.value("utility", "granularity"),
}


def differing_steps(first: Recipe, second: Recipe) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the steps that only the first recipe has, and those that only the second has."""

    def only(these: Recipe, those: Recipe) -> tuple[str, ...]:
        others = _texts(those)
        said = []
        for step, text in zip(these.steps, _texts(these), strict=True):
            if text in others:
                others.remove(text)
            else:
                said.append(step.describe())
        return tuple(said)

    return only(first, second), only(second, first)


def steps_differ_in_order(first: Recipe, second: Recipe) -> bool:
    """Return whether two recipes have the same steps in another order."""
    a, b = _texts(first), _texts(second)
    return a != b and sorted(a) == sorted(b)


def _texts(recipe: Recipe) -> list[str]:
    return [json.dumps(step.to_json(), sort_keys=True) for step in recipe.steps]
