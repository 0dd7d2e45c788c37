"""Whatever the report prints can be looked up in its appendix."""

from __future__ import annotations

import inspect
import re

import pytest

from reports import case_findings
from reports.document.reference import DEFINITIONS, REFERENCES
from risk import RISK_MEASURES

SOURCES = [
    (measure.name, source.strip())
    for measure in RISK_MEASURES
    for source in measure.reference.split(";")
]
NAMED = re.findall(r"[A-Z]\. ([A-Z]\w+)[^\"]*?\((\d{4})\)", inspect.getsource(case_findings))


def cited(name, year):
    """Return the references that have an author, or a title that begins, so."""
    parts = [source.split(f" ({year}): ") for source in REFERENCES if f" ({year}): " in source]
    return [who for who, title in parts if name in who or title.startswith(name)]


@pytest.mark.parametrize(("measure", "source"), SOURCES, ids=lambda text: text[:30])
def test_the_source_of_every_figure_is_among_the_references(measure, source):
    name = re.search(r"[A-Z][a-z]+", source).group()
    year = re.search(r"\d{4}", source).group()
    assert cited(name, year), f"{measure}: {source}"


def test_the_source_of_every_uncounted_attack_is_among_the_references():
    assert len(NAMED) == len(case_findings.UNCOUNTED)
    assert [(name, year) for name, year in NAMED if not cited(name, year)] == []


def test_a_source_that_is_not_there_is_not_found():
    assert cited("Sweeney", "2002")
    assert not cited("Sweeney", "2003")
    assert not cited("Nobody", "2002")


def test_a_reference_stands_once():
    assert len(set(REFERENCES)) == len(REFERENCES)
    assert all(source.endswith(".") for source in REFERENCES)


def test_what_is_defined_is_defined_once_and_in_full():
    names = [name for name, _, _ in DEFINITIONS]
    assert len(set(names)) == len(names)
    assert all(words.endswith(".") for _, words, _ in DEFINITIONS)
