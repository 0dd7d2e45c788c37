from collections import Counter, defaultdict

import pytest

from ui.exercises.linkage import COARSER, KNOWN, LINKAGE


@pytest.fixture(scope="module")
def lesson():
    return LINKAGE.make()


def rightly_named(patients, register, columns):
    """Whoever of the register fits exactly one patient is claimed; count those who are right."""
    found = defaultdict(set)
    for row in patients:
        found[tuple(row[c] for c in columns)].add(row["person_id"])
    names = {row["person_id"]: row["name"] for row in patients}
    claims = right = 0
    for row in register:
        candidates = found.get(tuple(row[c] for c in columns), ())
        if len(candidates) == 1:
            claims += 1
            right += names[next(iter(candidates))] == row["name"]
    return claims, right


def test_the_answer_is_what_plain_loops_count(lesson, rows, register):
    patients = rows("hospital")
    claims, right = rightly_named(patients, register, KNOWN)
    people = len({row["person_id"] for row in patients})
    assert (claims, right, people) == (1787, 1763, 3400)
    assert lesson.answer == pytest.approx(right / people)
    assert "1,763 of 3,400 patients (51.9 %)" in lesson.finding
    assert "98.7 %" in lesson.chart.note


def test_every_bar_is_what_plain_loops_count(lesson, rows, register):
    words = {"birth date": "date_of_birth", "sex": "sex", "postcode": "postcode"}
    (series,) = lesson.chart.series
    assert len(lesson.chart.categories) == 7
    for category, value in zip(lesson.chart.categories, series.values, strict=True):
        columns = [words[name] for name in category.split(" + ")]
        assert value == rightly_named(rows("hospital"), register, columns)[1], category


def test_the_coarser_table_names_nobody(lesson, rows, register, levels):
    tables = {column: levels("hospital", column) for column in COARSER}

    def coarse(row):
        # The hierarchy covers the register as well, which a test of the demo data holds.
        known = {c: tables[c][row[c]][level] for c, level in COARSER.items()}
        return {**row, **known}

    patients = [coarse(row) for row in rows("hospital")]
    group = defaultdict(set)
    for row in patients:
        group[tuple(row[c] for c in KNOWN)].add(row["person_id"])
    kept = [row for row in patients if len(group[tuple(row[c] for c in KNOWN)]) >= 5]
    assert rightly_named(kept, [coarse(row) for row in register], KNOWN) == (0, 0)
    assert len(patients) - len(kept) == 36
    assert "(36 admissions), the same register names nobody" in lesson.protects


def test_the_people_of_the_table_are_in_both_files_under_one_name(lesson, rows, register):
    patients = rows("hospital")
    keys = Counter(tuple(row[c] for c in KNOWN) for row in patients)
    assert len(lesson.table.rows) == 3
    for name, *known, diagnosis in lesson.table.rows:
        assert keys[tuple(known)] == 1
        assert any(
            row["name"] == name
            and [row[c] for c in KNOWN] == known
            and row["diagnosis"] == diagnosis
            for row in patients
        )
        assert any(row["name"] == name and [row[c] for c in KNOWN] == known for row in register)
