from dataclasses import replace

import pytest
from docx.oxml.ns import qn

from reports.charts import ChartSpec, Series, Threshold
from reports.document.docx import write_docx
from reports.document.docx_style import LISTS
from reports.document.model import (
    Bullets,
    Callout,
    Cell,
    Chart,
    Document,
    Paragraph,
    Section,
    Signature,
    Table,
    Tiles,
)
from reports.headline import headline_rows
from tests.reports.document.word_file import body, opened, parts, texts_of, told

SPEC = ChartSpec(
    id="few",
    kind="columns",
    title="The message",
    categories=("a",),
    series=(Series(name="now", values=(1.0,), tone="now"),),
    category_title="which",
    value_title="how many",
    thresholds=(Threshold(value=0.5, label="policy: 0.5"),),
    alt='What "is" <seen>',
    note="Exact.",
)


def document(*blocks, **changes):
    made = Document(
        title="A",
        subtitle="b.csv",
        status="DRAFT",
        cover=(),
        sections=(Section(title="One", blocks=blocks),),
        made_at="2026-01-02T03:04:05Z",
    )
    return replace(made, **changes)


def written(*blocks, **changes):
    return body(write_docx(document(*blocks, **changes), {}))


def test_a_table_repeats_its_head_keeps_its_rows_and_sets_numbers_right():
    table = Table(
        head=("What", "How many"),
        rows=(("a", Cell(text="! 1", tone="bad")), ("b", "2")),
        widths=(0.75, 0.25),
        right=(1,),
    )
    [made, again] = written(table, table).iter(qn("w:tbl"))
    rows = list(made.iter(qn("w:tr")))
    assert [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows] == [True, False, False]
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
    looks = [p.pPr.pStyle.val for p in made.iter(qn("w:p"))]
    assert looks == ["Head", "NumberHead", "Cell", "Number", "Cell", "Number"]
    first, second = (int(c.get(qn("w:w"))) for c in made.iter(qn("w:gridCol")))
    assert first == pytest.approx(3 * second, abs=2)
    [toned] = [r for r in made.iter(qn("w:r")) if r.text == "! 1"]
    assert toned.rPr.find(qn("w:color")).get(qn("w:val")) == "8c1d18"
    assert toned.rPr.find(qn("w:b")) is not None
    names = [t.find(f".//{qn('w:tblCaption')}").get(qn("w:val")) for t in (made, again)]
    assert names == ["One", "One, table 2"]


def test_a_row_taller_than_a_page_may_be_cut():
    table = Table(head=("a", "b"), rows=(("x" * 3000, "1"), ("x", "1")), widths=(0.1, 0.9))
    [made] = written(table).iter(qn("w:tbl"))
    whole = [row.find(f".//{qn('w:cantSplit')}") is not None for row in made.iter(qn("w:tr"))]
    assert whole == [True, False, True]


def test_a_list_is_a_list_whose_mark_tells_its_tone():
    made = written(Bullets(items=("x", "y"), tone="good"), Bullets(items=("z",), small=True))
    found = [
        (p.pPr.pStyle.val, p.pPr.numPr.numId.val)
        for p in made.iter(qn("w:p"))
        if p.pPr.numPr is not None
    ]
    good, small = LISTS["good", False], LISTS["plain", True]
    assert found == [("ListBullet", good), ("ListBullet", good), ("ListRemark", small)]


def test_a_band_is_one_shaded_cell():
    made = written(Callout(word="Not acceptable", text="Because.", tone="bad"))
    [cell] = made.iter(qn("w:tc"))
    assert texts_of(cell) == ["Not acceptable", "Because."]
    assert cell.find(f".//{qn('w:shd')}").get(qn("w:fill")) == "fbeeed"
    [short] = written(Callout(word="Met", text="", tone="good")).iter(qn("w:tc"))
    assert texts_of(short) == ["Met"]


def test_the_scoreboard_tells_what_it_was_and_which_way_it_went(released):
    rows = headline_rows(released.before, released.after)
    [now] = written(Tiles(rows=rows, released=True)).iter(qn("w:tbl"))
    shown = texts_of(now)
    for row in rows:
        assert f"was {row.before}{f' – {row.change}' if row.change else ''}" in shown
    [alone] = written(Tiles(rows=rows, released=False)).iter(qn("w:tbl"))
    assert "was" not in " ".join(texts_of(alone))


def test_a_place_to_sign_prints_what_is_known():
    made = written(Signature(label="For the controller", name="A. Name", date="2026-01-01"))
    assert [text for text in texts_of(made) if text][-7:] == [
        *("For the controller", "Name", "A. Name", "Role", "Date", "2026-01-01", "Signature"),
    ]


def test_a_chart_is_native_with_its_words_and_its_message_stays_with_it():
    data = write_docx(document(Chart(spec=SPEC)), {})
    [inline] = body(data).iter(qn("wp:inline"))
    assert inline.find(qn("wp:docPr")).get("descr") == 'What "is" <seen>'
    [shown] = [e for e in inline.iter() if e.tag.endswith("}chart")]
    part = opened(data).part.related_parts[shown.get(qn("r:id"))]
    assert part.partname == "/word/charts/chart1.xml"
    assert part.blob.count(b"<c:ser>") == 1
    caption, figure, note = list(body(data).iter(qn("w:p")))[-3:]
    assert caption.pPr.pStyle.val == "Caption"
    styles = opened(data).styles
    assert styles["Caption"].paragraph_format.keep_with_next
    assert figure.pPr.keepNext is not None
    assert told(note) == "To compare with: policy: 0.5. Exact."


def test_a_map_is_a_table_of_shaded_cells():
    spec = replace(
        SPEC,
        kind="map",
        categories=("x", "y"),
        series=(Series(name="row", values=(1.0, 0.0), tone="utility", texts=("1.00", "")),),
        maximum=1.0,
    )
    data = write_docx(document(Chart(spec=spec)), {})
    [table] = body(data).iter(qn("w:tbl"))
    assert texts_of(table) == ["", "x", "y", "row", "1.00", ""]
    assert [e.get(qn("w:fill")) for e in table.iter(qn("w:shd"))] == ["08306b"]
    assert not [name for name in parts(data) if "chart" in name]
    assert "how many" in texts_of(body(data))


@pytest.mark.parametrize(
    "what",
    [
        Chart(spec=SPEC),
        Table(head=("a",), rows=(("b",),), widths=(1.0,)),
        Bullets(items=("x",)),
        Paragraph(text="long " * 200),
    ],
)
def test_words_stay_with_what_they_open_and_a_section_may_stay_together(what):
    words = Paragraph(text="words")
    near = written(words, words, what, words)
    kept = [p.pPr.keepNext is not None for p in near.iter(qn("w:p")) if told(p) == "words"]
    assert kept == [True, True, False]
    [alone] = [p for p in written(words).iter(qn("w:p")) if told(p) == "words"]
    assert alone.pPr.keepNext is None
    section = Section(title="T", blocks=(words, words), together=True, new_page=True, level=2)
    whole = written(sections=(section,))
    kept = [p for p in whole.iter(qn("w:p")) if told(p) == "words"]
    assert [p.pPr.keepNext is not None for p in kept] == [True, False]
    [heading] = [p for p in whole.iter(qn("w:p")) if p.pPr.pStyle.val == "Heading2"]
    assert heading.pPr.find(qn("w:pageBreakBefore")) is not None


def test_a_document_without_sections_can_be_opened():
    made = written(sections=())
    assert len(list(made.iter(qn("w:fldChar")))) == 3


@pytest.mark.parametrize("made_at", ["", "soon", "2026-01-02", "</w:t>"])
def test_a_time_that_is_none_gives_no_date(made_at):
    data = write_docx(document(made_at=made_at), {})
    assert b"dcterms:created" not in parts(data)["docProps/core.xml"]


def test_the_files_of_the_report_are_named_by_their_digests():
    # SHA-256 of "abc", as FIPS 180-2 prints it.
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    data = write_docx(document(), {"assessment.json": (b"abc", "Every figure")})
    last = texts_of(body(data))[-1]
    assert last == f"assessment.json: Every figure. SHA-256 {digest}"
