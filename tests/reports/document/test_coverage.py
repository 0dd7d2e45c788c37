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


def test_what_the_short_form_leaves_out_or_nobody_knows_is_not_told_as_answered(released):
    short = {"depth": "teaching", "severity": 2, "acquaintance": "no", "audience": "class"}
    made = replace(released, answers=short)
    states = {row[0]: row[3].text for row in table(made, "GDPR Article 35(7)").rows}
    assert all("✓" not in state for state in states.values())
    assert "Not in the short form: Legal basis (8)" in states["(b)"]
    # The safeguards abroad do not arise: nobody said that the data leaves.
    assert "Safeguards" not in states["(d)"]
    made = replace(released, answers={"legal_basis": "unknown"})
    states = {row[0]: row[3].text for row in table(made, "GDPR Article 35(7)").rows}
    assert "Not known: Legal basis (8)" in states["(b)"]


def test_a_loss_of_which_only_the_cause_is_told_is_not_answered(released):
    made = replace(released, answers={"loss": {"source": "A broken drive", "severity": 2}})
    states = {row[0]: row[3].text for row in table(made, "GDPR Article 35(7)").rows}
    assert "and 1 more" in states["(c)"] or "Loss (21)" in states["(c)"]
    shown = {
        row[0]: getattr(row[1], "text", row[1])
        for part in build_document(made).sections
        if part.title == "Why each level is so"
        for block in part.blocks
        if isinstance(block, Table) and block.head[0] == "Question"
        for row in block.rows
    }
    assert shown["Loss: Likelihood"] == "! Not answered"
    assert shown["Loss: What is done against it"] == "–"
