import io
import re
import unicodedata

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics

from reports.document import fonts, scripts
from reports.document.model import Bullets, Document, Paragraph, Section, Table
from reports.document.pdf import write_pdf
from reports.document.text import Typesetter

ARABIC = "هذا تقييم للمخاطر (12%) الخاصة بالبيانات، ولا يذكر أحداً."
HEBREW = "מהי רמת הסיכון (15) לאדם בטבלה age?"
MIXED = "The column עיר מגורים holds 3 towns."
HINDI = "क्षत्रिय हिन्दी में किताबें"
THAI = "ภาษาไทยที่นี่ น้ำ ผู้ใหญ่"


@pytest.fixture(autouse=True)
def registered():
    fonts.register()


@pytest.fixture
def bidi():
    return pytest.importorskip("bidi", reason="the optional part i18n is not installed")


@pytest.fixture
def shaper():
    return pytest.importorskip("uharfbuzz", reason="the optional part i18n is not installed")


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setattr(scripts, "_algorithm", lambda: None)
    monkeypatch.setattr(scripts, "_shaper_is_there", lambda: False)


def needs_fonts(*texts):
    setter = Typesetter()
    for text in texts:
        setter.markup(text)
    if setter.undrawn:
        pytest.skip("no font of this computer has these scripts")


def ordered(text):
    [line] = scripts.in_order([[(character, None) for character in text]])
    return "".join(character for character, _ in line)


def test_letters_join_by_hand(bidi):
    # beh + yeh + teh; dal + alef + reh join with nothing; seen + (lam with alef) + meem.
    assert scripts.joined("\u0628\u064a\u062a") == "\ufe91\ufef4\ufe96"
    assert scripts.joined("\u062f\u0627\u0631") == "\ufea9\ufe8d\ufead"
    assert scripts.joined("\u0633\u0644\u0627\u0645") == "\ufeb3\ufefc\ufee1"
    # A mark between two letters does not keep them apart; a blank does.
    assert scripts.joined("\u0628\u064e\u064a") == "\ufe91\u064e\ufef2"
    assert scripts.joined("\u0628 \u064a") == "\ufe8f \ufef1"


@given(
    st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويىءآأؤإئة \u064b\u0651ab1"), max_size=20)
)
def test_joined_letters_are_the_same_letters(text):
    assert scripts.as_letters(scripts.joined(text)) == text


def test_words_stand_in_order_by_hand(bidi):
    alef, bet, gimel = "אבג"
    assert ordered(f"a {alef}{bet} {gimel} z") == f"a {gimel} {bet}{alef} z"
    assert ordered(f"{alef}{bet} 12 ({gimel})") == f"({gimel}) 12 {bet}{alef}"
    assert ordered("plain (12)") == "plain (12)"


@given(st.text(st.sampled_from("abאבגهو 12.,-"), max_size=24))
def test_the_order_is_that_of_another_implementation(text):
    bidi = pytest.importorskip("bidi", reason="the optional part i18n is not installed")
    text = text.strip()
    base = bidi.get_base_level(text) if text else 0
    assert ordered(text) == (bidi.get_display(text, base_dir="LR"[base]) if text else "")


def test_a_mark_stays_with_its_letter(bidi):
    # Shin with two marks, lamed with one: the marks follow the letter that carries them.
    shin, lamed = "\u05e9\u05c1\u05b8", "\u05dc\u05b9"
    assert ordered(shin + lamed) == lamed + shin


def test_lines_are_put_in_order_one_by_one(bidi):
    lines = [[(c, i) for c in text] for i, text in enumerate(("אב", "גד"))]
    placed = scripts.in_order(lines)
    assert [("".join(c for c, _ in line), {i for _, i in line}) for line in placed] == [
        ("בא", {0}),
        ("דג", {1}),
    ]


def document(*blocks):
    return Document(
        title="Title",
        subtitle="table",
        status="DRAFT",
        cover=(Paragraph(text="Cover"),),
        sections=(Section(title="1 Texts", blocks=blocks),),
        made_at="2026-01-02T03:04:05Z",
    )


def elements(data):
    """What a screen reader is told in place of what is drawn."""
    found = []
    with pikepdf.open(io.BytesIO(data)) as file:

        def walk(element):
            if "/ActualText" in element:
                found.append((str(element.S), str(element.ActualText)))
            for child in element.K if isinstance(element.K, pikepdf.Array) else [element.K]:
                if "/S" in child:
                    walk(child)

        walk(file.Root.StructTreeRoot.K)
    return found


def test_what_is_turned_is_told_as_it_was_written(bidi):
    needs_fonts(HEBREW, ARABIC)
    table = Table(head=("a", "b"), rows=((ARABIC, "x"),), widths=(0.5, 0.5))
    data = write_pdf(document(Paragraph(text=HEBREW), Bullets(items=(MIXED, "plain")), table), {})
    assert elements(data) == [("/P", HEBREW), ("/P", f"– {MIXED}"), ("/TD", ARABIC)]


def test_a_paragraph_over_lines_and_pages_is_told_whole(bidi):
    needs_fonts(HEBREW)
    text = " ".join([HEBREW] * 120)[:3900].rsplit(" ", 1)[0]
    [(role, told)] = elements(
        write_pdf(document(*[Paragraph(text="x")] * 20, Paragraph(text=text)), {})
    )
    assert (role, told) == ("/P", text)


def test_other_programs_read_it_in_reading_order(bidi, tool, tmp_path):
    needs_fonts(HEBREW, ARABIC)
    path = tmp_path / "turned.pdf"
    path.write_bytes(write_pdf(document(Paragraph(text=MIXED), Paragraph(text=ARABIC)), {}))
    text = tool("pdftotext", path, "-").stdout
    # The program writes marks of direction and the forms in which letters join.
    text = unicodedata.normalize("NFKC", re.sub("[\u202a-\u202e]", "", text))
    for word in (*MIXED.split(), "هذا", "تقييم", "الخاصة"):
        assert word in text


SHAPED = [(HINDI, fonts.DEVANAGARI), (THAI, fonts.THAI)]


@pytest.mark.parametrize(("text", "font"), SHAPED)
def test_shaped_text_is_read_as_it_was_written(text, font, shaper):
    if font not in fonts.packaged():
        pytest.skip("the optional part i18n is not installed")
    data = write_pdf(document(Paragraph(text=text)), {})
    with pikepdf.open(io.BytesIO(data)) as file:
        code = file.pages[0].Contents.read_bytes()
    [told] = re.findall(rb"/Span <</ActualText <FEFF([0-9A-F]+)>>> BDC", code)
    assert bytes.fromhex(told.decode()).decode("utf-16-be") == text
    assert code.count(b"BDC") == code.count(b"EMC")


@pytest.mark.parametrize(("text", "font"), SHAPED)
def test_shaping_chooses_glyphs_and_leaves_the_font_as_it_was(text, font, shaper):
    if font not in fonts.packaged():
        pytest.skip("the optional part i18n is not installed")
    word, *others = text.split()
    assert scripts.shaped(word, fonts.REGULAR, 9.0) is word
    assert scripts.shaped(word, font, 9.0).__shapeData__
    known = dict(pdfmetrics.getFont(font).face.charToGlyph)
    for other in others:
        scripts.shaped(other, font, 9.0)
    # Codes given as glyphs turn up would make the bytes depend on what was drawn before.
    assert pdfmetrics.getFont(font).face.charToGlyph == known


def test_the_bytes_do_not_depend_on_what_was_drawn_before(bidi):
    made = document(*(Paragraph(text=text) for text in (ARABIC, HEBREW, HINDI, THAI)))
    first = write_pdf(made, {})
    write_pdf(document(Paragraph(text=THAI[::-1]), Paragraph(text=HINDI[::-1])), {})
    assert write_pdf(made, {}) == first


def test_without_the_optional_part_it_is_drawn_as_stored_and_said(nothing_installed):
    setter = Typesetter()
    shown = "".join(piece for _, piece in setter.runs(HEBREW, fonts.REGULAR))
    assert setter.right_to_left + setter.undrawn == sum("א" <= c <= "ת" for c in HEBREW)
    assert setter.undrawn or shown == HEBREW
    assert (scripts.joined(ARABIC), ordered(HEBREW)) == (ARABIC, HEBREW)
    data = write_pdf(document(Paragraph(text=HEBREW), Paragraph(text=THAI)), {})
    assert elements(data) == []
    with pikepdf.open(io.BytesIO(data)) as file:
        assert b"ActualText" not in file.pages[0].Contents.read_bytes()
        assert [entry.title for entry in file.open_outline().root[0].children] == ["Characters"]


def test_the_remark_is_left_out_where_text_is_in_order(bidi):
    setter = Typesetter()
    setter.markup(HEBREW)
    assert setter.right_to_left == 0


@given(st.text(st.characters(max_codepoint=0x24F), max_size=40))
def test_text_from_left_to_right_is_never_touched(text):
    assert scripts.joined(text) == text
    assert ordered(text) == text
