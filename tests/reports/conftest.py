from datetime import UTC, datetime

import pandas as pd
import pytest

from microdata.hierarchy import Hierarchy
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from reports.assessment import assess
from reports.case import Case
from risk.policy import load_policy
from transforms.recipe import Recipe

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
AGES = tuple(str(age) for age in range(20, 60))
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
HOSTILE = {
    "html": "<b>bold</b><script>alert(1)</script>",
    "unclosed": "<b>never closed & <i>",
    "image": '<img src="/etc/hostname" width="9"/>',
    "link": '<a href="javascript:alert(1)">x</a>',
    "attribute": '"\' onmouseover="alert(1)" x=\'',
    "end of style": "</style></title></svg><script>alert(1)</script>",
    "comment": "<!-- --><![CDATA[ ]]>",
    "entity": "&lt;script&gt; &#60;script&#62;",
    "formula": "=HYPERLINK('http://x','y')",
    "template": "{0} %s %(a)s {{x}}",
    "right to left": f"{OVERRIDE}fdp.exe \N{HEBREW LETTER ALEF}\N{ARABIC LETTER BEH}",
    "chinese": "\N{CJK UNIFIED IDEOGRAPH-4E2D}\N{CJK UNIFIED IDEOGRAPH-6587}",
    "control": "a\x00b\x07c\x1b[31md",
    "long word": "x" * 5000,
    "long text": "word " * 3000,
    "wide": "\N{CJK UNIFIED IDEOGRAPH-4E2D}" * 5000,
    "surrogate": "a\ud800b",
}
AS_WRITTEN = {
    *("html", "unclosed", "link", "attribute", "end of style", "comment", "entity", "formula"),
    "template",
}
"""Those that stand in a document exactly as they were written."""
RARE_TOWN, RARE_ILLNESS = "Zyxwvutown", "Qwertzuitis"


def people():
    # 160 people: four towns of 40 less the two people of the rare one.
    rows = [
        {
            "age": AGES[i % 40],
            "town": ("Aford", "Bham", "Cton", "Dbury")[i // 40],
            "illness": ("flu", "cold", "gout")[i % 3],
        }
        for i in range(160)
    ]
    for row in rows[:2]:
        row["town"] = RARE_TOWN
        row["illness"] = RARE_ILLNESS
    return pd.DataFrame(rows)


def age_hierarchy():
    rows = [(age, f"{int(age) // 10 * 10}-{int(age) // 10 * 10 + 9}", "*") for age in AGES]
    return Hierarchy.from_rows("age", rows)


def town_hierarchy():
    towns = ("Aford", "Bham", "Cton", "Dbury", RARE_TOWN)
    return Hierarchy.from_rows("town", [(town, "*") for town in towns])


RECIPE = {
    "version": 1,
    "steps": [
        {"step": "generalize", "levels": {"age": 1}},
        {"step": "suppress_records", "require": ["k-anonymity=5"]},
    ],
}


def small_case(**changes):
    options = {
        "dataset": dataset_from_frame(people(), "people.csv"),
        "roles": Roles(
            by_column={
                "age": Role.QUASI_IDENTIFIER,
                "town": Role.QUASI_IDENTIFIER,
                "illness": Role.SENSITIVE,
            }
        ),
        "recipe": Recipe.from_json(RECIPE),
        "hierarchies": {"age": age_hierarchy(), "town": town_hierarchy()},
        "policy": load_policy("k5"),
        "answers": {"purpose": "Teaching", "severity": 2},
    }
    return Case(**options | changes)


def hostile_assessment(names, texts):
    """An assessment whose column names, answers and file name are hostile."""
    frame = people()
    frame.columns = names
    dataset = dataset_from_frame(frame, f"{texts[0]}.csv")
    names = dataset.column_names  # the reader drops what it cannot keep
    roles = Roles(
        by_column={
            names[0]: Role.QUASI_IDENTIFIER,
            names[1]: Role.QUASI_IDENTIFIER,
            names[2]: Role.SENSITIVE,
        }
    )
    answers = dict.fromkeys(("title", "organisation", "author", "purpose"), texts[0])
    return assess(
        small_case(
            dataset=dataset,
            roles=roles,
            recipe=None,
            hierarchies={},
            answers=answers,
            overruled={names[0]: texts[-1]},
        ),
        now=NOW,
    )


@pytest.fixture(scope="session")
def released():
    return assess(small_case(), now=NOW)


@pytest.fixture(scope="session")
def case_of():
    """Make the small case with changes."""
    return small_case


@pytest.fixture(scope="session")
def original_only():
    return assess(small_case(recipe=None, policy=None, answers={}), now=NOW)


@pytest.fixture
def hostile():
    return hostile_assessment


@pytest.fixture(params=HOSTILE)
def hostile_report(request):
    """An assessment full of one hostile text, and the text where it must stand as written."""
    bad = HOSTILE[request.param]
    names = [f"{i}{bad}" if len(bad) > 1000 else f"{bad}{i}" for i in range(3)]
    return hostile_assessment(names, [bad, bad]), bad if request.param in AS_WRITTEN else ""
