"""One control for each declared parameter of a step, by its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from transforms.parameters import REQUIRED, DeclaredStep, Parameter
from transforms.steps.drop_column import DropColumn
from ui import recipes
from ui.state import Session
from ui.widgets.options import words_of
from ui.widgets.text import md

_LARGEST = 2**53 - 1  # the largest whole number that a browser keeps exactly
_SMALL = 10  # up to this, a number goes up and down in small steps


def controls(
    session: Session, kind: type[DeclaredStep], held: Mapping[str, Any], *, key: str
) -> dict[str, Any]:
    """
    Show a control for each parameter and return what they hold.

    Parameters
    ----------
    session : Session
    kind : type of DeclaredStep
    held : mapping of str to object
        The parameters of the step that is changed; empty where one is added.
    key : str
        Begins the key of each control; another one makes them read `held` again.

    Returns
    -------
    dict
        Parameter name -> value; None or empty where nothing was given.
    """
    values: dict[str, Any] = {}
    for parameter in kind.parameters:
        start = held.get(parameter.name, parameter.default)
        start = None if start is REQUIRED else start
        # The columns that were chosen before are those that get a number of their own.
        chosen = next((v for p, v in _named(kind, values) if p.kind == "columns"), None)
        values[parameter.name] = _control(
            session, parameter, start, chosen, f"{key}-{parameter.name}"
        )
    return values


def lacking(kind: type[DeclaredStep], values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the titles of the parameters that must be given and are not."""
    return tuple(
        parameter.title
        for parameter, value in _named(kind, values)
        if (value is None or value in ((), ""))
        and (
            parameter.default is REQUIRED
            or (parameter.kind in {"whole", "number"} and parameter.default is not None)
        )
    )


def _named(kind: type[DeclaredStep], values: Mapping[str, Any]) -> list[tuple[Parameter, Any]]:
    return [(p, values[p.name]) for p in kind.parameters if p.name in values]


def _control(
    session: Session,
    parameter: Parameter,
    start: Any,
    chosen: Sequence[str] | None,
    key: str,
) -> Any:
    title, help_ = parameter.title, parameter.help or None
    if parameter.kind == "columns":
        return _columns(session, parameter, start or (), key)
    if parameter.kind == "column":
        return _column(session, parameter, start, key)
    if parameter.kind == "by_column":
        return _by_column(session, parameter, dict(start or ()), chosen, key)
    if parameter.kind == "links":
        return _links(session, parameter, dict(start or ()), key)
    if parameter.kind == "choice":
        index = parameter.choices.index(start) if start in parameter.choices else None
        return st.selectbox(title, parameter.choices, index=index, help=help_, key=key)
    if parameter.kind == "flag":
        return st.checkbox(title, value=bool(start), help=help_, key=key)
    if parameter.kind == "text":
        return st.text_input(title, start or "", max_chars=200, help=help_, key=key)
    return _number(parameter, title, start, key)


def _number(parameter: Parameter, title: str, start: float | None, key: str) -> float | None:
    whole = parameter.kind == "whole"
    low = -_LARGEST if parameter.low is None and whole else parameter.low
    high = _LARGEST if parameter.high is None and whole else parameter.high
    # With its start in the state and none of its own, the control can be emptied again.
    st.session_state.setdefault(key, start if start is None or not whole else int(start))
    number: float | None = st.number_input(
        title,
        min_value=_as(low, whole=whole),
        max_value=_as(high, whole=whole),
        value=None,
        step=1 if whole else 1.0 if high is None or high > _SMALL else 0.05,
        format="%d" if whole else "%.10g",
        help=parameter.help or None,
        placeholder="none" if parameter.default is None else "",
        key=key,
    )
    return number


def _as(limit: float | None, *, whole: bool) -> float | None:
    if limit is None:
        return None
    return int(limit) if whole else float(limit)


def _offered(session: Session, parameter: Parameter, held: Sequence[str]) -> list[str]:
    """Return the columns that a parameter can name, those that it names now included."""
    dropped = recipes.columns(session.recipe, DropColumn.name)
    return [
        column.name
        for column in session.require_dataset().columns
        if column.name in held
        or (
            column.name not in dropped
            and (not parameter.column_kinds or column.kind in parameter.column_kinds)
        )
    ]


def _columns(
    session: Session, parameter: Parameter, held: Sequence[str], key: str
) -> tuple[str, ...]:
    names = _offered(session, parameter, held)
    words = dict(zip(names, words_of(names), strict=True))
    chosen = st.multiselect(
        parameter.title,
        names,
        [name for name in held if name in words],
        format_func=words.__getitem__,
        help=parameter.help or None,
        placeholder="Choose columns" if names else "No column of this kind",
        key=key,
    )
    return tuple(chosen)


def _column(session: Session, parameter: Parameter, held: str | None, key: str) -> str | None:
    names = _offered(session, parameter, () if held is None else (held,))
    words: dict[str | None, str] = {None: "none", **dict(zip(names, words_of(names), strict=True))}
    options: list[str | None] = [*names] if parameter.default is REQUIRED else [None, *names]
    index = options.index(held) if held in options else None
    return st.selectbox(
        parameter.title,
        options,
        index=index,
        format_func=words.__getitem__,
        help=parameter.help or None,
        placeholder="Choose a column" if names else "No column of this kind",
        key=key,
    )


def _by_column(
    session: Session,
    parameter: Parameter,
    held: Mapping[str, float],
    chosen: Sequence[str] | None,
    key: str,
) -> tuple[tuple[str, float], ...]:
    if chosen is None:
        chosen = _columns(session, parameter, tuple(held), key)
    else:
        st.caption(parameter.title)
    names = session.require_dataset().column_names
    found = []
    for name in chosen:
        label = f"{parameter.title}: {md(name)}"
        position = names.index(name) if name in names else -1
        number = _number(parameter, label, held.get(name), f"{key}-{position}")
        if number is not None:
            found.append((name, number))
    return tuple(found)


def _links(
    session: Session, parameter: Parameter, held: Mapping[str, Sequence[str]], key: str
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Show a list of columns, and for each that was chosen a list of those that follow it."""
    chosen = _columns(session, parameter, tuple(held), key)
    names = session.require_dataset().column_names
    words = dict(zip(names, words_of(names), strict=True))
    found = []
    for name in chosen:
        others = [other for other in names if other != name]
        follow = st.multiselect(
            f"Emptied with {md(name)}",
            others,
            [other for other in held.get(name, ()) if other in others],
            format_func=words.__getitem__,
            placeholder="Choose columns",
            key=f"{key}-{names.index(name) if name in names else -1}",
        )
        found.append((name, tuple(follow)))
    return tuple(found)
