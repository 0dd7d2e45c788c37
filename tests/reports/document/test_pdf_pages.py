"""How the pages break: on the report of the demo hospital, and on pages filled to any height."""

import io
import re
from collections import defaultdict

import pikepdf
import pytest

from reports.document import layout, style
from reports.document.model import Bullets, Document, Paragraph, Section, Table
from reports.document.pdf import write_pdf

WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)


def marks(data):
    """The roles of the marks on each page, in the order in which they are drawn."""
    found = defaultdict(dict)
    with pikepdf.open(io.BytesIO(data)) as file:
        numbers = {page.obj.objgen: i for i, page in enumerate(file.pages)}

        def walk(element):
            for child in element.K if isinstance(element.K, pikepdf.Array) else [element.K]:
                if child.get("/Type") == "/MCR":
                    found[numbers[child.Pg.objgen]][int(child.MCID)] = str(element.S)
                elif "/S" in child:
                    walk(child)

        walk(file.Root.StructTreeRoot.K)
        assert len(file.pages) == len(found)
    return [[page[mark] for mark in sorted(page)] for _, page in sorted(found.items())]


def alone_at_the_foot(data):
    return [i for i, page in enumerate(marks(data), start=1) if page[-1] in {"/H1", "/H2"}]


def test_no_heading_of_the_report_is_alone_at_the_foot_of_a_page(hospital):
    assert alone_at_the_foot(hospital.data) == []


def filled(lines, *blocks, together=False):
    first = Section(title="1 First", blocks=(Bullets(items=("line",) * lines),), new_page=True)
    second = Section(title="Second", level=2, blocks=blocks, together=together)
    return write_pdf(
        Document(
            title="Title",
            subtitle="table",
            status="DRAFT",
            cover=(Paragraph(text="Cover"),),
            sections=(first, second),
            made_at="2026-01-02T03:04:05Z",
        ),
        {},
    )


TALL = Table(head=("a", "b"), rows=(("words " * 120, "x"), ("y", "z")), widths=(0.3, 0.7))
FOLLOWING = {
    "a table with a tall first row": (TALL,),
    "a line, then such a table": (Paragraph(text="What it shows."), TALL),
    "a list": (Bullets(items=("item",) * 12),),
    "long text": (Paragraph(text="word " * 400),),
}


@pytest.mark.parametrize("kind", FOLLOWING)
def test_a_heading_goes_to_the_next_page_with_what_it_is_the_heading_of(kind):
    for lines in range(26, 42):
        data = filled(lines, *FOLLOWING[kind])
        assert alone_at_the_foot(data) == [], lines
        if kind.startswith("a line"):
            pages = [page for page in marks(data) if "/H2" in page]
            assert "/TD" in pages[-1][pages[-1].index("/H2") :], lines


def test_the_search_finds_a_heading_that_is_alone(monkeypatch):
    monkeypatch.setattr(layout, "_room", lambda *_: 0.0)
    assert any(alone_at_the_foot(filled(lines, TALL)) for lines in range(26, 46))


def test_what_is_kept_together_moves_only_if_that_leaves_little_behind():
    short, long = (Bullets(items=("item",) * count) for count in (12, 45))
    for lines in range(20, 40):
        pages = marks(filled(lines, short, together=True))
        page = next(page for page in pages[1:] if "/H2" in page)
        assert len(page[page.index("/H2") :]) == 13
    pages = marks(filled(20, long, together=True))
    assert "/H2" in pages[1]  # the page that is begun is filled


def words(hospital, tool):
    told = tool("pdftotext", "-bbox", hospital.file, "-").stdout
    pages = told.split("<page ")[1:]
    assert len(pages) > 20
    for page in pages:
        yield [(*map(float, match[:4]), match[4]) for match in WORD.findall(page)]


HEAD, FOOT = style.TOP - 20, style.PAGE_HEIGHT - style.BOTTOM + 18


def body(page):
    return [w for w in page if w[3] > HEAD and w[1] < FOOT]


def test_no_word_leaves_the_frame_of_the_page(hospital, tool):
    for page in words(hospital, tool):
        assert {"Page", "of"} <= {w[4] for w in page if w[1] >= FOOT}
        # What the program calls the top of a word is that of its font.
        for left, top, right, bottom, text in page:
            assert left >= style.LEFT - 1, text
            assert right <= style.PAGE_WIDTH - style.RIGHT + 1, text
            assert top >= style.TOP - 6 or bottom <= HEAD, text
            assert bottom <= style.PAGE_HEIGHT - style.BOTTOM + 6 or top >= FOOT, text


def test_only_the_page_before_a_new_part_is_nearly_empty(hospital, tool):
    parts = ["/H1" in page[:1] for page in marks(hospital.data)]
    bottoms = [max(w[3] for w in body(page)) - style.TOP for page in words(hospital, tool)]
    for number, bottom in enumerate(bottoms[:-1]):
        assert bottom > 0.3 * style.TEXT_HEIGHT or parts[number + 1], number + 1
        assert bottom > 0.1 * style.TEXT_HEIGHT, number + 1


def test_the_summary_of_the_report_is_one_page(hospital, tool):
    pages = [" ".join(w[4] for w in body(page)) for page in words(hospital, tool)]
    assert pages[1].startswith("1 Executive summary")
    assert not any("Executive summary" in page for page in pages[2:])
    assert marks(hospital.data)[2][0] == "/H1"
