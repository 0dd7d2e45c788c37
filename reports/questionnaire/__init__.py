"""What no computation can know: questions as data, their answers, and drafts from the data."""

from reports.questionnaire.answers import (
    ATTESTED,
    answer_text,
    answers_from_bytes,
    answers_of,
    answers_to_bytes,
    asked_names,
    asked_questions,
    judge,
    label,
    missing_questions,
    progress,
    questions_of,
    read_answers,
    unanswered,
    unknown_answers,
)
from reports.questionnaire.question import Field, Question
from reports.questionnaire.questions import ASKED, BY_KEY, PARTS

__all__ = [
    "ASKED",
    "ATTESTED",
    "BY_KEY",
    "PARTS",
    "Field",
    "Question",
    "answer_text",
    "answers_from_bytes",
    "answers_of",
    "answers_to_bytes",
    "asked_names",
    "asked_questions",
    "judge",
    "label",
    "missing_questions",
    "progress",
    "questions_of",
    "read_answers",
    "unanswered",
    "unknown_answers",
]
