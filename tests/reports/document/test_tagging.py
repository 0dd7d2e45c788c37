from io import BytesIO

import pytest
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate
from reportlab.platypus.paragraph import Paragraph
from reportlab.platypus.tables import Table

from reports.document import fonts, style
from reports.document.layout import Layout
from reports.document.model import Bullets, Callout
from reports.document.model import Table as DataTable
from reports.document.tagging import Node, TaggedCanvas
from reports.document.text import Typesetter


def setup_module():
    fonts.register()


def drawn(*blocks, draws=True):
    layout = Layout(Typesetter())
    canvases = []

    def make(*arguments, **options):
        canvases.append(TaggedCanvas(*arguments, **options))
        canvases[-1].draws = draws
        return canvases[-1]

    template = BaseDocTemplate(
        BytesIO(), pagesize=(style.PAGE_WIDTH, style.PAGE_HEIGHT), initialFontName=fonts.REGULAR
    )
    frame = Frame(style.LEFT, style.BOTTOM, style.TEXT_WIDTH, style.TEXT_HEIGHT, 0, 0, 0, 0)
    template.addPageTemplates(PageTemplate("page", [frame]))
    template.multiBuild(
        [flowable for block in blocks for flowable in layout.block(block)], canvasmaker=make
    )
    return canvases[-1]


def roles(node):
    return [node.role, *(r for c in node.children if isinstance(c, Node) for r in roles(c))]


@pytest.mark.parametrize(
    ("owner", "method"),
    [
        (Table, "_drawCell"),
        (Table, "_drawBkgrnd"),
        (Table, "_drawLines"),
        (Table, "onSplit"),
        (Paragraph, "split"),
        (Flowable, "_drawOn"),
    ],
)
def test_the_writer_still_has_the_methods_that_are_overridden(owner, method):
    assert callable(getattr(owner, method))


def test_a_table_over_pages_is_one_element_with_every_row():
    rows = tuple((f"row {i}", "x") for i in range(200))
    canvas = drawn(DataTable(head=("a", "b"), rows=rows, widths=(0.5, 0.5)))
    tables = [node for node in canvas.tagger.roots if node.role == "Table"]
    assert len(tables) == 1
    pages = len({page for page, _ in marks(tables[0])})
    assert pages > 1
    found = roles(tables[0])
    assert found.count("TD") == 400
    assert found.count("TH") == 2 * pages


def marks(node):
    for child in node.children:
        if isinstance(child, Node):
            yield from marks(child)
        else:
            yield child


def test_marks_on_a_page_are_numbered_without_gaps():
    canvas = drawn(
        Callout(word="Word", text="Text", tone="bad"),
        Bullets(items=("one", "two")),
        DataTable(head=("a",), rows=(("x",),), widths=(1.0,)),
    )
    numbers = sorted(mark for node in canvas.tagger.roots for _, mark in marks(node))
    assert numbers == list(range(len(numbers)))
    assert canvas.tagger.stack == []


def test_a_paragraph_over_pages_is_one_element():
    canvas = drawn(Bullets(items=("word " * 3000,) * 3))
    paragraphs = [node for node in canvas.tagger.roots if node.role == "P"]
    assert len(paragraphs) == 3
    assert max(len({page for page, _ in marks(node)}) for node in paragraphs) == 2


def test_a_pass_without_marks_takes_the_same_pages_and_has_no_elements():
    rows = tuple((f"row {i}", "words " * (i % 40)) for i in range(100))
    blocks = (
        DataTable(head=("a", "b"), rows=rows, widths=(0.3, 0.7)),
        Callout(word="Met", text="It holds.", tone="good"),
        Bullets(items=("one", "two")),
    )
    seen, measured = drawn(*blocks), drawn(*blocks, draws=False)
    assert seen.page_index == measured.page_index > 3
    assert seen.tagger.roots
    assert measured.tagger.roots == []
