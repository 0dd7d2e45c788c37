import json

import pytest

import cli

TABLE = "name,age,town\nAnn,30,Aford\nBob,31,Aford\nCid,40,Bham\n"
STEPS = [
    {"step": "drop_column", "columns": ["name"]},
    {"step": "generalize", "levels": {"age": 1}},
]


@pytest.fixture
def anonymize(capsys, tmp_path):
    """Run anonymize on a table with a recipe and a hierarchy of ages, and give what it said."""

    def _anonymize(table=TABLE, steps=STEPS, *options, recorded=None):
        (tmp_path / "h").mkdir(exist_ok=True)
        (tmp_path / "h" / "age.csv").write_text("30;30-39;*\n31;30-39;*\n40;40-49;*\n")
        (tmp_path / "month.csv").write_text(table)
        (tmp_path / "roles.json").write_text('{"quasi_identifiers": ["town"]}')
        recipe = {"version": 1, "steps": steps} | (recorded or {})
        (tmp_path / "recipe.json").write_text(json.dumps(recipe))
        (tmp_path / "out.csv").unlink(missing_ok=True)
        code = cli.main(
            [
                *("anonymize", str(tmp_path / "month.csv")),
                *("--roles", str(tmp_path / "roles.json"), "--hierarchies", str(tmp_path / "h")),
                *("--recipe", str(tmp_path / "recipe.json")),
                *("--out", str(tmp_path / "out.csv"), *options),
            ]
        )
        out, err = capsys.readouterr()
        return code, out, err, tmp_path / "out.csv"

    return _anonymize


def test_a_recipe_that_fits_says_nothing(anonymize):
    code, out, err, written = anonymize()
    assert (code, err) == (0, "")
    assert "3 records written" in out
    assert written.read_text() == "age,town\n30-39,Aford\n30-39,Aford\n40-49,Bham\n"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (TABLE.replace("name", "surname"), "'name', which the file does not have"),
        (TABLE.replace("31,", "99,"), "1 values of the column 'age', in 1 rows, are not in its"),
    ],
)
def test_next_months_file_that_does_not_fit_is_refused(anonymize, table, words):
    code, out, err, written = anonymize(table)
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert "99" not in err
    assert not written.exists()


def test_of_several_mistakes_the_first_is_told_and_the_others_are_counted(anonymize):
    table = TABLE.replace("name", "surname").replace("31,", "99,")
    code, _, err, _ = anonymize(table)
    assert code == 2
    assert "'name'" in err
    assert "1 more" in err
    assert len(err.splitlines()) == 1


def test_a_warning_is_printed_and_the_release_is_written(anonymize):
    recorded = {"hierarchies": {"age": "0" * 64}}
    code, _, err, written = anonymize(recorded=recorded)
    assert code == 0
    assert "not the one that the recipe was made with" in err
    assert written.exists()


def test_the_steps_for_people_and_rows_go_together(anonymize):
    rows = (f"p{i // 2},m{i}@example.org,2024-01-{i + 1:02d},30" for i in range(20))
    table = "\n".join(["id,mail,town,age", *rows])
    steps = [
        {"step": "pseudonymize", "columns": ["id"], "alphabet": "digits", "prefix": "P"},
        {"step": "mask", "columns": ["mail"], "what": "digits"},
        {"step": "date_shift", "columns": ["town"], "days": 10},
        {"step": "sample_records", "count": 8},
        {"step": "shuffle_rows"},
    ]
    code, out, err, written = anonymize(table, steps)
    assert (code, err) == (0, "")
    assert "8 records written, 12 left out" in out
    found = [line.split(",") for line in written.read_text().splitlines()[1:]]
    assert all(row[0].startswith("P") and len(row[0]) == 13 for row in found)
    assert {row[1] for row in found} == {"m***@example.org"}
    assert all("2023-12-22" <= row[2] <= "2024-01-30" for row in found)
