from dataclasses import replace
from textwrap import wrap

import pytest

from reports.document.front import file_name
from reports.document.model import Bullets, Callout, Cell, Paragraph, Section, Table, Tiles
from reports.document.sections import build_document
from reports.questionnaire import ASKED, unanswered
from reports.words import WORDS
from risk.policy import Verdict

LEVEL_ONE = (
    "1 Executive summary",
    "2 Why this assessment",
    "3 Roles",
    "4 Dataset",
    "5 Purpose and legal basis",
    "6 Data flow and retention",
    "7 Necessity and proportionality",
    "8 Attribute table",
    "9 Attackers and assumptions",
    "10 Metrics before and after",
    "11 Figures",
    "12 Recipe",
    "13 Utility",
    "14 Singling out, linkability, inference and membership",
    "15 Rules and coverage",
    "16 Rights, information and transfers",
    "17 Risk register",
    "18 Measures",
    "19 Action plan",
    "20 Consultation",
    "21 Decision and signatures",
    "A Method",
    "B Provenance",
)
RULES = LEVEL_ONE[14]


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
    document = build_document(released)
    band = blocks(section(document, LEVEL_ONE[0]), Callout)[0]
    assert document.cover[0].word == band.word
    assert band.word == "Not acceptable"
    assert band.text.endswith("The risk matrix is red (severity 3, likelihood 3).")


def test_the_summary_shows_the_scoreboard_and_what_is_open(released):
    verdict = Verdict(policy="k5", requirement="A rule", verdict="not met", why="it is 1")
    summary = section(build_document(replace(released, verdicts=(verdict,))), LEVEL_ONE[0])
    assert len(blocks(summary, Tiles)[0].rows) == 5
    assert blocks(summary, Bullets)[0].items == ("Not met: A rule. It is 1.",)
    assert "membership" in blocks(summary, Paragraph)[-1].text


def test_the_likelihood_is_told_before_and_now(released, original_only):
    text = blocks(section(build_document(released), LEVEL_ONE[0]), Paragraph)[0].text
    assert "was 4 Maximum, now 3 Significant (computed)." in text
    assert "Severity: 3 Significant (the floor that the data sets)." in text
    text = blocks(section(build_document(original_only), LEVEL_ONE[0]), Paragraph)[0].text
    assert text.startswith("Likelihood of re-identification: 4 Maximum (computed). Severity: not")


def test_many_open_items_are_counted(released):
    verdicts = tuple(
        Verdict(policy="k5", requirement=f"Rule {i}", verdict="not met", why="no") for i in range(9)
    )
    summary = section(build_document(replace(released, verdicts=verdicts)), LEVEL_ONE[0])
    assert len(blocks(summary, Bullets)[0].items) == 5
    assert blocks(summary, Bullets)[0].items[-1].startswith("And 5 more")


def test_the_summary_names_the_worst_risks_and_what_was_not_answered(released):
    summary = section(build_document(released), LEVEL_ONE[0])
    (risks,) = blocks(summary, Table)
    assert len(risks.rows) == 3
    silent = blocks(summary, Callout)[1]
    missing = unanswered(released)
    assert silent.word == f"{len(missing)} questions not answered"
    assert all(name in silent.text for name in missing)
    assert "Purpose (1)" not in silent.text


def test_the_matrix_stands_in_the_summary_once_most_is_answered(original_only):
    made = replace(original_only, answers={"depth": "teaching", "severity": 2, "title": "T"})
    risks, matrix = blocks(section(build_document(made), LEVEL_ONE[0]), Table)
    assert [len(risks.rows), len(matrix.rows)] == [3, 4]


def test_a_verdict_is_told_by_its_word(released):
    verdicts = tuple(
        Verdict(policy="k5", requirement="r", verdict=v, why="w")
        for v in ("met", "not met", "not computed")
    )
    part = section(build_document(replace(released, verdicts=verdicts)), RULES)
    cells = [row[1] for row in blocks(part, Table)[0].rows]
    assert [cell.text for cell in cells] == ["✓ met", "× not met", "? not computed"]
    assert len({cell.tone for cell in cells}) == 3


def test_a_source_that_nobody_read_again_says_so(released):
    text = blocks(section(build_document(released), RULES), Paragraph)[1].text
    assert "Status: precedent." in text
    assert "Source not re-read." in text
    policy = replace(released.policy, verified_on="2026-01-01")
    text = blocks(section(build_document(replace(released, policy=policy)), RULES), Paragraph)
    assert "Source read on 2026-01-01." in text[1].text


def test_the_matrix_shows_where_each_risk_was_and_is(released):
    part = section(build_document(released), "Risk matrix")
    cells = [cell.text for row in blocks(part, Table)[0].rows for cell in row[1:]]
    assert [text for text in cells if "now" in text] == ["red; now 1, 2, 3"]
    assert [text for text in cells if "was" in text] == ["red; was 1, 2, 3"]


def test_an_answer_that_is_missing_is_amber_and_has_words(released):
    document = build_document(released)
    purpose = dict(blocks(section(document, LEVEL_ONE[4]), Table)[0].rows)
    assert purpose["What is this data for, in one sentence?"] == "Teaching"
    assert purpose["Which law lets you do this?"] == Cell(text="! Not answered", tone="conditions")


def test_every_numbered_section_says_who_filled_it(released):
    for part in build_document(released).sections:
        if part.level == 1 and part.title != LEVEL_ONE[0]:
            said = part.blocks[0]
            assert isinstance(said, Paragraph)
            assert said.text.split(":")[0].split(" ")[0].lower() == part.filled


def test_nothing_asked_in_an_assessment_is_left_out_of_the_report(original_only):
    """Every question that is asked stands somewhere, answered or in amber."""
    answers = {
        question.key: f"said of {question.key}"
        for question in ASKED
        if question.kind in {"line", "text"}
    }
    document = build_document(replace(original_only, answers={"transfers": "yes", **answers}))
    printed = " ".join(
        cell.text if isinstance(cell, Cell) else cell
        for part in document.sections
        for table in blocks(part, Table)
        for row in table.rows
        for cell in row
    )
    printed += " ".join(str(block) for block in document.cover)
    for key, said in answers.items():
        assert said in printed or key == "title", key
    for question in ASKED:
        if question.key not in {*answers, "depth", "grounds", "needed", "decision", "triggers"}:
            known = (question.text, question.name)
            assert any(text in printed for text in known) or question.kind == "list", question.key


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


def test_a_long_answer_is_printed_whole(released):
    said = " ".join(f"word{i}" for i in range(560))
    risks = [{"title": "Own", "impact": said, "severity": 2, "likelihood": 2}]
    made = replace(released, answers={**released.answers, "rights": said, "risks": risks})
    rows = blocks(section(build_document(made), LEVEL_ONE[15]), Table)[0].rows
    begin = next(i for i, row in enumerate(rows) if str(row[0]).startswith("How can people"))
    pieces = [rows[begin][1]]
    for question, answer in rows[begin + 1 :]:
        if question != WORDS["continued"]:
            break
        pieces.append(answer)
    assert " ".join(pieces) == said
    assert max(map(len, pieces)) <= 1000
    own = [row for row in _details(made) if "What it would mean" in str(row[0])]
    assert own[0][1] == wrap(said, 1000)[0]


def _details(assessment):
    part = section(build_document(assessment), "Why each level is so")
    return [row for table in blocks(part, Table) for row in table.rows]
