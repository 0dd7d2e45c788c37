"""An assessment in the form that the CNIL's PIA software reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reports.alternatives import tried_sentence
from reports.exchange.clock import moment
from reports.exchange.cnil_measures import Measures
from reports.exchange.cnil_places import (
    ACCESS,
    COMPUTED,
    EVALUATIONS,
    EVENTS,
    IMPACTS,
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
from reports.exchange.rich_text import Part, rich, tag
from reports.headline import headline_rows, policy_size
from reports.likelihood import before_and_now, likelihood
from reports.narrative import recipe_lines
from reports.questionnaire import BY_KEY
from reports.register import risk_register
from reports.severity import severity_floor
from reports.status import document_status
from reports.wording import format_count, join_names, shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment

_STATUS = {"REJECTED": 1, "APPROVED": 2, "CONDITIONALLY APPROVED": 2}
# Their program shows gauges and the action plan of what it calls improvable, and of nothing else.
_IMPROVABLE = 2
_MOST_COLUMNS = 200


def cnil_bytes(assessment: Assessment) -> bytes:
    """Return the file for the CNIL's PIA software."""
    text = json.dumps(cnil_json(assessment), indent=1, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace")


def cnil_json(assessment: Assessment) -> dict[str, Any]:
    """
    Return the object of the CNIL's PIA software, all five lists always present.

    Impacts, threats and severity of an unwanted change or a loss stand in it only as far as a
    person answered: they are no matter of this table.
    """
    made = moment(assessment.made_at)
    dates: dict[str, Any] = dict.fromkeys(
        ("created_at", "updated_at"),
        None if made is None else made.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    )
    measures = Measures(assessment)
    answers = (*_texts(assessment), *_access(assessment, measures), *_events(assessment, measures))
    own = BY_KEY["risks"].lines(assessment.answers)
    return {
        "pia": _pia(assessment) | dates,
        "answers": [answer | dates for answer in answers],
        "measures": [measure | dates for measure in measures.written],
        "evaluations": [evaluation | dates for evaluation in _evaluations(assessment)],
        "comments": [
            {"description": tag(line), "reference_to": str(ACCESS + IMPACTS), "for_measure": False}
            | dates
            for line in own
        ],
    }


def _pia(assessment: Assessment) -> dict[str, Any]:
    answers = assessment.answers
    dpo, people = answers.get("dpo") or {}, answers.get("people") or {}
    asked, said = people.get("asked", ""), tag(people.get("said", ""))
    file = assessment.dataset.name.replace("\\", "/").rsplit("/", 1)[-1]
    title = str(answers.get("title") or "").strip() or f"Privacy impact assessment of {file}"
    return {
        "name": tag(title),
        "category": "",
        "status": _STATUS.get(document_status(assessment), 0),
        **{theirs: tag(str(answers.get(ours) or "")) for ours, theirs in SAME_NAME.items()},
        "dpos_names": tag(dpo.get("name", "")),
        "dpo_status": OPINIONS.get(dpo.get("opinion", "")),
        "dpo_opinion": tag(_advice(dpo)),
        "people_names": tag(people.get("who", "")),
        "concerned_people_searched_opinion": {"yes": True, "no": False}.get(asked),
        "concerned_people_status": OPINIONS.get(people.get("opinion", "")),
        "concerned_people_opinion": "" if asked == "no" else said,
        "concerned_people_searched_content": said if asked == "no" else "",
        "is_example": 0,
        "is_archive": 0,
    }


def _advice(dpo: Mapping[str, str]) -> str:
    """Return the advice with what was made of it: theirs is one text."""
    names = field_names("dpo")
    further = [f"{names[key]}: {dpo[key]}" for key in ("followed", "date") if dpo.get(key)]
    return "\n\n".join((dpo.get("advice", ""), *further)) if further else dpo.get("advice", "")


def _answer(
    place: int,
    parts: Sequence[Part] | None = None,
    *,
    gauge: int | None = None,
    items: Iterable[str] = (),
) -> dict[str, Any]:
    text = None if parts is None else rich(parts)
    return {
        "reference_to": place,
        "data": {"text": text, "gauge": gauge, "list": [tag(item) for item in items]},
    }


def _texts(assessment: Assessment) -> Iterable[dict[str, Any]]:
    """Yield their texts; one without an answer is left out, so that it shows as unanswered."""
    computed = _computed(assessment)
    for number, place in PLACES.items():
        parts = [
            Part(heading=BY_KEY[key].name, text="\n".join(lines))
            for key in place.keys
            if (lines := BY_KEY[key].lines(assessment.answers))
        ]
        if number in computed:
            parts.append(Part(heading=COMPUTED, text="\n".join(computed[number])))
        if parts:
            yield _answer(number, parts)


def _computed(assessment: Assessment) -> dict[int, tuple[str, ...]]:
    """Return what follows from the table, as lines by their number; never a value of a cell."""
    data, rows = assessment.dataset, assessment.attributes
    gone = [row.name for row in rows if not row.kept]
    coarser = [row for row in rows if row.kept and row.action != "as in the original"]
    columns = [
        f"{shorten(row.name)}: {row.role}"
        + (f", {row.special_category}" if row.special_category else "")
        + f"; {row.action}"
        for row in rows
    ]
    if len(columns) > _MOST_COLUMNS:
        more = len(columns) - _MOST_COLUMNS
        columns[_MOST_COLUMNS:] = [f"and {format_count(more)} more"]
    size = policy_size(assessment.policy)
    tiles = headline_rows(assessment.before, assessment.after, size=size)
    program = assessment.versions.get("privascope", "")
    lines = {
        111: (
            f"Records: {format_count(data.records)}; columns: {format_count(data.columns)}.",
            assessment.population,
        ),
        113: (f"The table is compared with the numeric rules of {assessment.policy.title}.",)
        if assessment.policy
        else (),
        121: tuple(columns),
        122: (
            "The original is read, changed by these steps, and what comes of it is shared:",
            *recipe_lines(assessment),
        ),
        123: (f"Privascope {program} measured the risk and changed the table.",),
        213: (
            f"Left out: {join_names(gone, most=40) or 'no column'}.",
            *(f"{shorten(row.name)}: {row.action}" for row in coarser[:_MOST_COLUMNS]),
            *map(tried_sentence, assessment.alternatives),
        ),
        214: tuple(
            f"{row.name}: {row.before} in the original, {row.now} in what is shared."
            for row in tiles
            if row.id in {"left-out", "detail"}
        ),
    }
    return {number: said for number, said in lines.items() if said}


def _access(assessment: Assessment, measures: Measures) -> Iterable[dict[str, Any]]:
    """Yield illegitimate access: severity as answered, likelihood from the original table."""
    risks = [risk for risk in risk_register(assessment) if risk.origin == "computed"]
    scenarios, attacks = assessment.scenarios, assessment.attacks
    impacts = dict.fromkeys(risk.impact for risk in risks)
    threats = dict.fromkeys((*(r.title for r in risks), *(shorten(a.name) for a in attacks)))
    sources = dict.fromkeys(
        (*(risk.source for risk in risks), *(shorten(found.name) for found in scenarios))
    )
    yield _answer(ACCESS + IMPACTS, items=impacts)
    yield _answer(ACCESS + THREATS, items=threats)
    yield _answer(ACCESS + SOURCES, items=sources)
    yield _answer(ACCESS + MEASURES, items=measures.against_access)
    pia, (_, floor) = assessment.pia, severity_floor(assessment.attributes, assessment.answers)
    why = BY_KEY["severity_reason"]
    parts = [Part(heading=why.name, text=line) for line in why.lines(assessment.answers)]
    if floor:
        parts.append(Part(heading=COMPUTED, text="\n".join(floor)))
    yield _answer(ACCESS + SEVERITY, parts, gauge=pia["severity"] or 0)
    was, _ = before_and_now(likelihood, assessment)
    told = Part(heading=COMPUTED, text="\n".join(("In the original table:", *was.reasons)))
    yield _answer(ACCESS + LIKELIHOOD, [told], gauge=was.level or 0)


def _events(assessment: Assessment, measures: Measures) -> Iterable[dict[str, Any]]:
    for key, place in EVENTS.items():
        said = assessment.answers.get(key) or {}
        lists = (
            (IMPACTS, _item(said.get("impact"))),
            (SOURCES, _item(said.get("source"))),
            (MEASURES, measures.against.get(key, ())),
        )
        for part, items in lists:
            if items:
                yield _answer(place + part, items=items)
        for part, name in ((SEVERITY, "severity"), (LIKELIHOOD, "likelihood")):
            if said.get(name):
                yield _answer(place + part, [], gauge=said[name])


def _item(text: str | None) -> tuple[str, ...]:
    return (text.strip(),) if text and text.strip() else ()


def _evaluations(assessment: Assessment) -> Iterable[dict[str, Any]]:
    """Yield what remains with the measures, and on illegitimate access the whole action plan."""
    answers, pia = assessment.answers, assessment.pia
    cell = pia["cell"] or "not known"
    conditions = (answers.get("decision") or {}).get("conditions", "")
    lines = [f"The cell of the risk matrix is {cell}.", *pia["reasons"]]
    lines += [f"Condition: {line}" for line in conditions.splitlines() if line.strip()]
    actions, names = answers.get("actions") or (), field_names("actions")
    told = {part.key: part for part in BY_KEY["actions"].fields}
    plan = [
        Part(heading=names[key], text=told[key].text(one.get(key)))
        for one in actions
        if any(one.values())
        # An action starts with its name, also one without.
        for key in names
        if key == "action" or one.get(key)
    ]
    owners = dict.fromkeys(one["owner"] for one in actions if one.get("owner"))
    days = [one["due"] for one in actions if one.get("due")]
    yield _evaluation(
        EVALUATIONS[ACCESS],
        gauges=(pia["severity"], pia["likelihood"]),
        comment=rich([Part(heading=COMPUTED, text="\n".join(lines))]),
        plan=rich(plan),
        owner="; ".join(owners),
        day=max(days, default=None),
    )
    for key, place in EVENTS.items():
        said = answers.get(key) or {}
        gauges = said.get("residual_severity"), said.get("residual_likelihood")
        if any(gauges):
            yield _evaluation(EVALUATIONS[place], gauges=gauges)


def _evaluation(
    place: str,
    *,
    gauges: tuple[int | None, int | None],
    comment: str = "",
    plan: str = "",
    owner: str = "",
    day: str | None = None,
) -> dict[str, Any]:
    bad, likely = gauges
    return {
        "reference_to": place,
        "status": _IMPROVABLE,
        "global_status": _IMPROVABLE,
        "gauges": {"x": bad or 0, "y": likely or 0},
        "evaluation_comment": comment,
        "action_plan_comment": plan,
        "person_in_charge": tag(owner),
        "estimated_implementation_date": None if day is None else f"{day}T00:00:00.000Z",
    }
