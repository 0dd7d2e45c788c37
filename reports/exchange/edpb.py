"""Where this report answers each part of the EDPB's template, and what is still missing there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from reports.questionnaire import (
    BY_KEY,
    asked_names,
    label,
    missing_questions,
    unknown_answers,
)

if TYPE_CHECKING:
    from reports.assessment import Assessment

FilledBy = Literal["automatic", "drafted", "asked"]
State = Literal["answered", "in part", "not answered"]


@dataclass(frozen=True, kw_only=True)
class TemplateField:
    """
    One part of the template.

    Parameters
    ----------
    id : str
        Its number there.
    title : str
        What it asks for, in our words.
    filled_by : {"automatic", "drafted", "asked"}
        Whether the table tells it, the tool proposes it, or only a person can say it.
    sections : tuple of str
        Numbers of our sections; none where this report has no place for it.
    questions : tuple of str
        Keys of our questions that answer it.
    """

    id: str
    title: str
    filled_by: FilledBy
    sections: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Template:
    """
    An edition of the template, as data.

    Parameters
    ----------
    name, edition, status, acknowledgement, note : str
    verified_on : str, optional
        When the source was last read; None prints "source not re-read".
    fields : tuple of TemplateField
    """

    name: str
    edition: str
    status: str
    acknowledgement: str
    note: str
    verified_on: str | None
    fields: tuple[TemplateField, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Template:
        """Read an edition from its file."""
        fields = tuple(
            TemplateField(
                **field
                | {"sections": tuple(field["sections"]), "questions": tuple(field["questions"])}
            )
            for field in data["fields"]
        )
        return cls(
            **{key: value for key, value in data.items() if key not in {"version", "fields"}},
            fields=fields,
        )


def _read(name: str) -> Template:
    return Template.from_json(json.loads(files(__package__).joinpath(name).read_text("utf-8")))


EDPB = _read("edpb_2026.json")


@dataclass(frozen=True, kw_only=True)
class EdpbRow:
    """
    One part of the template in an assessment.

    Parameters
    ----------
    field, title : str
        Its number in the template, and what it asks for.
    filled_by : {"automatic", "drafted", "asked"}
    sections : tuple of str
        Numbers of our sections.
    state : {"answered", "in part", "not answered"}
        Whether something stands there, which says nothing of whether it is enough.
    """

    field: str
    title: str
    filled_by: FilledBy
    sections: tuple[str, ...]
    state: State


def edpb_rows(assessment: Assessment, template: Template = EDPB) -> tuple[EdpbRow, ...]:
    """Return every part of the template with how far the answers reach."""
    return tuple(
        EdpbRow(
            field=field.id,
            title=field.title,
            filled_by=field.filled_by,
            sections=field.sections,
            state=_state(field, assessment),
        )
        for field in template.fields
    )


def _state(field: TemplateField, assessment: Assessment) -> State:
    if field.filled_by == "automatic":
        return "answered"
    answers, names = assessment.answers, asked_names(assessment)
    # Not those that do not arise here. The short form for teaching leaves out many that do.
    wanted = [
        question
        for question in map(BY_KEY.__getitem__, field.questions)
        if (question.when is None or question.when(answers)) and names.get(question.key, ("all",))
    ]
    if not wanted:
        nothing = field.filled_by == "asked" and not field.questions
        return "not answered" if nothing else "answered"
    open_ones = {question.key for question in missing_questions(assessment)}
    unknown = unknown_answers(assessment)
    answered = [
        question.answered(answers)
        and question.key not in open_ones
        and label(question) not in unknown
        for question in wanted
    ]
    if all(answered):
        return "answered"
    # What the tool drafted stands there already.
    partly = field.filled_by == "drafted" or any(question.lines(answers) for question in wanted)
    return "in part" if partly else "not answered"
