import re
from html.parser import HTMLParser

from reports.document.model import Cell, Table
from ui.widgets.blocks import table_html


class Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.rows, self.tags = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])

    def handle_data(self, data):
        self.rows[-1].append(data)


def section():
    from reports.document.model import (
        Bullets,
        Callout,
        Paragraph,
        Section,
        Signature,
        Table,
    )
    from ui.widgets.blocks import show_section

    text = "![x](http://evil.example/x.png) <img src=x onerror=alert(1)>"
    show_section(
        Section(
            title=text,
            level=2,
            blocks=(
                Paragraph(text=text, style="lead"),
                Paragraph(text=text, style="note"),
                Bullets(items=(text, "two")),
                Bullets(items=()),
                Callout(word=text, text=text, tone="bad"),
                Table(head=(text, "b"), rows=((text, text),), widths=(0.5, 0.5)),
                Signature(label=text),
            ),
        )
    )


def read(table):
    parser = Texts()
    parser.feed(table_html(table, "Register 1"))
    return parser


def test_a_table_says_what_the_document_says():
    table = Table(
        head=("No.", "Risk", "Level"),
        rows=(("1", "<b>a & b</b>", Cell(text="red: severity 4", tone="bad")), ("2", "c", "d")),
        widths=(0.1, 0.5, 0.4),
        right=(0,),
    )
    found = read(table)
    assert found.rows == [
        ["No.", "Risk", "Level"],
        ["1", "<b>a & b</b>", "red: severity 4"],
        ["2", "c", "d"],
    ]
    assert [a.get("scope") for tag, a in found.tags if tag == "th"] == ["col"] * 3 + ["row"] * 2
    (region,) = [a for tag, a in found.tags if a.get("role") == "region"]
    assert (region["tabindex"], region["aria-label"]) == ("0", "Register 1")
    assert "text-align:right" in found.tags[4][1]["style"]
    assert {tag for tag, _ in found.tags} == {"div", "table", "thead", "tbody", "tr", "th", "td"}


def test_text_of_a_document_does_nothing_on_the_page(show, inpatients, hostile_parts):
    at = show(section, inpatients)
    assert not at.exception
    assert hostile_parts(at) == set()
    assert re.search(r"&lt;img src=x", " ".join(e.proto.body for e in at.get("html")))
