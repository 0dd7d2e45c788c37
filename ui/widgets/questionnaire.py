"""What only a person can say: the questions part by part, with proposals from the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import streamlit as st

from reports.assessment import Assessment
from reports.questionnaire import (
    ATTESTED,
    PARTS,
    Question,
    asked_names,
    asked_questions,
    label,
    missing_questions,
    questions_of,
    unknown_answers,
)
from reports.questionnaire.drafts import Draft, drafts
from reports.wording import format_share, join_names
from ui import state
from ui.widgets.question_form import ask, ask_rules, place_of
from ui.widgets.text import long_md, md

POLICY = "policy"
_PART = "part of the questionnaire"
_DEPTHS: Mapping[str, str] = {"": "Every question", "teaching": "The short form, for teaching"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """
    A part of the questionnaire as far as it is asked.

    Parameters
    ----------
    key, title : str
    questions : tuple of Question
    rules : mapping of str to str
        What only a person can say for the policy, by the name of its answer.
    open_ : tuple of str
        Short names of what needs an answer and has none.
    of : int
        How many need an answer.
    """

    key: str
    title: str
    questions: tuple[Question, ...]
    rules: Mapping[str, str]
    open_: tuple[str, ...]
    of: int

    @property
    def count(self) -> str:
        """How many of its questions have an answer, as it stands beside its title."""
        if not self.of:
            return "optional"
        return "✓" if not self.open_ else f"{self.of - len(self.open_)} of {self.of}"


def parts_of(assessment: Assessment) -> tuple[Part, ...]:
    """Return the parts in which something is asked, those of the questions before the policy's."""
    asked, missing = asked_questions(assessment), missing_questions(assessment)
    found = []
    for key, title in PARTS.items():
        questions = tuple(q for q in asked if q.part == key and q.key != "depth")
        if questions:
            found.append(
                Part(
                    key=key,
                    title=title,
                    questions=questions,
                    rules={},
                    open_=tuple(label(q) for q in missing if q.part == key),
                    of=sum(q.needed for q in questions),
                )
            )
    rules = questions_of(assessment.policy)
    if rules:
        said = assessment.answers.get(ATTESTED, {})
        found.append(
            Part(
                key=POLICY,
                title="What the policy asks",
                questions=(),
                rules=rules,
                open_=tuple(text for name, text in rules.items() if not said.get(name)),
                of=len(rules),
            )
        )
    return tuple(found)


def questionnaire_section(assessment: Assessment) -> None:
    """Show how much is answered, what is missing, and the questions of one part."""
    st.subheader("What only you can say")
    parts = parts_of(assessment)
    _depth(assessment)
    _progress(parts, assessment)
    part = _chosen(parts)
    st.markdown(f"#### {md(part.title)}")
    proposed, names = drafts(assessment), _names(assessment)
    numbers = [0, *(question.number for question in part.questions)]
    for question, (former, number) in zip(part.questions, pairwise(numbers), strict=True):
        text = question.text if question.needed else f"{question.text} (optional)"
        # Several questions share a number: it stands before the first of them.
        shown = f"Q{number}. {text}" if number not in {0, former} else text
        ask(question, assessment.answers, label=shown, names=names.get(question.key, {}))
        if question.key in proposed and not question.answered(assessment.answers):
            _propose(question, proposed[question.key])
        elif question.key == "severity":
            _floor(assessment)
    ask_rules(part.rules, assessment.answers)
    _onward(parts, part)


def _depth(assessment: Assessment) -> None:
    def keep() -> None:
        given = st.session_state.get(place_of("depth"))
        if given is not None:  # nothing is given once the data was forgotten
            state.put(state.current().with_answer("depth", given))

    held = assessment.answers.get("depth", "")
    st.session_state[place_of("depth")] = held if held in _DEPTHS else ""
    st.radio(
        "How much is asked",
        list(_DEPTHS),
        format_func=_DEPTHS.__getitem__,
        key=place_of("depth"),
        on_change=keep,
        horizontal=True,
        help="The short form asks only what a class exercise needs, and its report stays a draft.",
    )


def _progress(parts: Sequence[Part], assessment: Assessment) -> None:
    of = sum(part.of for part in parts)
    left = sum(len(part.open_) for part in parts)
    st.progress((of - left) / of if of else 1.0, text=f"{of - left} of {of} questions answered")
    unknown = unknown_answers(assessment)
    if unknown:
        st.caption(
            f"Answered with “I do not know”, and so still open: {long_md(join_names(unknown))}."
        )
    if left:
        with st.expander(f"What is missing ({left})"):
            for part in parts:
                if part.open_:
                    st.button(
                        f"→ {part.title}: {len(part.open_)} missing",
                        key=f"missing {part.key}",
                        type="tertiary",
                        on_click=_turn_to,
                        args=(part.key,),
                    )
                    st.caption(long_md("; ".join(part.open_)))


def _chosen(parts: Sequence[Part]) -> Part:
    by_key = {part.key: part for part in parts}
    held = st.session_state.get(_PART)
    now = held if held in by_key else parts[0].key
    st.session_state["questionnaire-part"] = now
    st.pills(
        "Part",
        list(by_key),
        format_func=lambda key: f"{by_key[key].title} · {by_key[key].count}",
        key="questionnaire-part",
        required=True,
        wrap=True,
        on_change=lambda: _turn_to(st.session_state.get("questionnaire-part", "")),
    )
    return by_key[now]


def _turn_to(key: str) -> None:
    st.session_state[_PART] = key


def _names(assessment: Assessment) -> dict[str, dict[str, str]]:
    """Return for which names questions are asked one by one, with what is known of each."""
    falls = {
        change.column: f"Without it the average risk falls by {format_share(-change.rise)}."
        for change in assessment.sensitivity.changes
        if not change.added and change.rise < 0
    }
    return {
        key: {name: falls.get(name, "") if key == "needed" else "" for name in names}
        for key, names in asked_names(assessment).items()
    }


def _floor(assessment: Assessment) -> None:
    """Say which severity the data suggests, and what a lower one needs."""
    pia = assessment.pia
    told = long_md(" ".join(pia["severity_reasons"]))
    if pia["severity_answered"] != pia["severity"]:
        st.warning(f"{told} Write below why it is lower than the data suggests.")
    elif told:
        st.caption(told)


def _propose(question: Question, draft: Draft) -> None:
    """Show what the data proposes."""
    text = "; ".join(question.lines({question.key: draft.value}))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"From the data: **{long_md(text)}** {long_md(draft.because)}", width="content")
        st.button(
            "Take it",
            key=f"take {question.key}",
            on_click=_take,
            args=(question.key, draft),
            help=f"Answers “{question.name}” with what the data proposes; you can change it.",
        )


def _take(key: str, draft: Draft) -> None:
    state.put(state.current().with_answer(key, draft.value))


def _onward(parts: Sequence[Part], part: Part) -> None:
    """Let the user turn to the part before and after."""
    i = parts.index(part)
    with st.container(horizontal=True):
        for place, word in ((i - 1, "Back"), (i + 1, "Next")):
            if 0 <= place < len(parts):
                other = parts[place]
                st.button(
                    f"{word}: {other.title}",
                    key=f"part {word}",
                    on_click=_turn_to,
                    args=(other.key,),
                )
