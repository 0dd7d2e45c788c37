import io
import json
import zlib

import pikepdf
import pytest

import microdata
from microdata.errors import PrivacyToolError
from reports import attached_child
from reports.attached import Attached
from reports.document.pdf import render_pdf

VERSIONS = {"versions": {"privascope": microdata.VERSION}}


def pdf_with(files, **options):
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, data in files.items():
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name)
        pdf.save(out, **options)
    return out.getvalue()


def packed_twice(size):
    packer = zlib.compressobj(9)
    block = bytes(1_000_000)
    once = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    return zlib.compress(once, 9)


def refused(pdf):
    with pytest.raises(PrivacyToolError) as error:
        Attached.from_pdf(pdf)
    sentence = str(error.value)
    assert "\n" not in sentence
    return sentence


def test_what_is_attached_to_a_report_is_read_back(released):
    pdf = render_pdf(released)
    found = Attached.from_pdf(pdf)
    assert found.assessment == json.loads(json.dumps(released.to_json()))
    assert found.recipe == released.to_json()["recipe"]
    assert json.loads(found.read) == released.to_json()["dataset"]["read"]


@pytest.mark.parametrize(
    "dataset", [None, {}, {"read": "secrets.json"}, {"read": 7}, {"read": ["a"]}], ids=str
)
def test_a_report_does_not_choose_which_file_is_opened(dataset):
    assert Attached(pdf=b"", files={}, assessment={"dataset": dataset}).read == "{}"


@pytest.mark.parametrize(
    "raw",
    [b"", b"%PDF-1.7\n", bytes(range(256)) * 40, b"%PDF-1.7\n" + b"9 0 obj <<" * 5000],
    ids=["empty", "head", "bytes", "nested"],
)
def test_what_is_no_pdf_is_one_sentence(raw):
    assert "damaged or not a PDF" in refused(raw)


def test_a_report_cut_in_the_middle_is_one_sentence(released):
    pdf = render_pdf(released)
    assert "damaged" in refused(pdf[: len(pdf) // 2])


def test_a_pdf_without_an_assessment_is_told():
    assert "No assessment is attached" in refused(pdf_with({"other.json": b"{}"}))


def test_a_locked_pdf_is_told():
    locked = pdf_with(
        {"assessment.json": json.dumps(VERSIONS).encode()},
        encryption=pikepdf.Encryption(owner="a", user="b"),
    )
    assert "locked with a password" in refused(locked)


def test_a_small_pdf_that_unpacks_to_a_hundred_megabytes_is_not_read():
    pdf = pdf_with({"assessment.json": bytes(100_000_000)}, recompress_flate=True)
    assert len(pdf) < 1_000_000
    assert "larger than" in refused(pdf)


def test_one_that_needs_more_memory_than_the_limit_is_not_read():
    bomb = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        spec = pikepdf.AttachedFileSpec(pdf, b"", filename="assessment.json")
        pdf.attachments["assessment.json"] = spec
        stream = pdf.attachments["assessment.json"].obj.EF.F
        # Packed zeros, packed again: each layer unpacks a thousandfold.
        stream.write(
            packed_twice(1_500_000_000),
            filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode]),
        )
        pdf.save(bomb, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert len(bomb.getvalue()) < 2_000_000
    sentence = refused(bomb.getvalue())
    assert "larger than" in sentence or "damaged" in sentence


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"versions": ' + '{"a": ' * 100_000,
        "{" + '"a": 1' + "0" * 5000 + "}",
        '{"a": NaN}',
        "no json",
        '{"a": "\\ud800',
    ],
    ids=["lists", "objects", "digits", "nan", "words", "cut"],
)
def test_hostile_json_is_one_sentence(text):
    assert "damaged" in refused(pdf_with({"assessment.json": text.encode()}))


@pytest.mark.parametrize("made_by", [None, "0.0.9", 7, {"privascope": "9.0"}])
def test_another_version_is_told(made_by):
    data = {"versions": made_by if isinstance(made_by, dict) else {"privascope": made_by}}
    assert "another version" in refused(pdf_with({"assessment.json": json.dumps(data).encode()}))


def test_a_file_that_is_too_large_is_not_opened(monkeypatch):
    monkeypatch.setattr("reports.attached.MOST_PDF_BYTES", 10)
    assert "more than the limit of 10" in refused(b"%PDF-1.7 and more")


def test_a_process_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr("reports.attached.MOST_SECONDS", 0.01)
    assert "cannot be read" in refused(b"%PDF-1.7")


class TestTheProcessItself:
    """What it does, called in this process, where nothing is capped."""

    @pytest.fixture(autouse=True)
    def _uncapped(self, monkeypatch):
        monkeypatch.setattr(attached_child, "cap_this_process", lambda *_: None)
        monkeypatch.setattr(attached_child, "forbid_files", lambda: None)

    def given(self, monkeypatch, raw):
        class Source:
            buffer = io.BytesIO(raw)

        class Sink:
            buffer = io.BytesIO()

        monkeypatch.setattr(attached_child.sys, "stdin", Source)
        monkeypatch.setattr(attached_child.sys, "stdout", Sink)
        attached_child.main()
        return Sink.buffer.getvalue()

    def test_it_hands_back_both_files(self, monkeypatch):
        pdf = pdf_with({"assessment.json": b"abc", "recipe.json": b"de"})
        assert self.given(monkeypatch, pdf) == (3).to_bytes(8, "little") + b"abcde"

    @pytest.mark.parametrize(
        ("pdf", "code"),
        [
            (pdf_with({}), attached_child.NOTHING_ATTACHED),
            (b"?", attached_child.DAMAGED),
            (
                pdf_with({"assessment.json": bytes(attached_child.MOST_ATTACHED_BYTES + 1)}),
                attached_child.TOO_LARGE,
            ),
            (
                pdf_with({}, encryption=pikepdf.Encryption(owner="a", user="b")),
                attached_child.ENCRYPTED,
            ),
        ],
        ids=["nothing", "damaged", "large", "locked"],
    )
    def test_it_ends_with_a_code_for_each_refusal(self, monkeypatch, pdf, code):
        with pytest.raises(SystemExit) as ended:
            self.given(monkeypatch, pdf)
        assert ended.value.code == code

    def test_too_little_memory_is_too_large_a_file(self, monkeypatch):
        def short(*_, **__):
            raise MemoryError

        monkeypatch.setattr(pikepdf, "open", short)
        with pytest.raises(SystemExit) as ended:
            self.given(monkeypatch, b"")
        assert ended.value.code == attached_child.TOO_LARGE
