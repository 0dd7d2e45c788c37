"""Policies of one's own, in a real browser: uploaded, picked by a slider, and refused."""

import json

import pytest

from risk.own_policy import class_size_policy

pytestmark = pytest.mark.e2e


def policy_file(folder, name, **change):
    data = class_size_policy(3).to_json() | {"id": "ours", "title": "Our house rule"} | change
    path = folder / name
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.fixture
def risk(visit, screen):
    page = visit()
    app = screen(page)
    app.click("Twelve inpatients")
    page.get_by_text("What the columns look like").wait_for()
    app.go("Risk")
    return app


def test_an_organisation_s_policy_is_uploaded_and_judged(risk, tmp_path):
    risk.click("Your own policy")
    risk.upload(policy_file(tmp_path, "ours.json"), label="Policy file")
    risk.page.get_by_text("required 3").first.wait_for()
    assert "Our house rule" in risk.page.get_by_role("combobox").first.input_value()
    risk.go("Reduce")
    assert "Leave out groups below 3, as the policy asks" in risk.body()


def test_a_policy_that_is_none_is_refused_with_a_sentence(risk, tmp_path):
    risk.click("Your own policy")
    path = policy_file(tmp_path, "bad.json", status="gospel")
    risk.upload(path, label="Policy file")
    risk.page.get_by_text("needs a status").wait_for()
    risk.page.keyboard.press("Escape")
    assert "required 5" in risk.body()


def test_the_threshold_moves_by_keyboard(risk):
    slider = "What if every group had to hold at least … people?"
    risk.press(slider, "ArrowRight", 4)
    risk.page.get_by_text("a chance above 1 in 9 by a prosecutor").wait_for()
    risk.click("Compare with groups of at least 9 everywhere")
    risk.page.get_by_text("required 9").first.wait_for()
