"""What is promised: nothing leaves the machine or is written, and no document tells of a person."""

import base64
import contextlib
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pikepdf
import pypdf
import pytest

import cli
from reports.assessment import Assessment
from reports.document.html import render_html
from reports.document.model import Chart
from reports.document.pdf import render_pdf
from reports.document.sections import build_document

ROOT = Path(__file__).resolve().parents[1]

SCRIPT = """
import resource, socket, sys
from pathlib import Path

from microdata.population import Population
from microdata.readers import read_dataset
from microdata.release import Release
from microdata.roles import Roles
from reports.assessment import assess
from reports.attached import Attached
from reports.case import Case
from reports.document.html import render_html
from reports.document.pdf import render_pdf
from reports.rebuilding import Material
from reports.spreadsheet import release_csv
from reports.verification import verify
from risk.policy import load_policy
from transforms.hierarchies import read_hierarchies
from transforms.recipe import Recipe
import json

def work(folder, name):
    roles = Roles.from_json(json.loads(Path(folder, f"{name}_roles.json").read_text()))
    hierarchies = "hierarchies" if name == "hospital" else f"{name}_hierarchies"
    dataset = read_dataset(Path(folder, f"{name}.csv").read_bytes(), f"{name}.csv")
    found = read_hierarchies(Path(folder, hierarchies), dataset.column_names)
    levels = {c: 1 for c in roles.quasi_identifiers if c in found}
    steps = [
        {"step": "generalize", "levels": levels},
        {"step": "suppress_records", "require": ["k-anonymity=2"]},
    ]
    recipe = Recipe.from_json({"version": 1, "steps": steps})
    case = Case(
        dataset=dataset,
        roles=roles,
        recipe=recipe,
        hierarchies=found,
        policy=load_policy("k5"),
        population=Population(size=10_000_000),
    )
    made = assess(case)
    source = case.encoded()
    table = release_csv(case.release(source) or Release.original(source))
    pdf = render_pdf(made)
    checked = verify(Attached.from_pdf(pdf), Material(dataset=dataset, hierarchies=found))
    assert checked.holds, checked.sentence
    return len(pdf), len(render_html(made)), len(table)

def refuse(*args, **kwargs):
    raise AssertionError("a connection was tried")

folder = sys.argv[1]
work(folder, "inpatients")  # compiled code and cut fonts are cached; they hold no data
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # from here on any write to a file is fatal
socket.socket.connect = refuse
socket.create_connection = refuse
print(*work(folder, "hospital"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a Unix feature")
def test_reading_assessing_reporting_and_verifying_write_no_file_and_open_no_connection():
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(ROOT / "demo_data")],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    pdf, page, table = map(int, run.stdout.split())
    assert pdf > 10_000
    assert page > 10_000
    assert table > 1_000


CANARY = "Canaryzyx"
FOLDER = "folderzyxname"


def squeezed(text):
    # Lines break anywhere in a narrow cell, so blanks are not compared.
    return re.sub(r"\s+", "", text)


def pages_of(pdf):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def attached_to(pdf):
    files = pypdf.PdfReader(io.BytesIO(pdf)).attachments
    return b"".join(data for versions in files.values() for data in versions).decode()


def strings_of(pdf):
    """Every text of a PDF that is not on a page: titles, bookmarks, alternative texts, names."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        found = []
        for thing in file.objects:
            held = thing if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream) else {}
            found += [str(value) for _, value in held.items() if isinstance(value, pikepdf.String)]
        return " ".join([*found, file.Root.Metadata.read_bytes().decode()])


def attached_to_page(page):
    return b"".join(map(base64.b64decode, re.findall(r"base64,([A-Za-z0-9+/=]+)", page))).decode()


def parts_of(packed):
    """Every part of a file that is a ZIP of XML."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return " ".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )


def charts_of(saved):
    document = build_document(Assessment.from_json(json.loads(saved)))
    blocks = [block for section in document.sections for block in section.blocks]
    return " ".join(repr(block.spec) for block in blocks if isinstance(block, Chart))


OUTPUTS = {
    # What somebody may be handed: how it is read, and a word that shows that it was.
    "pages of the PDF": (lambda made: pages_of(made["pdf"]), "date_of_birth"),
    "texts beside its pages": (lambda made: strings_of(made["pdf"]), "date_of_birth"),
    "attached to the PDF": (lambda made: attached_to(made["pdf"]), "date_of_birth"),
    "web page": (lambda made: made["html"].decode(), "date_of_birth"),
    "attached to the web page": (
        lambda made: attached_to_page(made["html"].decode()),
        "date_of_birth",
    ),
    "JSON": (lambda made: made["json"].decode(), "date_of_birth"),
    "charts": (lambda made: charts_of(made["json"]), "date_of_birth"),
    "Word": (lambda made: parts_of(made["docx"]), "date_of_birth"),
    "CNIL": (lambda made: made["cnil"].decode(), "date_of_birth"),
    "action plan, CSV": (lambda made: made["csv"].decode(), "Action"),
    "action plan, XLSX": (lambda made: parts_of(made["xlsx"]), "Action"),
    "public pages": (lambda made: pages_of(made["public.pdf"]), "Public"),
    "texts beside the public pages": (lambda made: strings_of(made["public.pdf"]), "Public"),
    "public web page": (lambda made: made["public.html"].decode(), "Public"),
    "public Word": (lambda made: parts_of(made["public.docx"]), "Public"),
    "what the command prints": (lambda made: made["printed"].decode(), ""),  # it may be silent
}
"""One line for each kind of output: a new one is tested by its line here."""


@pytest.fixture(scope="module")
def table_with_canaries():
    """The demo hospital with a value of its own in each column of four people."""
    frame = pd.read_csv(ROOT / "demo_data" / "hospital.csv", dtype=str, keep_default_na=False)
    for row, name in enumerate(("occupation", "marital_status", "diagnosis", "name")):
        frame.loc[row * 7 : row * 7 + 3, name] = f"{CANARY}{name}"
    return frame


@pytest.fixture(scope="module", params=["original", "released"])
def outputs(request, table_with_canaries, tmp_path_factory):
    """Every output of an assessment of that table, under the names that `OUTPUTS` reads."""
    folder = tmp_path_factory.mktemp(FOLDER)
    table, recipe = folder / "hospital.csv", folder / "recipe.json"
    table_with_canaries.to_csv(table, index=False)
    steps = [
        {"step": "generalize", "levels": {"date_of_birth": 4, "admission_date": 3}},
        {"step": "suppress_records", "require": ["k-anonymity=5"]},
    ]
    recipe.write_text(json.dumps({"version": 1, "steps": steps}), "utf-8")
    demo = ROOT / "demo_data"
    kinds = ("pdf", "html", "docx", "cnil", "json")
    written = {kind: folder / f"report.{kind}" for kind in kinds}
    arguments = [
        *("assess", table, "--roles", demo / "hospital_roles.json", "--policy", "k5"),
        *("--hierarchies", demo / "hierarchies"),
        *(("--recipe", recipe) if request.param == "released" else ()),
        *(part for kind, path in written.items() for part in (f"--{kind}", path)),
    ]
    saved = ("report", written["json"], "--pdf")
    for kind in ("csv", "xlsx", "public.pdf", "public.html", "public.docx"):
        written[kind] = folder / f"made.{kind}"
    calls = [
        arguments,
        [*saved, folder / "again.pdf", "--actions", written["csv"]],
        [*saved, folder / "again.pdf", "--actions", written["xlsx"]],
        [
            *(*saved, written["public.pdf"], "--public"),
            *("--html", written["public.html"], "--docx", written["public.docx"]),
        ],
    ]
    printed = io.StringIO()
    for call in calls:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = cli.main([str(argument) for argument in call])
        assert code in {0, 1}, printed.getvalue()
    made = {kind: path.read_bytes() for kind, path in written.items()}
    return made | {"printed": printed.getvalue().encode()}


@pytest.fixture(scope="module")
def rare(table_with_canaries):
    """Every value of fewer people than the threshold, canaries among them."""
    return {
        squeezed(value)
        for name in table_with_canaries
        for value, rows in table_with_canaries[name].value_counts().items()
        # A number of few digits may be a count as well.
        if rows < 5 and value and not value.isdigit()
    }


@pytest.mark.parametrize("kind", OUTPUTS)
def test_no_output_holds_a_value_of_few_people_or_a_path(kind, outputs, rare):
    read, holds = OUTPUTS[kind]
    told = squeezed(read(outputs))
    assert holds in told  # the search looks at what is read
    assert len(rare) > 10_000
    assert f"{CANARY}diagnosis" in rare
    assert not [value for value in rare if value in told]
    assert CANARY not in told
    assert FOLDER not in told
    assert "/demo_data" not in told


def test_the_public_version_names_no_category_however_frequent(outputs, table_with_canaries):
    told = squeezed(pages_of(outputs["public.pdf"]))
    for column in ("diagnosis", "occupation"):
        values = {squeezed(value) for value in table_with_canaries[column] if len(value) > 5}
        assert len(values) > 10
        assert not [value for value in values if value in told]


def test_the_search_finds_a_value_wherever_it_stands(outputs):
    value = f"{CANARY}diagnosis"
    assessment = Assessment.from_json(json.loads(outputs["json"]))
    answers = {**assessment.answers, "purpose": value}
    leaking = replace(assessment, answers=answers)
    pdf, page = render_pdf(leaking), render_html(leaking)
    made = {"pdf": pdf, "html": page, "json": json.dumps(leaking.to_json(), default=list).encode()}
    for kind in ("pages of the PDF", "attached to the PDF", "web page", "JSON"):
        assert value in squeezed(OUTPUTS[kind][0](made)), kind
    assert value in squeezed(attached_to_page(page.decode()))
