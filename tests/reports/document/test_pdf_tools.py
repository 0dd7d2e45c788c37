"""What other programs read in the report of the demo hospital."""

import hashlib
import itertools
import json
import re
import unicodedata

import pytest

from microdata.dataset import ReadOptions
from microdata.roles import Roles
from reports.assessment import assess, release_digest
from reports.case import Case
from reports.document.model import Document, Paragraph, Section, Signature
from reports.document.pdf import render_pdf, write_pdf
from reports.document.sections import build_document
from reports.headline import headline_rows
from risk.policy import Policy
from transforms.recipe import Recipe

UNICODE = {
    "Latin": "Zażółć gęślą jaźń Łódź Århus ½ ≥ –",
    "Greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
    "Cyrillic": "Съешь ещё этих мягких французских булок",
    "Han and Kana": "個人情報の影響評価 中文",
}


def squeezed(text):
    # Lines break anywhere in a narrow cell, so blanks are not compared.
    return re.sub(r"\s+", "", text)


def page(*texts):
    return Document(
        title="Privacy impact assessment",
        subtitle="people.csv",
        status="DRAFT",
        cover=(Paragraph(text="What it says."),),
        sections=(Section(title="1 Texts", blocks=tuple(Paragraph(text=t) for t in texts)),),
        made_at="2026-01-02T03:04:05Z",
    )


def test_qpdf_finds_no_fault(hospital, tool):
    done = tool("qpdf", "--check", hospital.file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pdfinfo_tells_title_and_tags(hospital, tool):
    told = tool("pdfinfo", hospital.file).stdout
    assert re.search(r"^Title:\s+Privacy impact assessment: hospital\.csv$", told, re.MULTILINE)
    assert re.search(r"^Tagged:\s+yes$", told, re.MULTILINE)
    assert re.search(r"^JavaScript:\s+no$", told, re.MULTILINE)
    assert re.search(r"^Encrypted:\s+no$", told, re.MULTILINE)
    assert "<rdf:li>en-GB</rdf:li>" in tool("pdfinfo", "-meta", hospital.file).stdout


def test_headings_follow_each_other_as_the_sections_do(hospital, tool):
    told = tool("pdfinfo", "-struct-text", hospital.file).stdout
    found = re.findall(r"^ *H(\d) \(block\)\n((?: +\"[^\n]*\"\n)+)", told, re.MULTILINE)
    titles = [(int(level), "".join(re.findall(r'"(.*)"', text))) for level, text in found]
    document = build_document(hospital.assessment)
    expected = [(1, document.title), (2, "Contents")]
    expected += [(section.level, section.title) for section in document.sections]
    assert [(level, squeezed(text)) for level, text in titles] == [
        (level, squeezed(text)) for level, text in expected
    ]
    levels = [0, *(level for level, _ in titles)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_pdffonts_sees_only_embedded_fonts_of_ours(hospital, tool):
    rows = [row.split() for row in tool("pdffonts", hospital.file).stdout.splitlines()[2:]]
    assert rows
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)
    assert all(re.match(r"[A-Z]{6}\+Privascope", row[0]) for row in rows)


def test_pdfimages_sees_none(hospital, tool):
    assert len(tool("pdfimages", "-list", hospital.file).stdout.splitlines()) == 2


def test_pdftotext_reads_the_verdict_and_every_headline_figure(hospital, tool):
    text = squeezed(tool("pdftotext", hospital.file, "-").stdout)
    made = hospital.assessment
    assert squeezed(made.overall) in text.lower()
    rows = headline_rows(made.before, made.after)
    assert len(rows) >= 5
    for row in rows:
        assert squeezed(row.now) in text, row.name
        assert squeezed(f"was {row.before}") in text, row.name


def test_the_attached_files_replay_to_the_same_release(hospital, tool, tmp_path):
    tool("pdfdetach", "-saveall", "-o", tmp_path, hospital.file)
    saved = {path.name: json.loads(path.read_text("utf-8")) for path in tmp_path.iterdir()}
    assert set(saved) == {"assessment.json", "settings.json", "recipe.json"}
    settings, said = saved["settings.json"], saved["assessment.json"]
    source = hospital.case.dataset
    case = Case(
        dataset=source,
        roles=Roles.from_json(settings["roles"]),
        recipe=Recipe.from_json(saved["recipe.json"]),
        hierarchies=hospital.case.hierarchies,
        policy=Policy.from_json(settings["policy"]),
        missing=settings["missing"],
        seed=settings["seed"],
        answers=settings["answers"],
    )
    assert ReadOptions.from_json(settings["read"]) == source.read
    assert release_digest(case.release(case.encoded())) == said["release_sha256"]
    assert said["release_sha256"] == hospital.assessment.release_sha256


def test_the_settings_hold_what_was_decided_and_no_figure(hospital, tool, tmp_path):
    tool("pdfdetach", "-saveall", "-o", tmp_path, hospital.file)
    settings = json.loads((tmp_path / "settings.json").read_text("utf-8"))
    said = json.loads((tmp_path / "assessment.json").read_text("utf-8"))
    assert set(settings) == {
        *("read", "roles", "policy", "population", "missing", "seed", "answers"),
    }
    assert settings.pop("read") == said["dataset"]["read"]
    assert settings == {key: said[key] for key in settings}


def test_the_same_input_gives_the_same_bytes(hospital):
    again = render_pdf(assess(hospital.case, now=None))
    assert again != hospital.data  # another time
    assert (
        hashlib.sha256(render_pdf(hospital.assessment)).digest()
        == hashlib.sha256(hospital.data).digest()
    )


@pytest.mark.parametrize("script", UNICODE)
def test_text_comes_back_as_it_was_written(script, tool, tmp_path):
    path = tmp_path / "text.pdf"
    path.write_bytes(write_pdf(page(UNICODE[script]), {}))
    text = tool("pdftotext", path, "-").stdout
    if "could not be drawn" in text:
        pytest.skip(f"no font of this computer has {script}")
    assert squeezed(UNICODE[script]) in squeezed(unicodedata.normalize("NFC", text))


def test_a_checker_of_accessibility_misses_only_the_claim(hospital, tmp_path):
    pdfua = pytest.importorskip("pdfua", reason="the checker pdfua is not installed")
    signed = tmp_path / "signed.pdf"
    document = page("Text")
    place = Section(title="2 Signed", blocks=(Signature(label="Decision"),))
    sections = (*document.sections, place)
    made = Document(**{**vars(document), "sections": sections})
    signed.write_bytes(write_pdf(made, {}))
    for path in (hospital.file, str(signed)):
        # The file does not claim to be PDF/UA, because that is not proven.
        assert {finding.rule_id for finding in pdfua.validate(path).findings} <= {"UA-28-004"}
