from dataclasses import replace

from reports.document.model import Table
from reports.document.outline import NUMBERS
from reports.document.sections import build_document
from reports.exchange.edpb import EDPB


def table(assessment, title):
    part = next(s for s in build_document(assessment).sections if s.title == title)
    return next(block for block in part.blocks if isinstance(block, Table))


def test_every_letter_of_article_35_says_what_is_missing(released):
    rows = {row[0]: row for row in table(released, "GDPR Article 35(7)").rows}
    assert set(rows) == {"(a)", "(b)", "(c)", "(d)"}
    assert "Recipients (2)" in rows["(a)"][3].text
    told = {
        "audience": "public", "recipients": "all", "organisation": "us", "storage": "here",
        "origin": "there",
    }  # fmt: skip
    made = replace(released, answers={**released.answers, **told})
    assert table(made, "GDPR Article 35(7)").rows[0][3].text == "✓ answered"


def test_every_section_that_is_named_exists(released):
    for title in ("GDPR Article 35(7)", "The EDPB's template"):
        for row in table(released, title).rows:
            for number in str(row[2]).split(", "):
                assert number in {*NUMBERS, "0", "none"}


def test_all_18_identifiers_are_looked_for(released, original_only):
    rows = table(released, "The 18 identifiers of HIPAA Safe Harbor").rows
    assert [row[0] for row in rows] == list("ABCDEFGHIJKLMNOPQR")
    assert {row[2].text for row in rows} <= {"✓ not found", "× found", "? unclear"}
    rows = table(original_only, "The 18 identifiers of HIPAA Safe Harbor").rows
    found = {row[0]: row for row in rows if row[2].text != "✓ not found"}
    assert all(row[3] != "–" for row in found.values())


def test_every_field_of_the_template_has_a_row_and_its_edition_is_told(released):
    rows = table(released, "The EDPB's template").rows
    assert [row[0] for row in rows] == [field.id for field in EDPB.fields]
    part = next(s for s in build_document(released).sections if s.title == "The EDPB's template")
    assert "Source not re-read." in part.blocks[0].text
    assert EDPB.edition in part.blocks[0].text
