import csv
import json
from pathlib import Path

import pypdf
import pytest

import cli

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo_data"
DATA = DEMO / "inpatients.csv"
ROLES = DEMO / "inpatients_roles.json"
HIERARCHIES = DEMO / "inpatients_hierarchies"


def run(capsys, *arguments):
    code = cli.main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def recipe(tmp_path):
    columns = json.loads(ROLES.read_text("utf-8"))["quasi_identifiers"]
    path = tmp_path / "recipe.json"
    path.write_text(
        json.dumps(
            {
                "version": 1,
                "steps": [
                    {"step": "generalize", "levels": dict.fromkeys(columns, 1)},
                    {"step": "suppress_records", "require": ["k-anonymity=2"]},
                ],
            }
        )
    )
    return path


def test_profile_gives_roles_with_reasons(capsys):
    code, out, _ = run(capsys, "profile", DATA, "--json", "-")
    result = json.loads(out)
    assert code == 0
    assert result["dataset"]["records"] == 12
    assert set(result["roles"]) >= {"quasi_identifiers", "sensitive", "person"}
    assert all(column["reason"] for column in result["profile"]["columns"])


def test_assess_prints_the_contract_and_the_same_figures_as_the_documents(capsys, tmp_path, recipe):
    pdf, saved, page = (tmp_path / f"a.{ending}" for ending in ("pdf", "json", "html"))
    code, out, _ = run(
        capsys,
        *("assess", DATA, "--roles", ROLES, "--hierarchies", HIERARCHIES, "--recipe", recipe),
        *("--pdf", pdf, "--html", page, "--json", saved),
    )
    assert code == 0
    assert out == ""
    result = json.loads(saved.read_text("utf-8"))
    for stage in ("before", "after"):
        for key in ("classes", "models", "reidentification", "uniqueness", "columns", "utility"):
            assert key in result[stage]
    assert {"highest", "average", "lowest", "at_risk", "below"} <= set(
        result["after"]["reidentification"]["prosecutor"]
    )
    assert len(pypdf.PdfReader(pdf).pages) > 3
    attached = pypdf.PdfReader(pdf).attachments
    assert json.loads(attached["assessment.json"][0]) == result

    again, page_again = tmp_path / "b.pdf", tmp_path / "b.html"
    options = ("--pdf", again, "--html", page_again, "--json", "-")
    code, out, _ = run(capsys, "report", saved, *options)
    assert code == 0
    assert again.read_bytes() == pdf.read_bytes()
    assert page_again.read_bytes() == page.read_bytes()
    assert json.loads(out) == {
        "pdf": "b.pdf",
        "bytes": len(again.read_bytes()),
        "html": "b.html",
        "html_bytes": len(page_again.read_bytes()),
    }


def test_anonymize_writes_what_was_assessed(capsys, tmp_path, recipe):
    out = tmp_path / "release.csv"
    code, text, _ = run(
        capsys,
        *("anonymize", DATA, "--roles", ROLES, "--hierarchies", HIERARCHIES, "--recipe", recipe),
        *("--out", out, "--json", "-"),
    )
    result = json.loads(text)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert code == 0
    assert len(rows) == result["records"] == 12 - result["suppressed"]
    quasi = json.loads(ROLES.read_text("utf-8"))["quasi_identifiers"]
    keys = [tuple(row[c] for c in quasi) for row in rows]
    assert min(keys.count(key) for key in keys) >= 2


def test_check_is_an_exit_code_for_a_pipeline(capsys, recipe):
    base = ("check", DATA, "--roles", ROLES, "--hierarchies", HIERARCHIES)
    assert run(capsys, *base, "--policy", "k3")[0] == 1
    code, out, _ = run(capsys, *base, "--recipe", recipe, "--policy", "k20", "--json", "-")
    assert code == 1
    assert json.loads(out)["met"] is False


def test_a_release_made_elsewhere_is_assessed_with_its_original(capsys):
    made = DEMO / "inpatients_anonymous.csv"
    code, out, err = run(
        capsys,
        *("assess", DATA, "--roles", ROLES, "--hierarchies", HIERARCHIES),
        *("--release", made, "--policy", "k3", "--json", "-"),
    )
    assert code == 0, err
    result = json.loads(out)
    assert result["after"]["classes"]["smallest"] == 4
    assert result["elsewhere"] == "inpatients_anonymous.csv"


MISTAKES = {
    "no command": (),
    "no file": ("profile", "nowhere.csv"),
    "no roles": ("assess", DATA),
    "roles not json": ("assess", DATA, "--roles", DATA),
    "policy unknown": ("check", DATA, "--roles", ROLES, "--policy", "k99"),
    "read unknown key": ("profile", DATA, "--read", '{"sep": ";"}'),
    "population too small": ("assess", DATA, "--roles", ROLES, "--population-size", "3"),
    "unknown missing rule": ("assess", DATA, "--roles", ROLES, "--missing", "all"),
    "recipe needed": ("anonymize", DATA, "--roles", ROLES, "--out", "x.csv"),
    "not an assessment": ("report", ROLES, "--pdf", "x.pdf"),
}


@pytest.mark.parametrize("arguments", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_sentence_and_exit_code_2(capsys, arguments):
    try:
        code, out, err = run(capsys, *arguments)
    except SystemExit as stop:
        code = stop.code
        out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert str(ROOT) not in err


def test_formulas_are_disarmed_only_when_asked_for(capsys, tmp_path):
    data, roles, recipe = (tmp_path / name for name in ("d.csv", "r.json", "s.json"))
    data.write_text('note,zip\n"=1+1",A\n-5,A\n@x,A\n')
    roles.write_text('{"quasi_identifiers": ["zip"]}')
    recipe.write_text('{"version": 1, "steps": []}')
    for flag, expected in (
        ((), ["=1+1", "-5", "@x"]),
        (
            ("--spreadsheet-safe",),
            ["'=1+1", "-5", "'@x"],
        ),
    ):
        out = tmp_path / "out.csv"
        arguments = ("anonymize", data, "--roles", roles, "--recipe", recipe, "--out", out, *flag)
        assert run(capsys, *arguments)[0] == 0
        with out.open(encoding="utf-8", newline="") as file:
            assert [row["note"] for row in csv.DictReader(file)] == expected


def test_the_missing_rule_is_in_the_output_and_changes_the_sizes(capsys, tmp_path):
    data, roles = tmp_path / "d.csv", tmp_path / "r.json"
    data.write_text("a,b\nx,1\nx,1\n,1\n")
    roles.write_text('{"quasi_identifiers": ["a", "b"]}')
    found = {}
    for rule in ("own", "wildcard"):
        arguments = ("assess", data, "--roles", roles, "--missing", rule, "--json", "-")
        found[rule] = json.loads(run(capsys, *arguments)[1])
        assert found[rule]["missing"] == rule
    assert found["own"]["before"]["classes"]["smallest"] == 1
    assert found["wildcard"]["before"]["classes"]["smallest"] == 3
    assert found["wildcard"]["before"]["models"]["k-anonymity"] == 3
    assert found["wildcard"]["before"]["reidentification"]["prosecutor"]["highest"] == 1 / 3
    assert found["wildcard"]["before"]["uniqueness"]["sample"] == 0


@pytest.mark.parametrize(
    "raw", [b'{"quasi_identifiers": ["\xff"]}', b"[" * 200_000], ids=["not UTF-8", "too deep"]
)
def test_a_json_file_that_cannot_be_read_is_a_mistake_and_no_traceback(capsys, tmp_path, raw):
    path = tmp_path / "roles.json"
    path.write_bytes(raw)
    code, out, err = run(capsys, "assess", DATA, "--roles", path)
    assert (code, out) == (2, "")
    assert "roles.json" in err


def test_half_a_surrogate_pair_in_an_answer_is_written_as_an_escape(capsys, tmp_path):
    answers, saved = tmp_path / "answers.json", tmp_path / "a.json"
    answers.write_text('{"title": "a\\ud800"}', "ascii")
    base = ("assess", DATA, "--roles", ROLES, "--answers", answers)
    assert run(capsys, *base, "--json", saved)[0] == 0
    assert json.loads(saved.read_text("utf-8"))["answers"]["title"] == "a\ud800"
    assert run(capsys, *base, "--json", "-")[1].isascii()


def test_a_population_beyond_all_counting_is_a_mistake(capsys):
    code, _, err = run(
        capsys, "assess", DATA, "--roles", ROLES, "--population-size", "1" + 320 * "0"
    )
    assert code == 2
    assert "population size" in err


def test_the_wildcard_rule_is_refused_where_people_are_counted(capsys):
    hospital, roles = DEMO / "hospital.csv", DEMO / "hospital_roles.json"
    code, _, err = run(capsys, "assess", hospital, "--roles", roles, "--missing", "wildcard")
    assert code == 2
    assert "count twice" in err
