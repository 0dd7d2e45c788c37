import io
import json

import docx
import pytest

import cli
from reports.document import files
from reports.document.docx import render_docx
from reports.document.files import FORMS, write_documents
from reports.document.public import render_public_pdf


def test_only_what_is_asked_for_is_written(original_only, tmp_path):
    path = tmp_path / "report.docx"
    written = write_documents(original_only, {"docx": path})
    assert written == {"docx": "report.docx", "docx_bytes": path.stat().st_size}
    assert path.read_bytes() == render_docx(original_only)
    assert [file.name for file in tmp_path.iterdir()] == ["report.docx"]


def test_every_form_can_be_written_at_once(original_only, tmp_path):
    paths = {name: tmp_path / f"report.{name}" for name in FORMS}
    written = write_documents(original_only, paths)
    assert written["bytes"] == paths["pdf"].stat().st_size
    assert {written[name] for name in FORMS} == {path.name for path in paths.values()}


def test_the_command_line_writes_the_word_document(original_only, tmp_path, capsys):
    saved = tmp_path / "assessment.json"
    saved.write_text(json.dumps(original_only.to_json(), default=list), "utf-8")
    word = tmp_path / "report.docx"
    arguments = ["report", str(saved), "--pdf", str(tmp_path / "report.pdf"), "--docx", str(word)]
    assert cli.main([*arguments, "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["docx"] == "report.docx"
    assert word.read_bytes() == render_docx(original_only)
    assert docx.Document(io.BytesIO(word.read_bytes())).paragraphs


def test_a_saved_assessment_still_needs_a_place_for_its_pdf(tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["report", "a.json", "--docx", str(tmp_path / "report.docx")])
    assert left.value.code == 2
    assert "--pdf" in capsys.readouterr().err


def test_the_public_version_is_written_in_its_place_and_not_in_every_form(
    original_only, tmp_path, capsys, monkeypatch
):
    saved = tmp_path / "assessment.json"
    saved.write_text(json.dumps(original_only.to_json(), default=list), "utf-8")
    pdf = tmp_path / "public.pdf"
    assert cli.main(["report", str(saved), "--pdf", str(pdf), "--public"]) == 0
    assert pdf.read_bytes() == render_public_pdf(original_only)
    without = {name: make for name, make in files.PUBLIC_FORMS.items() if name != "docx"}
    monkeypatch.setattr(files, "PUBLIC_FORMS", without)
    arguments = ["report", str(saved), "--pdf", str(pdf), "--public"]
    assert cli.main([*arguments, "--docx", str(tmp_path / "public.docx")]) == 2
    assert "no public version" in capsys.readouterr().err
    assert not (tmp_path / "public.docx").exists()
