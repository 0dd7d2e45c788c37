import json

import pytest

import cli

BY_AGE = {"age": 1, "zip": 2, "nationality": 2}
BY_ORIGIN = {"age": 3, "zip": 2, "nationality": 1}


@pytest.fixture
def recipe(tmp_path):
    """Write a recipe that generalises columns."""

    def written(name, levels):
        path = tmp_path / name
        path.write_text(
            json.dumps({"version": 1, "steps": [{"step": "generalize", "levels": levels}]})
        )
        return path

    return written


@pytest.fixture
def attack(inpatients, recipe):
    return ("attack", *inpatients, "--recipe", recipe("first.json", BY_AGE))


@pytest.fixture
def release(inpatients, recipe, tmp_path, answer):
    path = tmp_path / "other.csv"
    made = ("--recipe", recipe("made.json", BY_ORIGIN), "--out", path)
    assert answer("anonymize", *inpatients, *made)[0] == 0
    return path


def composed(answer, *arguments):
    code, out = answer(*arguments, "--json", "-")
    assert code == 0
    return json.loads(out)


def test_two_recipes_on_the_same_rows(answer, attack, recipe):
    alone = composed(answer, *attack)
    assert "composition" not in alone
    result = composed(answer, *attack, "--second-recipe", recipe("second.json", BY_ORIGIN))
    found = result.pop("composition")
    assert result == alone, "the attack itself is the one on the first recipe"
    # Four people of each age; six Americans, four Asians, two Europeans of different ages.
    assert found["smallest"] == {"first": 4, "second": 2, "together": 1}
    assert found["people"] == {"both": 12, "only_first": 0, "only_second": 0}
    assert set(found["sensitive"]["condition"]) == {
        *("first", "second", "disclosed", "new", "reduction"),
    }


def test_a_second_release_from_a_file(answer, attack, recipe, release):
    by_recipe = composed(answer, *attack, "--second-recipe", recipe("second.json", BY_ORIGIN))
    by_file = composed(answer, *attack, "--second-release", release)
    in_order = composed(answer, *attack, "--second-release", release, "--same-order")
    for found in (by_file, in_order):
        for key in ("smallest", "unique", "average", "sensitive", "sizes"):
            assert found["composition"][key] == by_recipe["composition"][key]
        assert any("made elsewhere" in caveat for caveat in found["composition"]["caveats"])


def test_the_lines_that_a_person_reads(answer, attack, recipe):
    code, out = answer(*attack, "--second-recipe", recipe("second.json", BY_ORIGIN))
    assert code == 0
    assert "smallest group: 1 together, 4 and 2 apart" in out
    assert "found by the first guess" in out


def test_a_second_release_that_cannot_be_paired_is_refused_with_the_reason(
    attack, release, capsys, tmp_path
):
    part = tmp_path / "part.csv"
    part.write_text("".join(release.read_text().splitlines(keepends=True)[:-1]))
    assert cli.main([str(a) for a in (*attack, "--second-release", part)]) == 2
    assert "cannot be told" in capsys.readouterr().err
    assert cli.main([str(a) for a in (*attack, "--second-release", part, "--same-order")]) == 2
    assert "cannot stand in the same order" in capsys.readouterr().err


def test_both_at_once_and_recipes_that_do_not_fit_are_refused(attack, recipe, release, capsys):
    second = recipe("second.json", BY_ORIGIN)
    both = (*attack, "--second-recipe", second, "--second-release", release)
    assert cli.main([str(a) for a in both]) == 2
    assert "one of the two" in capsys.readouterr().err
    unknown = recipe("unknown.json", {"shoe": 1})
    assert cli.main([str(a) for a in (*attack, "--second-recipe", unknown)]) == 2
    assert "'shoe'" in capsys.readouterr().err
