from docx.oxml import parse_xml
from hypothesis import given
from hypothesis import strategies as st

from reports.document import style
from reports.document.docx_style import LISTS, MARKS, WORD, numbering_xml, settings_xml, styles_xml
from reports.document.docx_text import field, paragraph, run
from reports.document.text import clean

W = f"{{{WORD}}}"
HEBREW = "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}"
ARABIC = "\N{ARABIC LETTER BEH}"


def runs(xml):
    return list(parse_xml(f'<w:p xmlns:w="{WORD}">{xml}</w:p>'))


def texts(xml):
    return [r.findtext(f"{W}t") for r in runs(xml)]


def test_a_run_is_text_with_its_look():
    [one] = runs(run("a < b", bold=True, color=style.TONES["bad"], ground="ffffff"))
    assert one.findtext(f"{W}t") == "a < b"
    look = [part.tag.removeprefix(W) for part in one.find(f"{W}rPr")]
    assert look == ["b", "bCs", "color", "shd"]
    assert one.find(f"{W}rPr/{W}color").get(f"{W}val") == "8c1d18"


def test_scripts_from_right_to_left_have_runs_of_their_own_with_the_blanks_between():
    xml = run(f"one {HEBREW} 12 {ARABIC} (two)")
    assert texts(xml) == ["one ", f"{HEBREW} 12 {ARABIC}", " (two)"]
    backward = [r.find(f"{W}rPr/{W}rtl") is not None for r in runs(xml)]
    assert backward == [False, True, False]


def test_no_text_gives_no_run():
    assert run("") == run(" \x00 ") == ""


def test_marks_that_reorder_and_control_characters_are_dropped():
    assert texts(run("a\x00b\x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}c\N{ZERO WIDTH SPACE}d")) == [
        "ab[31mcd"
    ]
    assert texts(run("a\ud800b\uffffc")) == ["a\ufffdb\ufffdc"]


@given(st.text() | st.text(f"a <&>\"'%]{HEBREW}{ARABIC}\x00\x0b\x85\u2028\ufffe\ud800"))
def test_every_text_is_readable_and_stays_what_was_cleaned(text):
    read = "".join(texts(run(text)))
    assert read.replace("\N{NO-BREAK SPACE}", " ") == clean(text)


def test_a_paragraph_has_a_style_and_a_field_what_stands_there_until_it_is_computed():
    xml = paragraph(run("x"), "Note", keep=True, more="<w:pageBreakBefore/>")
    [one] = runs(xml)
    assert [part.tag.removeprefix(W) for part in one.find(f"{W}pPr")] == [
        *("pStyle", "keepNext", "pageBreakBefore"),
    ]
    [page] = runs(field("PAGE", "1"))
    assert page.get(f"{W}instr").strip() == "PAGE"
    assert page.findtext(f"{W}r/{W}t") == "1"


def test_lists_tell_their_tone_by_a_mark():
    root = parse_xml(numbering_xml())
    marks = [e.get(f"{W}val") for e in root.iterfind(f".//{W}lvlText")]
    assert marks == [MARKS[tone] for tone, _ in LISTS]
    assert len(set(MARKS.values())) == len(style.TONES) == len(MARKS)
    numbers = [e.get(f"{W}numId") for e in root.iterfind(f"{W}num")]
    assert numbers == [str(number) for number in LISTS.values()]


def test_the_language_is_that_of_the_document():
    styles = parse_xml(styles_xml("fr-CA"))
    [language] = styles.iterfind(f"{W}docDefaults//{W}lang")
    assert language.get(f"{W}val") == "fr-CA"
    assert 'w:val="fr-CA"' in settings_xml("fr-CA")
    assert "&quot;&gt;" in settings_xml('">')


def test_every_style_stands_on_one_that_is_there():
    styles = parse_xml(styles_xml("en-GB"))
    known = {e.get(f"{W}styleId") for e in styles.iterfind(f"{W}style")}
    used = {e.get(f"{W}val") for tag in ("basedOn", "next") for e in styles.iter(f"{W}{tag}")}
    assert used <= known
    outlines = {
        e.get(f"{W}styleId"): level.get(f"{W}val")
        for e in styles.iterfind(f"{W}style")
        for level in e.iterfind(f".//{W}outlineLvl")
    }
    assert outlines == {"Heading1": "0", "Heading2": "1"}
