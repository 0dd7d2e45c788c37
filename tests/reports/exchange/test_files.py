import json

import pytest

import cli
from microdata.errors import PrivacyToolError
from reports.document.files import write_documents
from reports.exchange import action_plan_csv, action_plan_xlsx, cnil_bytes


def test_the_ending_tells_in_which_form_the_action_plan_is_written(answered, tmp_path):
    for name, render in (("a.csv", action_plan_csv), ("a.XLSX", action_plan_xlsx)):
        path = tmp_path / name
        written = write_documents(answered, {"actions": path})
        assert written == {"actions": name, "actions_bytes": path.stat().st_size}
        assert path.read_bytes() == render(answered)


def test_the_command_line_writes_both(answered, tmp_path, capsys):
    saved = tmp_path / "assessment.json"
    saved.write_text(json.dumps(answered.to_json(), default=list), "utf-8")
    pdf, cnil, plan = (tmp_path / name for name in ("a.pdf", "cnil.json", "plan.xlsx"))
    arguments = ["report", saved, "--pdf", pdf, "--cnil", cnil, "--actions", plan, "--json", "-"]
    assert cli.main([str(argument) for argument in arguments]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["cnil"], told["actions"]) == ("cnil.json", "plan.xlsx")
    assert cnil.read_bytes() == cnil_bytes(answered)
    assert plan.read_bytes() == action_plan_xlsx(answered)


@pytest.mark.parametrize("name", ["cnil", "actions"])
def test_neither_has_a_version_for_the_public(answered, tmp_path, name):
    with pytest.raises(PrivacyToolError, match="no public version"):
        write_documents(answered, {name: tmp_path / "a.csv"}, public=True)
    assert not list(tmp_path.iterdir())
