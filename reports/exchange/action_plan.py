"""The action plan as a spreadsheet: what people plan, then what the report lists as open."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass
from datetime import date
from typing import TYPE_CHECKING

from reports.exchange.cell_text import cell_text
from reports.exchange.clock import moment
from reports.exchange.workbook import Sheet, workbook
from reports.narrative import open_items
from reports.questionnaire import BY_KEY, unanswered
from reports.spreadsheet import spreadsheet_safe_text

if TYPE_CHECKING:
    from reports.assessment import Assessment

TITLE = "Action plan"
_ASKED, _REPORT = "asked", "report"
_WIDTHS = (60.0, 24.0, 12.0, 30.0, 14.0, 30.0, 10.0)


@dataclass(frozen=True, kw_only=True)
class ActionRow:
    """
    One action.

    Parameters
    ----------
    action, owner, due, risk, status, trigger : str
        As printed; `due` is a day like 2026-11-30 or "".
    origin : {"asked", "report"}
        Whether somebody planned it, or the report lists it as open.
    """

    action: str
    owner: str = ""
    due: str = ""
    risk: str = ""
    status: str = ""
    trigger: str = ""
    origin: str


def action_rows(assessment: Assessment) -> tuple[ActionRow, ...]:
    """Return the actions that were answered, then what stands open without one."""
    fields = {part.key: part for part in BY_KEY["actions"].fields}
    rows = []
    for one in assessment.answers.get("actions") or ():
        said = {key: part.text(one.get(key)) for key, part in fields.items()}
        if any(said.values()):
            said["risk"] = said.pop("against")
            rows.append(ActionRow(**said, origin=_ASKED))
    status = fields["status"].options["open"]
    missing = (f"Answer the question: {name}" for name in unanswered(assessment))
    rows += [
        ActionRow(action=item, status=status, origin=_REPORT)
        for item in (*open_items(assessment), *missing)
    ]
    return tuple(rows)


def header() -> tuple[str, ...]:
    """Return the names of the columns."""
    return (*(part.name for part in BY_KEY["actions"].fields), "From")


def action_plan_csv(assessment: Assessment) -> bytes:
    """Return the plan as CSV: UTF-8 with its mark, commas, quotes; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header())
    writer.writerows(map(_texts, action_rows(assessment)))
    # Without the mark a spreadsheet takes the letters of another alphabet for something else.
    return out.getvalue().encode("utf-8-sig")


def action_plan_xlsx(assessment: Assessment) -> bytes:
    """Return the plan as a workbook: days are days, the header stays in view, no formula."""
    rows = []
    for row in action_rows(assessment):
        texts: list[str | date] = list(_texts(row))
        if row.due:
            texts[2] = date.fromisoformat(row.due)
        rows.append(texts)
    sheet = Sheet(name=TITLE, header=header(), rows=rows, widths=_WIDTHS)
    return workbook(sheet, made=moment(assessment.made_at))


def _texts(row: ActionRow) -> tuple[str, ...]:
    # Cleaned first: a character that is dropped may stand before an equals sign.
    return tuple(spreadsheet_safe_text(cell_text(text)) for text in astuple(row))
