import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.exchange.action_plan import (
    action_plan_csv,
    action_plan_xlsx,
    action_rows,
    header,
)
from reports.exchange.cell_text import cell_text
from reports.exchange.workbook import Sheet, workbook
from reports.narrative import open_items
from reports.questionnaire import read_answers, unanswered

HEADER = ["Action", "Owner", "Due", "Risk that it reduces", "Status", "Look again when", "From"]
FORMULA = ("=", "+", "-", "@", "\t")


def csv_rows(assessment):
    raw = action_plan_csv(assessment)
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def sheet_of(raw):
    return openpyxl.load_workbook(io.BytesIO(raw)).active


def xlsx_rows(assessment):
    return [[cell.value for cell in row] for row in sheet_of(action_plan_xlsx(assessment))]


def test_the_plan_of_people_comes_first_then_what_is_open(answered):
    rows = csv_rows(answered)
    assert rows[0] == HEADER == list(header())
    assert rows[1] == [
        "Sign the contract", "Legal unit", "2026-03-01", "A try", "Being done", "A new recipient",
        "asked",
    ]  # fmt: skip
    assert rows[2] == ["Train", "The partner", "2026-05-01", "", "Open", "", "asked"]
    rest = rows[3:]
    assert [row[0] for row in rest] == [
        *open_items(answered),
        *(f"Answer the question: {name}" for name in unanswered(answered)),
    ]
    assert rest
    assert {(row[4], row[6]) for row in rest} == {("Open", "report")}


def test_the_workbook_says_the_same_with_real_days(answered):
    rows = xlsx_rows(answered)
    assert rows[1][2] == datetime(2026, 3, 1)  # noqa: DTZ001 - a day has no zone
    told = [[c.date().isoformat() if isinstance(c, date) else c or "" for c in r] for r in rows]
    assert told == csv_rows(answered)


def test_the_header_stays_in_view_and_is_bold(answered):
    sheet = sheet_of(action_plan_xlsx(answered))
    assert sheet.title == "Action plan"
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.b for cell in sheet[1])
    assert not sheet["A2"].font.b
    assert sheet["C2"].number_format.replace("\\", "") == "yyyy-mm-dd"
    assert sheet.column_dimensions["A"].width == 60


def test_the_same_plan_is_the_same_bytes_and_knows_no_clock(answered):
    raw = action_plan_xlsx(answered)
    assert raw == action_plan_xlsx(replace(answered))
    properties = openpyxl.load_workbook(io.BytesIO(raw)).properties
    assert properties.created == properties.modified == datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - read without a zone
    assert properties.creator == "Privascope"
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
    later = action_plan_xlsx(replace(answered, made_at="2026-01-03T00:00:00Z"))
    assert later != raw
    assert action_plan_xlsx(replace(answered, made_at="yesterday"))


def test_no_cell_is_a_formula(answered):
    bad = ["=1+1", "+1+1", "-1+x", "@SUM(A1)", "\t=1", "\x00=1", "\r=1", '=HYPERLINK("x")', 'a,b"c']
    actions = [{"action": text, "owner": text} for text in bad]
    told = replace(answered, answers=read_answers({"actions": actions}))
    for rows in (csv_rows(told), xlsx_rows(told)):
        assert len(rows) > len(bad)
        for row in rows:
            assert not [cell for cell in row if str(cell or "").startswith(FORMULA)]
    assert csv_rows(told)[9][0] == 'a,b"c'  # commas and quotes stay
    with zipfile.ZipFile(io.BytesIO(action_plan_xlsx(told))) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml").replace(b"<fo", b"")


def test_actions_that_say_nothing_are_no_rows(answered):
    told = replace(answered, answers=read_answers({"actions": [{"action": " ", "owner": ""}]}))
    assert all(row.origin == "report" for row in action_rows(told))


def test_an_assessment_of_hostile_names_is_readable(hostile):
    assert xlsx_rows(hostile)[1][0].startswith("<b>x</b> & ")
    assert len(xlsx_rows(hostile)) == len(csv_rows(hostile))


@pytest.mark.parametrize("name", ["answered", "unanswered_original", "attacked"])
def test_no_rare_value_is_in_it(request, canaries, name):
    assessment = request.getfixturevalue(name)
    with zipfile.ZipFile(io.BytesIO(action_plan_xlsx(assessment))) as archive:
        unzipped = b"".join(map(archive.read, archive.namelist()))
    for text in (unzipped.decode("utf-8"), action_plan_csv(assessment).decode("utf-8-sig")):
        assert "report" in text
        assert not [value for value in (*canaries, "jdoe") if value in text]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=4))
def test_any_text_comes_back_as_a_cell_can_hold_it(rows):
    sheet = Sheet(name="A & B", header=("x", "y"), rows=rows, widths=(10.0, 10.0))
    read = sheet_of(workbook(sheet, made=None))
    said = [[cell.value or "" for cell in row] for row in read.iter_rows(min_row=2)]
    assert said == [[cell_text(text) for text in row] for row in rows]
    assert read.title == "A & B"


@pytest.mark.parametrize("day", ["0001-01-01", "1900-02-28", "1900-03-01", "9999-12-31"])
def test_days_before_the_format_counts_them_are_text(day):
    sheet = Sheet(name="A", header=("x",), rows=[[date.fromisoformat(day)]], widths=(10.0,))
    value = sheet_of(workbook(sheet, made=None))["A2"].value
    assert (value if isinstance(value, str) else value.date().isoformat()) == day
    assert isinstance(value, str) == (day < "1900-03-01")


def test_a_cell_holds_no_control_character_and_no_half_of_a_pair():
    assert cell_text("a\x00b\x1bc\r\nd\ud800") == "abc\nd\N{REPLACEMENT CHARACTER}"
    assert not re.search(r"\x85", cell_text("a\x85b"))
    assert len(cell_text("x" * 40_000)) == 32_000
