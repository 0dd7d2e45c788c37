"""One question of the assessment, each kind with the controls that answer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from microdata.errors import PrivacyToolError
from reports.questionnaire import ATTESTED, Field, Question
from reports.questionnaire.question import LONGEST, MOST_RECORDS, Kind
from ui import state
from ui.widgets.options import words_of
from ui.widgets.text import long_md, md

NOT_ANSWERED = "Not answered"
_YES_NO: Mapping[str, str] = {"yes": "Yes", "no": "No"}
_ADDING = "adding a row to"
_EXAMPLE = "2026-11-30"
_SHORT: frozenset[Kind] = frozenset({"line", "choice", "level", "date"})
_ROWS: Mapping[str, str] = {"risks": "risk", "measures": "measure", "actions": "action"}

Change = Callable[[Any], Any]
"""Takes what is answered and returns what is answered now; None is no answer."""
Update = Callable[[Change], None]
"""
Changes an answer, or a part of one. What is answered is read only then: two controls can change
before the page is drawn anew, and none may undo the other.
"""


def ask(
    question: Question, answers: Mapping[str, Any], *, label: str, names: Mapping[str, str]
) -> None:
    """
    Show a question with its answer, and keep what is answered at once.

    Parameters
    ----------
    question : Question
    answers : mapping
        All answers.
    label : str
        The question as it is asked.
    names : mapping of str to str
        For what it is asked one by one, if it is, each with a hint.
    """
    key, held, told = question.key, answers.get(question.key), question.help

    place, update = place_of(key), _updating(key)
    if question.kind in {"several", "by_name", "record", "list"}:
        st.markdown(f"**{long_md(label)}**", help=told or None)
    if question.kind == "several":
        _several(question, held or (), place, update)
    elif question.kind == "by_name":
        _by_name(question, names, held or {}, update)
    elif question.kind == "record":
        _record(question.fields, held or {}, place, update)
    elif question.kind == "list":
        _rows(question, held or (), update)
    else:
        asked = Field(key=key, name=label, kind=question.kind, options=question.options)
        _one(asked, held, place, update, help_=told)


def ask_rules(rules: Mapping[str, str], answers: Mapping[str, Any]) -> None:
    """Show what only a person can say for a policy: each rule, to be answered with yes or no."""
    for name, text in rules.items():
        part = Field(key=name, name=text, kind="choice", options=_YES_NO)
        place = place_of(f"{ATTESTED} {name}")
        _part(part, answers.get(ATTESTED) or {}, place, _updating(ATTESTED))


def _updating(key: str) -> Update:
    def update(change: Change) -> None:
        session = state.current()
        if session.dataset is None:  # a control can tell of itself after the data was forgotten
            return
        state.put(session.with_answer(key, change(session.answers.get(key))))

    return update


def place_of(key: str) -> str:
    """Return the key of the widget that answers a question."""
    return f"answer {key}"


def _one(part: Field, held: Any, place: str, update: Update, *, help_: str = "") -> None:
    """Show one control; a change is kept at once."""
    kind, label, told = part.kind, long_md(part.name), help_ or None

    def keep() -> None:
        update(lambda _: _taken(kind, place))

    if kind in {"choice", "level"}:
        _set(place, "" if held is None else str(held))
        st.selectbox(
            label,
            ["", *part.options],
            format_func=lambda option: part.options.get(option, NOT_ANSWERED),
            key=place,
            help=told,
            on_change=keep,
        )
    elif kind == "date":
        _date(part, held, place, update, help_=help_)
    elif kind == "line":
        _set(place, _sent(held))
        st.text_input(label, max_chars=LONGEST["line"], key=place, help=told, on_change=keep)
    else:
        _set(place, _sent(held))
        st.text_area(
            label, height=96, max_chars=LONGEST["text"], key=place, help=told, on_change=keep
        )


def _set(place: str, value: Any) -> None:
    # Written only where it differs: a value that is set takes the place of what is being typed.
    if place not in st.session_state or st.session_state[place] != value:
        st.session_state[place] = value


def _sent(held: Any) -> str:
    """Return a text that can be sent to a browser: a file of answers may hold half characters."""
    return str(held or "").encode("utf-8", "replace").decode("utf-8")


def _date(part: Field, held: Any, place: str, update: Update, *, help_: str) -> None:
    """Show a date as text: the calendar of the framework cannot be read out while it is empty."""
    mistake = f"no date at {place}"

    def keep() -> None:
        st.session_state.pop(mistake, None)
        text = st.session_state.get(place, "").strip()
        try:
            part.check(text, part.name)
        except PrivacyToolError:
            st.session_state[mistake] = (text, held)
        else:
            update(lambda _: text or None)

    typed, before = st.session_state.get(mistake, ("", None))
    wrong = bool(typed) and before == held
    _set(place, typed if wrong else _sent(held))
    st.text_input(
        long_md(part.name),
        max_chars=LONGEST["line"],
        key=place,
        help=help_ or None,
        placeholder=_EXAMPLE,
        on_change=keep,
    )
    if wrong:
        st.error(f"This is no date, so it is not kept. Write it like {_EXAMPLE}.")


def _taken(kind: Kind, place: str) -> Any:
    """Return what a control holds as an answer; None where it is empty."""
    value = st.session_state[place]
    if value is None or not str(value).strip():
        return None
    return int(value) if kind == "level" else str(value).strip()


def _several(question: Question, held: Sequence[str], place: str, update: Update) -> None:
    def keep(option: str) -> None:
        chosen = [one for one in question.options if st.session_state[f"{place} {one}"]]
        # "Nothing" and something exclude each other: the last click counts.
        if "none" in chosen and len(chosen) > 1:
            chosen = [one for one in chosen if (one == "none") == (option == "none")]
        update(lambda _: chosen)

    for option, words in question.options.items():
        _set(f"{place} {option}", option in held)
        st.checkbox(md(words), key=f"{place} {option}", on_change=keep, args=(option,))


def _by_name(
    question: Question, names: Mapping[str, str], held: Mapping[str, str], update: Update
) -> None:
    words = words_of(tuple(names))
    for i, (word, (name, hint)) in enumerate(zip(words, names.items(), strict=True)):
        kind: Kind = "text" if len(held.get(name, "")) > LONGEST["line"] else "line"
        part = Field(
            key=name,
            name=word,
            kind="choice" if question.options else kind,
            options=question.options,
        )
        _part(part, held, f"{place_of(question.key)} {i}", update)
        if hint:
            st.caption(long_md(hint))


def _record(parts: Sequence[Field], held: Mapping[str, Any], place: str, update: Update) -> None:
    """Show the parts of a record: short ones side by side, texts over the whole width."""
    beside: list[Field] = []
    for i, part in enumerate(parts):
        if part.kind not in _SHORT:
            _part(part, held, f"{place} {part.key}", update)
            continue
        beside.append(part)
        if len(beside) == 2 or i + 1 == len(parts) or parts[i + 1].kind not in _SHORT:
            for column, short in zip(st.columns(2), beside, strict=False):
                with column:
                    _part(short, held, f"{place} {short.key}", update)
            beside = []


def _part(part: Field, held: Mapping[str, Any], place: str, update: Update) -> None:
    def update_part(change: Change) -> None:
        def changed(record: Any) -> dict[str, Any]:
            rest = {key: said for key, said in (record or {}).items() if key != part.key}
            value = change((record or {}).get(part.key))
            return rest if value is None else {**rest, part.key: value}

        update(changed)

    _one(part, held.get(part.key), place, update_part)


def _rows(question: Question, held: Sequence[Mapping[str, Any]], update: Update) -> None:
    """Show the records of a list, and an empty one where one is being added."""
    flag, what = f"{_ADDING} {question.key}", _ROWS[question.key]
    adding = bool(st.session_state.get(flag))

    def row(i: int) -> Update:
        def update_row(change: Change) -> None:
            def changed(rows: Any) -> list[Any]:
                rows = list(rows or ())
                record = change(rows[i] if i < len(rows) else None)
                # An emptied row is no answer, but stays in sight to be filled again.
                st.session_state[flag] = not record
                return [one for one in (*rows[:i], record, *rows[i + 1 :]) if one]

            update(changed)

        return update_row

    def remove(i: int) -> None:
        st.session_state[flag] = adding and i < len(held)
        update(lambda rows: [one for n, one in enumerate(rows or ()) if n != i])

    for i, record in enumerate([*held, {}] if adding else held):
        with st.container(border=True):
            _record(question.fields, record, f"{place_of(question.key)} {i}", row(i))
            st.button(
                f"Remove {what} {i + 1}",
                key=f"remove {question.key} {i}",
                type="tertiary",
                on_click=remove,
                args=(i,),
            )
    if not adding and len(held) < MOST_RECORDS:
        article = "an" if what[0] in "aeiou" else "a"
        st.button(
            f"Add {article} {what}",
            key=f"add {question.key}",
            on_click=lambda: st.session_state.__setitem__(flag, True),
        )
