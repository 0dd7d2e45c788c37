from dataclasses import replace

import pytest

from reports.document.model import Bullets, Callout, Cell, Chart, Paragraph, Section, Table, Tiles
from reports.document.sections import build_document, file_name
from risk.policy import Verdict

LEVEL_ONE = (
    "1 Executive summary",
    "2 Dataset",
    "3 Attribute table",
    "4 Attackers and assumptions",
    "5 Metrics before and after",
    "6 Figures",
    "7 Recipe",
    "8 Utility",
    "9 Verdicts against the policy",
    "10 Questions and answers",
    "A Method",
    "B Provenance",
)


def section(document, title):
    return next(s for s in document.sections if s.title == title)


def blocks(part, kind):
    return [block for block in part.blocks if isinstance(block, kind)]


@pytest.mark.parametrize("stage", ["released", "original_only"])
def test_the_sections_are_always_the_same(stage, request):
    document = build_document(request.getfixturevalue(stage))
    assert tuple(s.title for s in document.sections if s.level == 1) == LEVEL_ONE
    assert document.status == "DRAFT"


def test_every_section_says_something(released, original_only):
    for assessment in (released, original_only):
        assert all(part.blocks for part in build_document(assessment).sections)


def test_the_verdict_comes_first_and_says_why(released):
    band = build_document(released).cover[0]
    assert isinstance(band, Callout)
    assert band.word == "Acceptable with conditions"
    assert band.text.endswith("The risk matrix is amber (severity 2, likelihood 3).")


def test_the_summary_shows_the_scoreboard_and_what_is_open(released):
    verdict = Verdict(policy="k5", requirement="A rule", verdict="not met", why="it is 1")
    summary = section(build_document(replace(released, verdicts=(verdict,))), LEVEL_ONE[0])
    assert len(blocks(summary, Tiles)[0].rows) == 5
    assert blocks(summary, Bullets)[0].items == ("Not met: A rule. It is 1.",)
    assert "membership" in blocks(summary, Paragraph)[-1].text


def test_the_likelihood_is_told_before_and_now(released, original_only):
    text = blocks(section(build_document(released), LEVEL_ONE[0]), Paragraph)[0].text
    assert "was 4 Maximum, now 3 Significant (computed). Severity: 2 Limited (answered)." in text
    text = blocks(section(build_document(original_only), LEVEL_ONE[0]), Paragraph)[0].text
    assert text.startswith("Likelihood of re-identification: 4 Maximum (computed). Severity: not")


def test_many_open_items_are_counted_and_take_the_chart_s_place(released):
    verdicts = tuple(
        Verdict(policy="k5", requirement=f"Rule {i}", verdict="not met", why="no") for i in range(9)
    )
    summary = section(build_document(replace(released, verdicts=verdicts)), LEVEL_ONE[0])
    assert len(blocks(summary, Bullets)[0].items) == 7
    assert blocks(summary, Bullets)[0].items[-1].startswith("And 3 more")
    assert not blocks(summary, Chart)


def test_a_verdict_is_told_by_its_word(released):
    verdicts = tuple(
        Verdict(policy="k5", requirement="r", verdict=v, why="w")
        for v in ("met", "not met", "not computed")
    )
    part = section(build_document(replace(released, verdicts=verdicts)), LEVEL_ONE[8])
    cells = [row[1] for row in blocks(part, Table)[0].rows]
    assert [cell.text for cell in cells] == ["✓ met", "× not met", "? not computed"]
    assert len({cell.tone for cell in cells}) == 3


def test_a_source_that_nobody_read_again_says_so(released):
    text = blocks(section(build_document(released), LEVEL_ONE[8]), Paragraph)[0].text
    assert "Status: precedent." in text
    assert "Source not re-read." in text
    policy = replace(released.policy, verified_on="2026-01-01")
    text = blocks(
        section(build_document(replace(released, policy=policy)), LEVEL_ONE[8]), Paragraph
    )
    assert "Source read on 2026-01-01." in text[0].text


def test_the_matrix_marks_the_cell_of_this_table(released):
    part = section(build_document(released), "How the overall verdict follows")
    cells = [cell.text for row in blocks(part, Table)[0].rows for cell in row]
    assert [text for text in cells if "this table" in text] == ["amber – this table"]


def test_an_answer_that_is_missing_is_amber_and_has_words(released):
    rows = blocks(section(build_document(released), LEVEL_ONE[9]), Table)[0].rows
    answers = dict(rows)
    assert answers["Who will receive it?"] == Cell(text="! Not answered", tone="conditions")
    assert answers["What is this data for, in one sentence?"].text == "Teaching"


def test_folders_are_not_told():
    assert file_name(r"C:\Users\someone\secret\table.csv") == "table.csv"
    assert file_name("/home/someone/table.csv") == "table.csv"
    assert file_name("") == "table"


def test_a_table_needs_as_many_cells_as_its_head():
    with pytest.raises(ValueError, match="as many cells"):
        Table(head=("a", "b"), rows=(("x",),), widths=(0.5, 0.5))
    with pytest.raises(ValueError, match="has a width"):
        Table(head=("a", "b"), rows=(), widths=(1.0,))


def test_all_widths_fill_the_page(released, original_only):
    for assessment in (released, original_only):
        document = build_document(assessment)
        parts = [*document.sections, Section(title="cover", blocks=document.cover)]
        for table in (t for part in parts for t in blocks(part, Table)):
            assert sum(table.widths) == pytest.approx(1)
