"""What is promised: nothing leaves the machine or is written, and no document tells of a person."""

import base64
import contextlib
import io
import json
import logging
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
import streamlit as st
from streamlit.testing.v1 import AppTest

import cli
from microdata.profile import profile
from microdata.readers import read_dataset
from microdata.roles import Roles
from reports.assessment import Assessment
from reports.document.html import render_html
from reports.document.model import Chart
from reports.document.pdf import render_pdf
from reports.document.sections import build_document
from transforms.hierarchies import read_hierarchies
from ui.state import Session

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
CONTROL = "logging-is-heard"
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
    "what all loggers say": (lambda made: made["logged"].decode(), CONTROL),
    "what the command prints": (lambda made: made["printed"].decode(), ""),  # it may be silent
}
"""One line for each kind of output: a new one is tested by its line here."""


@contextlib.contextmanager
def every_logger():
    """Collect what any logger says, whatever its level, and what is warned of."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    named = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    held = [(log, log.level, log.propagate, log.disabled) for log in (logging.root, *named)]
    for log in named:
        log.setLevel(logging.NOTSET)
        log.propagate, log.disabled = True, False
    logging.root.setLevel(logging.DEBUG)
    logging.root.addHandler(handler)
    try:
        for name in ("privascope", "reports.document.fonts", "streamlit"):
            logging.getLogger(name).debug(CONTROL)
        yield heard
    finally:
        logging.root.removeHandler(handler)
        for log, level, propagate, disabled in held:
            log.setLevel(level)
            log.propagate, log.disabled = propagate, disabled


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
    with every_logger() as heard:
        for call in calls:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                code = cli.main([str(argument) for argument in call])
            assert code in {0, 1}, printed.getvalue()
    made = {kind: path.read_bytes() for kind, path in written.items()}
    said = {"printed": printed.getvalue(), "logged": heard.getvalue()}
    return made | {kind: text.encode() for kind, text in said.items()}


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


PAGES = ("columns", "risk", "attack", "reduce", "report", "learn")


@pytest.fixture(scope="module")
def app_with_canaries(table_with_canaries):
    """What is left outside of the browser's pages when each is opened: logs, addresses, names."""
    raw = table_with_canaries.to_csv(index=False).encode()
    dataset = read_dataset(raw, "hospital.csv")
    demo = ROOT / "demo_data"
    roles = Roles.from_json(json.loads((demo / "hospital_roles.json").read_text("utf-8")))
    hierarchies = read_hierarchies(demo / "hierarchies", dataset.column_names)
    session = Session().with_dataset(dataset, profile(dataset), raw).with_roles(roles, {})
    offered, addresses = [], []
    offer = st.download_button

    def download_button(*arguments, file_name=None, **options):
        offered.append(file_name)
        return offer(*arguments, file_name=file_name, **options)

    with pytest.MonkeyPatch.context() as patch, every_logger() as heard:
        patch.setattr(st, "download_button", download_button)
        app = AppTest.from_file(ROOT / "ui" / "main.py", default_timeout=120)
        app.session_state["session"] = session.with_hierarchies(hierarchies)
        app.run()
        for page in PAGES:
            app.switch_page(f"pages/{page}.py").run()
            assert not app.exception
            addresses.append(dict(app.query_params))
            addresses += [button.proto.url for button in app.get("download_button")]
            addresses += [link.proto.page for link in app.get("page_link")]
    return {"logs": heard.getvalue(), "names": offered, "addresses": addresses}


def test_opening_the_pages_logs_nothing_of_a_person(app_with_canaries, rare):
    told = squeezed(app_with_canaries["logs"])
    assert CONTROL in told
    assert CANARY not in told
    assert not [value for value in rare if value in told]


def test_no_address_of_the_app_carries_anything_of_the_table(app_with_canaries):
    addresses = app_with_canaries["addresses"]
    parameters = [address for address in addresses if isinstance(address, dict)]
    assert parameters == [{}] * len(PAGES)
    files = [address for address in addresses if isinstance(address, str)]
    assert any(files)
    # A page by its name, a download by a digest of its content.
    known = re.compile(r"(data|columns)?|(/mock)?/media/(deferred/)?[0-9a-f-]+(\.\w+)?")
    assert [address for address in files if not known.fullmatch(address)] == []


def test_downloads_are_named_by_the_file_or_the_column_that_they_hold(
    app_with_canaries, table_with_canaries
):
    names = app_with_canaries["names"]
    assert len(names) > 3
    stems = "|".join(("hospital", *table_with_canaries))
    own = re.compile(rf"({stems})[a-z.-]*\.(csv|docx|html|json|pdf|py|txt|xlsx|zip)")
    assert [name for name in names if not own.fullmatch(name)] == []
