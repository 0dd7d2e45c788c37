import pandas as pd

from microdata.evidence import Detected, Evidence
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports.assessment import assess
from reports.case import Case
from reports.detections import detection_rows
from reports.document.sections import build_document


def test_each_finding_names_its_rule_and_its_evidence():
    column = Detected(
        column="x",
        role="sensitive",
        state="as in the original",
        evidence=(
            Evidence(subject="A", what="names", holds="unclear", by_name=True),
            Evidence(subject="health", what="health data", holds="yes", share=0.5),
            Evidence(subject="zip3", what="small areas", holds="yes", by_name=True),
            Evidence(subject="C", what="a date", holds="no", by_name=True),
        ),
    )
    assert [(row.what, row.rule, row.because) for row in detection_rows([column])] == [
        ("may hold names", "Safe Harbor A", "its name says so"),
        ("seems to hold health data", "special category: health",
         "50.0 % of its rows with a value fit"),
        ("seems to hold small areas", "Safe Harbor", "its name says so"),
    ]  # fmt: skip


def aged(over):
    ages = ["95"] * over + [str(20 + i % 50) for i in range(200 - over)]
    table = dataset_from_frame(pd.DataFrame({"age": ages}), "t.csv")
    return assess(Case(dataset=table, roles=Roles(by_column={"age": Role.QUASI_IDENTIFIER})))


def test_a_share_that_stands_for_a_few_people_is_not_told():
    (few,) = (row for row in detection_rows(aged(1).detected) if "89" in row.what)
    assert few.because == "its name says so; fewer than 5 of its rows fit"
    (many,) = (row for row in detection_rows(aged(8).detected) if "89" in row.what)
    assert many.because == "its name says so; 4.0 % of its rows with a value fit"


def test_the_document_holds_the_evidence_or_says_that_there_is_none(released):
    title = "What the columns of the table to be shared seem to hold"
    (section,) = (s for s in build_document(released).sections if s.title == title)
    assert section.blocks
    empty = aged(0)
    told = {s.title: s for s in build_document(empty).sections}[title]
    assert "recognised" in told.blocks[0].text
