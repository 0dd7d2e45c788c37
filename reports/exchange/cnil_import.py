"""Answers from a file of the CNIL's PIA software: tolerant in detail, strict on its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.exchange.cnil_file import MOST, CnilFile, Told, text_of
from reports.exchange.cnil_left import Left
from reports.exchange.cnil_places import (
    ACCESS,
    COMPUTED,
    EVENTS,
    IMPACTS,
    IMPORTED,
    LIKELIHOOD,
    MEASURES,
    OPINIONS,
    PLACES,
    SAME_NAME,
    SEVERITY,
    SOURCES,
    THREATS,
    field_names,
)
from reports.exchange.cnil_records import (
    LEGACY,
    answers_on_actions,
    answers_on_events,
    answers_on_measures,
    day_of,
    measures_of,
)
from reports.exchange.rich_text import parts_of, untag
from reports.questionnaire import BY_KEY, read_answers
from reports.wording import join_names

# What we compute ourselves; their list of measures is read with the measures.
_WRITTEN_ANEW = tuple(ACCESS + part for part in (IMPACTS, THREATS, SOURCES, LIKELIHOOD))
_LISTS_OF_MEASURES = tuple(place + MEASURES for place in (ACCESS, *EVENTS.values()))
_READ = (
    *PLACES,
    *_WRITTEN_ANEW,
    *_LISTS_OF_MEASURES,
    ACCESS + SEVERITY,
    *(place + part for place in EVENTS.values() for part in range(IMPACTS, LIKELIHOOD + 1)),
)


@dataclass(frozen=True, kw_only=True)
class ImportedPia:
    """
    What a file of the CNIL's software answers of our questions.

    Parameters
    ----------
    answers : mapping
        As `reports.questionnaire.read_answers` returns them.
    left : tuple of str
        What it holds and has no place here, as sentences.
    """

    answers: Mapping[str, Any]
    left: tuple[str, ...]


def answers_from_cnil(raw: bytes) -> ImportedPia:
    """
    Read the answers of an assessment that was exported by the CNIL's PIA software, or for it.

    Raises
    ------
    PrivacyToolError
        Too large, not such a file, damaged, or of a newer version.
    """
    file, left = CnilFile.from_bytes(raw), Left()
    measures = measures_of(file)
    answers = (
        _of_pia(file.pia, left)
        | _texts(file, left)
        | _severity(file, left)
        | answers_on_events(file, measures, left)
        | answers_on_measures(file, measures, left)
        | answers_on_actions(file, measures, left)
    )
    _tell_rest(file, left)
    return ImportedPia(answers=read_answers(answers), left=left.sentences)


def _of_pia(pia: Mapping[str, Any], left: Left) -> dict[str, Any]:
    def said(name: str) -> str:
        return untag(text_of(pia.get(name)))

    title = said("name").strip()
    while title.startswith(IMPORTED):
        title = title.removeprefix(IMPORTED).strip()
    answers = _answer("title", title, left)
    for ours, theirs in SAME_NAME.items():
        answers |= _answer(ours, said(theirs), left)
    opinions = {str(number): word for word, number in OPINIONS.items()}
    asked = pia.get("concerned_people_searched_opinion")
    views = (said("concerned_people_opinion"), said("concerned_people_searched_content"))
    dpo = {
        "name": said("dpos_names"),
        "opinion": opinions.get(text_of(pia.get("dpo_status"))),
        **_advice(said("dpo_opinion")),
    }
    people = {
        "asked": {True: "yes", False: "no"}.get(asked) if isinstance(asked, bool) else None,
        "who": said("people_names"),
        "opinion": opinions.get(text_of(pia.get("concerned_people_status"))),
        "said": "\n\n".join(filter(None, views)),
    }
    for key, record in (
        ("dpo", left.record("dpo", dpo)),
        ("people", left.record("people", people)),
    ):
        if record:
            answers[key] = record
    for name in ("rejection_reason", "applied_adjustments"):
        left.tell(name.replace("_", " "), said(name))
    return answers


def _answer(key: str, text: str, left: Left) -> dict[str, Any]:
    """Return a text as the answer to a question, or the choice that has these words."""
    question = BY_KEY[key]
    if question.kind in {"line", "text"}:
        fitted = left.fitted(text, question.kind, question.name)
        return {key: fitted} if fitted else {}
    chosen = {words: value for value, words in question.options.items()}
    if question.kind == "choice" and text in chosen:
        return {key: chosen[text]}
    left.tell(question.name, text)
    return {}


def _texts(file: CnilFile, left: Left) -> dict[str, Any]:
    """Return the answers of their texts, each under our heading or where such a text belongs."""
    gathered: dict[str, list[str]] = {}
    for number, place in PLACES.items():
        told = file.answers.get(str(number), Told())
        names = {BY_KEY[key].name: key for key in place.keys}
        for part in parts_of(told.html):
            if part.heading == COMPUTED:
                continue
            key, text = names.get(part.heading, place.home), part.text
            if part.heading and part.heading not in names:
                text = f"{part.heading}\n{part.text}".strip()
            if key:
                gathered.setdefault(key, []).append(text)
            else:
                left.tell(f"their answer {number}", text)
        left.tell(f"their answer {number}", "; ".join(told.items))
    answers: dict[str, Any] = {}
    for key, texts in gathered.items():
        # Rights stand at five places of theirs, and are one answer here.
        answers |= _answer(key, "\n".join(dict.fromkeys(filter(None, texts))), left)
    return answers


def _severity(file: CnilFile, left: Left) -> dict[str, Any]:
    told = file.answers.get(str(ACCESS + SEVERITY), Told())
    said = [part.text for part in parts_of(told.html) if part.heading != COMPUTED]
    level = {} if told.level is None else {"severity": told.level}
    return level | _answer("severity_reason", "\n".join(said), left)


def _advice(text: str) -> dict[str, str]:
    """Return the advice, and what was made of it where it stands below in our words."""
    names, said = field_names("dpo"), {}
    for key in ("date", "followed"):
        before, found, after = text.rpartition(f"\n\n{names[key]}: ")
        if found and (key != "date" or day_of(after)):
            text, said[key] = before, after
    return {"advice": text, **said}


def _tell_rest(file: CnilFile, left: Left) -> None:
    """Tell of everything that was not read."""
    known = set(map(str, _READ))
    for reference, told in file.answers.items():
        if reference not in known:
            left.tell(f"their answer {reference or 'without a number'}", told.words)
    anew = [str(number) for number in _WRITTEN_ANEW if str(number) in file.answers]
    if anew:
        left.add(f"Written anew from the table, so not taken over: {join_names(anew)}.")
    for number in _LISTS_OF_MEASURES:
        if any(LEGACY in item for item in file.answers.get(str(number), Told()).items):
            left.add(f"An entry of the list {number} names no measure any more.")
    for comment in file.comments:
        where = text_of(comment.get("reference_to"))
        left.tell(f"a comment on {where}", untag(text_of(comment.get("description"))))
    for name in file.others:
        left.tell("a part of the file that is not known", name)
    if file.damaged:
        left.add(f"Damaged and not read: {file.damaged:,} of the entries.")
    if file.too_many:
        left.add(f"Not read: {file.too_many:,} entries beyond the first {MOST:,} of a list.")
