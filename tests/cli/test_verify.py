import json

import pytest

import cli
from reports.assessment import Assessment
from reports.document.pdf import render_pdf

STEPS = [
    {"step": "generalize", "levels": {"age": 2}},
    {"step": "suppress_records", "require": ["k-anonymity=2"]},
]


@pytest.fixture(scope="module")
def report(inpatients, tmp_path_factory):
    """A report of the inpatients, the assessment in it, and what else it was made of."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "recipe.json").write_text(json.dumps({"version": 1, "steps": STEPS}))
    (folder / "attacks.json").write_text('[{"name": "Neighbour", "known": ["age"]}]')
    made = [
        *("assess", *inpatients, "--recipe", folder / "recipe.json", "--policy", "k3"),
        *("--attacks", folder / "attacks.json", "--population-size", 5000, "--seed", 4),
        *("--pdf", folder / "report.pdf", "--json", folder / "assessment.json"),
    ]
    assert cli.main([str(a) for a in made]) in (0, 1)
    data, *_, hierarchies = inpatients
    return folder / "report.pdf", data, hierarchies


def changed(report, tmp_path, change):
    data = json.loads((report[0].parent / "assessment.json").read_bytes())
    change(data)
    path = tmp_path / "changed.pdf"
    path.write_bytes(render_pdf(Assessment.from_json(data)))
    return path


def test_a_report_holds_for_the_data_that_it_was_made_of(report, answer):
    pdf, data, hierarchies = report
    code, out = answer("verify", pdf, data, "--hierarchies", hierarchies, "--json", "-")
    found = json.loads(out)
    assert (code, found["holds"], found["differences"]) == (0, True, [])
    assert found["figures"]["hold"] > 200
    assert {part["what"] for part in found["not_checked"]} == {
        "roles, policy, recipe, population, rule for missing values, seed and answers",
        "the time at which the report was made",
    }


def test_a_changed_figure_is_the_one_that_is_found(report, answer, tmp_path):
    def change(data):
        data["after"]["classes"]["largest"] += 1

    _, data, hierarchies = report
    pdf = changed(report, tmp_path, change)
    code, out = answer("verify", pdf, data, "--hierarchies", hierarchies)
    assert code == 1
    assert "1 figure does not: Largest group (now)." in out
    assert out.count("does not hold: ") == 1


def test_changed_data_is_told_without_a_value(report, answer, tmp_path):
    pdf, data, hierarchies = report
    lines = data.read_text("utf-8").splitlines()
    other = tmp_path / data.name
    other.write_text("\n".join([*lines[:-1], lines[1]]))
    code, out = answer("verify", pdf, other, "--hierarchies", hierarchies)
    assert code == 1
    assert out.startswith("The table is not the one that the report was made of. ")
    for value in ("13053", "Cancer", "Viral"):
        assert value not in out


def test_a_copy_that_was_written_anew_holds(report, answer, tmp_path):
    pdf, data, hierarchies = report
    other = tmp_path / "copy.csv"
    other.write_bytes(data.read_bytes() + b"\n")
    code, out = answer("verify", pdf, other, "--hierarchies", hierarchies)
    assert code == 0
    assert "not checked: the file itself" in out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no report", "damaged or not a PDF"),
        ("no table", ""),
        ("no hierarchies", "'age'"),
        ("no file", "none.csv"),
    ],
)
def test_mistakes_are_one_sentence(report, capsys, name, words):
    pdf, data, hierarchies = report
    arguments = {
        "no report": (data, data),
        "no table": (pdf, pdf, "--hierarchies", hierarchies),
        "no hierarchies": (pdf, data),
        "no file": (pdf, data.parent / "none.csv"),
    }
    code = cli.main(["verify", *map(str, arguments[name])])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert words in err
