"""The 27 questions of the assessment, and what is asked of the document itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from reports.questionnaire.question import Answers, Field, Kind, Question
from reports.words import WORDS

_FIELD_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "severity": "level",
        "likelihood": "level",
        "residual_severity": "level",
        "residual_likelihood": "level",
        "date": "date",
        "due": "date",
        "impact": "text",
        "measures": "text",
        "text": "text",
        "advice": "text",
        "followed": "text",
        "said": "text",
        "conditions": "text",
    }
)
_LEVELS = ("severity", "likelihood")
_NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "change": _LEVELS,
        "loss": _LEVELS,
        "dpo": ("opinion",),
        "people": ("asked",),
        "decision": ("outcome", "name", "date"),
    }
)
"""Parts without which a record answers nothing: a loss of which only the source is told."""


def _not_public(answers: Answers) -> bool:
    return answers.get("audience") != "public"


def _abroad(answers: Answers) -> bool:
    return answers.get("transfers") == "yes"


def _question(
    key: str,
    number: int,
    part: str,
    kind: Kind,
    *,
    starred: bool = False,
    needed: bool = True,
    public: bool = True,
    when: Callable[[Answers], bool] | None = None,
) -> Question:
    said: Mapping[str, Any] = WORDS["questions"][key]
    return Question(
        key=key,
        number=number,
        part=part,
        kind=kind,
        starred=starred,
        needed=needed,
        public=public,
        when=when,
        name=said["name"],
        text=said["text"],
        help=said.get("help", ""),
        options=MappingProxyType(said.get("options", {})),
        fields=tuple(
            Field(
                key=name,
                name=part_said["name"],
                kind="choice"
                if "options" in part_said and name not in _FIELD_KINDS
                else _FIELD_KINDS.get(name, "line"),
                options=MappingProxyType(part_said.get("options", {})),
                needed=name in _NEEDED.get(key, ()),
            )
            for name, part_said in said.get("fields", {}).items()
        ),
    )


ASKED: tuple[Question, ...] = (
    _question("depth", 0, "document", "choice", needed=False),
    _question("title", 0, "document", "line"),
    _question("reference", 0, "document", "line", needed=False),
    _question("version", 0, "document", "line", needed=False),
    _question("classification", 0, "document", "choice", needed=False),
    _question("author", 0, "document", "line"),
    _question("evaluator", 0, "document", "line", needed=False),
    _question("validator", 0, "document", "line", needed=False),
    _question("purpose", 1, "purpose", "text", starred=True),
    _question("triggers", 1, "purpose", "several"),
    _question("audience", 2, "purpose", "choice", starred=True),
    _question("recipients", 2, "purpose", "line"),
    _question("unit", 3, "people", "choice", starred=True),
    _question("coverage", 4, "people", "choice", starred=True),
    _question("vulnerable", 5, "people", "choice", starred=True),
    _question("organisation", 6, "law", "text"),
    _question("processors", 7, "law", "text"),
    _question("legal_basis", 8, "law", "choice"),
    _question("legal_reason", 8, "law", "text"),
    _question("grounds", 9, "law", "by_name"),
    _question("severity", 10, "risk", "level", starred=True),
    _question("severity_reason", 10, "risk", "text", starred=True, needed=False),
    _question("acquaintance", 11, "risk", "choice", starred=True),
    _question("other_lists", 12, "risk", "text", public=False),
    _question("tables", 12, "risk", "choice"),
    _question("versions", 12, "risk", "choice"),
    _question("controls", 13, "risk", "several", public=False, when=_not_public),
    _question("motive", 14, "risk", "choice", when=_not_public),
    _question("confirmed_by", 14, "risk", "line"),
    _question("needed", 15, "need", "by_name"),
    _question("alternatives", 16, "need", "text"),
    _question("proportionate", 16, "need", "text"),
    _question("origin", 17, "rights", "text"),
    _question("period", 17, "rights", "line"),
    _question("rights", 18, "rights", "text"),
    _question("storage", 19, "rights", "text", public=False),
    _question("transfers", 20, "rights", "choice"),
    _question("transfers_how", 20, "rights", "text", when=_abroad),
    _question("change", 21, "events", "record", public=False),
    _question("loss", 21, "events", "record", public=False),
    _question("risks", 21, "events", "list", needed=False, public=False),
    _question("measures", 21, "events", "list", needed=False, public=False),
    _question("actions", 22, "events", "list", public=False),
    _question("dpo", 23, "advice", "record"),
    _question("people", 24, "advice", "record"),
    _question("review", 25, "decision", "several"),
    _question("review_date", 25, "decision", "date", needed=False),
    _question("publication", 26, "decision", "choice"),
    _question("decision", 27, "decision", "record"),
)
"""In the order in which they are asked; several parts of one question share its number."""
BY_KEY: Mapping[str, Question] = MappingProxyType({one.key: one for one in ASKED})
PARTS: Mapping[str, str] = MappingProxyType(WORDS["parts"])
