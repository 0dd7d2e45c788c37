import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from html import escape
from pathlib import Path

import pandas as pd
import pytest

from demo_data import DEMOS
from microdata.hierarchy import Hierarchy
from microdata.profile import profile
from microdata.readers import dataset_from_frame, read_dataset
from microdata.roles import Role, Roles
from reports.assessment import Assessment, assess
from reports.attacks import carry_out
from reports.document.front import summary
from reports.document.model import Callout, Table
from reports.document.risk_sections import register_section
from reports.project import Project
from risk.attacks import LinkageAttack
from risk.attacks.plan import AttackPlan
from transforms.hierarchies import read_hierarchy
from transforms.recipe import Recipe
from ui import compute, recipes
from ui.background import Background
from ui.state import Session


def protected(session):
    recipe = recipes.with_dropped(Recipe(), ["name", "email"])
    recipe = recipes.with_pseudonyms(recipe, ["person_id"])
    for column in session.roles.quasi_identifiers:
        recipe = recipes.with_level(recipe, column, min(2, session.hierarchies[column].height))
    return session.with_recipe(recipes.with_requirements(recipe, ["k-anonymity=5"]))


def without_clock(data):
    return {key: value for key, value in data.items() if key != "made_at"}


def printed(at):
    texts = [element.value for element in (*at.markdown, *at.caption)]
    return " ".join([*texts, *(element.proto.body for element in at.get("html"))])


def test_answers_are_kept_and_printed(open_app, turn_to, inpatients):
    at = open_app("report", inpatients)
    at.text_input(key="answer title").set_value(" Wards 2024 ").run()
    at.pills[0].set_value("risk").run()
    at.selectbox(key="answer severity").set_value("3").run()
    assert dict(at.session_state["session"].answers) == {"title": "Wards 2024", "severity": 3}
    assert "Severity: 3 Significant" in printed(at)
    turn_to(at, "risk")
    turn_to(at, "report")
    assert at.selectbox(key="answer severity").value == "3"
    at.pills[0].set_value("document").run()
    assert at.text_input(key="answer title").value == "Wards 2024"


def test_what_else_is_published_is_asked_and_told_on_the_risk_page(open_app, turn_to, inpatients):
    at = open_app("report", inpatients)
    at.pills[0].set_value("risk").run()
    at.selectbox(key="answer tables").set_value("yes").run()
    at.selectbox(key="answer versions").set_value("no").run()
    assert dict(at.session_state["session"].answers) == {"tables": "yes", "versions": "no"}
    turn_to(at, "risk")
    told = [element.value for element in at.markdown]
    assert any("Reconstruction:" in text for text in told)
    assert not any("Composition:" in text for text in told)
    turn_to(at, "report")
    assert at.selectbox(key="answer tables").value == "yes"
    at.selectbox(key="answer tables").set_value("").run()
    assert dict(at.session_state["session"].answers) == {"versions": "no"}


def test_an_answer_measures_nothing_again(open_app, fresh, monkeypatch):
    measured = []

    def assess_once(*asked, **options):
        measured.append(asked)
        return assess(*asked, **options)

    monkeypatch.setattr(compute, "assess", assess_once)
    at = open_app("report", fresh)
    at.text_input(key="answer title").set_value("x").run()
    at.pills[0].set_value("risk").run()
    at.selectbox(key="answer tables").set_value("yes").run()
    at.selectbox(key="answer severity").set_value("4").run()
    assert len(measured) == 1
    at.session_state["session"] = replace(fresh, seed=7)
    at.run()
    assert len(measured) == 2


def test_the_page_says_whether_it_is_a_draft_and_why(open_app, inpatients):
    at = open_app("report", inpatients)
    assert "<strong" in printed(at)
    assert "Draft.</strong> The advice of the data protection officer is missing." in printed(at)
    decided = inpatients.with_answer("dpo", {"opinion": "could"}).with_answer(
        "decision", {"outcome": "approved", "name": "A. Baker", "date": "2026-01-30"}
    )
    at = open_app("report", decided)
    assert "Approved.</strong>" in printed(at)
    assert "although the verdict on the computed evidence is: not acceptable" in printed(at)


def test_the_preview_is_the_summary_and_the_register_of_the_document(open_app, hospital):
    session = protected(hospital).with_answer("severity", 3)
    at = open_app("report", session)
    assessment = assess(session.case())
    shown = printed(at)
    for section in (summary(assessment), *register_section(assessment)):
        for block in section.blocks:
            if isinstance(block, Table):
                cells = [cell if isinstance(cell, str) else cell.text for row in block.rows
                         for cell in row]  # fmt: skip
                assert all(escape(" ".join(cell.split())) in shown for cell in cells)
            if isinstance(block, Callout):
                assert escape(block.text) in shown


def test_the_json_is_the_assessment(open_app, downloads, hospital):
    session = protected(hospital)
    open_app("report", session)
    data = json.loads(downloads["Assessment (JSON)"])
    alone = without_clock(json.loads(json.dumps(assess(session.case()).to_json())))
    assert without_clock(data) | {"second_opinion": []} == alone
    assert Assessment.from_json(data).to_json() == data


def test_the_json_holds_what_the_simulated_attacks_found(open_app, downloads, inpatients):
    plans = tuple(
        AttackPlan(name=name, attack=LinkageAttack(known=("age",), seed=seed))
        for seed, name in enumerate(("Neighbour", "Slow one"))
    )
    started = []

    def attack(_, plan):
        started.append(plan.name)
        if plan.name == "Slow one":
            return Background(lambda _: never.wait())
        done = Background(lambda _: carry_out(case, source, None, (plan,))[0])
        done.wait(60)
        return done

    case, never = inpatients.case(), threading.Event()
    source = case.encoded()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compute, "attack", attack)
        open_app("report", replace(inpatients, attacks=plans))
        data = json.loads(downloads["Assessment (JSON)"])
    never.set()
    assert set(started) == {"Neighbour", "Slow one"}
    found = {report["name"]: report["original"] for report in data["attacks"]}
    assert found["Neighbour"]["top_1"] > 0
    assert "not finished in time" in found["Slow one"]["reason"]
    assert Assessment.from_json(data).to_json() == data


def test_recipe_and_project_are_read_back(open_app, downloads, hospital):
    session = protected(hospital)
    open_app("report", session)
    recipe = Recipe.from_json(json.loads(downloads["Recipe (JSON)"]))
    assert recipe.steps == session.recipe.steps
    project = Project.from_bytes(downloads["Project, to go on later (JSON)"])
    loaded = Session().with_dataset(session.dataset, session.profile, session.raw)
    assert loaded.restored(project).policy == session.policy
    assert loaded.restored(project).recipe.steps == session.recipe.steps
    assert loaded.restored(project).roles == session.roles


def test_no_download_but_the_table_holds_a_record(open_app, downloads, hospital):
    open_app("report", protected(hospital))
    email = hospital.dataset.frame["email"].iloc[0]
    for label, data in downloads.items():
        assert email.encode() not in data, label


def test_hierarchies_are_read_back_from_the_archive(open_app, downloads, hospital):
    open_app("report", hospital)
    with zipfile.ZipFile(io.BytesIO(downloads["Hierarchies (ZIP)"])) as archive:
        read = {
            name.removesuffix(".csv"): read_hierarchy(archive.read(name), name.removesuffix(".csv"))
            for name in archive.namelist()
        }
    assert {name: h.digest for name, h in read.items()} == {
        name: h.digest for name, h in hospital.hierarchies.items()
    }


def test_hierarchies_of_columns_with_file_signs_in_their_names_stay_apart(open_app, downloads):
    names = ("a/b", "a_b", "../x", "..", "a\\b")
    dataset = dataset_from_frame(pd.DataFrame({name: ["a", "b"] for name in names}), "x.csv")
    session = Session().with_dataset(dataset, profile(dataset), b"")
    session = session.with_roles(Roles(by_column={"a_b": Role.QUASI_IDENTIFIER}), {})
    rows = [("a", "*"), ("b", "*")]
    session = session.with_hierarchies({name: Hierarchy.from_rows(name, rows) for name in names})
    open_app("report", session)
    with zipfile.ZipFile(io.BytesIO(downloads["Hierarchies (ZIP)"])) as archive:
        stored = archive.namelist()
    assert len(set(stored)) == len(names)
    assert not any("/" in name or "\\" in name or name.startswith(".") for name in stored)


def test_the_table_is_the_release(open_app, downloads, hospital):
    session = protected(hospital)
    open_app("report", session)
    table = pd.read_csv(io.BytesIO(downloads["Download table (CSV)"]), dtype=str)
    after = assess(session.case()).after
    sizes = table.groupby(list(hospital.roles.quasi_identifiers), dropna=False).size()
    assert sizes.min() >= 5
    assert len(table) == hospital.dataset.records - after.value("classes", "suppressed_records")
    assert not {"name", "email"} & set(table.columns)
    assert len(set(table["person_id"]) & set(hospital.dataset.frame["person_id"])) == 0


def test_direct_identifiers_in_clear_are_warned_of(open_app, hospital):
    at = open_app("report", hospital)
    assert any("in clear" in w.value and "name" in w.value for w in at.warning)
    at = open_app("report", protected(hospital))
    assert not any("in clear" in w.value for w in at.warning)


def test_cells_that_spreadsheets_would_run_are_made_safe_on_request(open_app, downloads):
    dataset = dataset_from_frame(
        pd.DataFrame({"formula": ["=1+1", "@x", "y"], "age": ["1", "2", "2"]}), "x.csv"
    )
    session = Session().with_dataset(dataset, profile(dataset), b"")
    session = session.with_roles(Roles(by_column={"age": Role.QUASI_IDENTIFIER}), {})
    at = open_app("report", session)
    assert b"\n=1+1" in downloads["Download table (CSV)"]
    at.checkbox[0].check().run()
    assert b"'=1+1" in downloads["Download table (CSV)"]
    assert b"'@x" in downloads["Download table (CSV)"]


def test_what_other_programs_read_is_made_of_the_answers(open_app, downloads, inpatients):
    session = inpatients.with_answer("actions", [{"action": "Sign the contract"}])
    open_app("report", session.with_answer("purpose", "Care research"))
    assert b"Sign the contract" in downloads["Action plan (CSV)"]
    assert downloads["Action plan (Excel)"].startswith(b"PK")
    exported = downloads["CNIL PIA software (JSON)"]
    assert set(json.loads(exported)) >= {"pia", "answers", "measures", "evaluations", "comments"}
    assert b"Care research" in exported


def test_a_release_made_elsewhere_has_no_recipe_to_take_away(open_app, downloads, inpatients):
    path = DEMOS[1].data.with_name("inpatients_anonymous.csv")
    elsewhere = read_dataset(path.read_bytes(), path.name)
    at = open_app("report", replace(inpatients, elsewhere=elsewhere))
    assert not at.exception
    assert {"Recipe (JSON)", "Download table (CSV)"}.isdisjoint(downloads)
    assert json.loads(downloads["Assessment (JSON)"])["elsewhere"] == path.name


def test_the_script_makes_the_table_that_is_downloaded(open_app, downloads, inpatients, tmp_path):
    recipe = recipes.with_smallest_group(recipes.with_level(Recipe(), "age", 2), 2)
    session = inpatients.with_recipe(recipe)
    open_app("report", session)
    (tmp_path / session.require_dataset().name).write_bytes(session.raw)
    with zipfile.ZipFile(io.BytesIO(downloads["Hierarchies (ZIP)"])) as archive:
        archive.extractall(tmp_path / "hierarchies")
    (tmp_path / "recipe.py").write_bytes(downloads["Recipe as a Python script"])
    root = Path(__file__).resolve().parents[2]
    subprocess.run(
        [sys.executable, "recipe.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
        timeout=120,
    )
    (made,) = tmp_path.glob("*-protected.csv")
    assert made.read_bytes() == downloads["Download table (CSV)"]
