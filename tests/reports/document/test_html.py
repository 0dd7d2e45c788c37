import base64
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from reports.assessment import Assessment
from reports.charts import ChartSpec, Series
from reports.document.html import render_html, write_html
from reports.document.html_chart import escaped
from reports.document.html_style import style_sheet
from reports.document.metric_tables import metric_sections
from reports.document.model import (
    Bullets,
    Callout,
    Cell,
    Chart,
    Document,
    Paragraph,
    Section,
    Table,
)
from reports.document.sections import build_document
from reports.headline import headline_rows

RARE = ("Zyxwvutown", "Qwertzuitis")
VOID = {"meta", "col", "br"}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section"),
    *("footer", "h1", "h2", "h3", "p", "a", "ul", "ol", "li", "span", "strong", "div", "dl", "dt"),
    *("dd", "table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "figure"),
    *("figcaption", "details", "summary", "svg", "desc", "defs", "pattern", "rect", "line", "text"),
}
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


class Page(HTMLParser):
    """What is in a page: elements with their attributes, and the text that is read."""

    def __init__(self, data):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.texts, self.cells = [], [], [], []
        self.feed(data.decode("utf-8"))
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), "no attribute is given twice"
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"th", "td"}:
            self.cells.append("")

    def handle_startendtag(self, tag, attrs):
        assert "svg" in self.open, "only a drawing closes an element where it opens"
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)
        if self.open and self.open[-1] in {"th", "td"}:
            self.cells[-1] += data

    def all(self, *tags):
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def text(self):
        return squeezed(" ".join(self.texts))


def squeezed(text):
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def data(released):
    return render_html(released)


@pytest.fixture(scope="module")
def page(data):
    return Page(data)


def attached(page):
    return {
        link["download"]: base64.b64decode(link["href"].partition("base64,")[2])
        for link in page.all("a")
        if "download" in link
    }


def test_the_text_holds_the_verdict_and_the_scoreboard(released, page):
    assert released.overall in page.text.lower()
    for row in headline_rows(released.before, released.after):
        for part in (row.name, row.before, row.now):
            assert part in page.text
    for verdict in released.verdicts:
        assert verdict.requirement in page.text
        assert verdict.why in page.text


def test_every_cell_of_every_table_is_there_as_a_cell(released, page):
    assert metric_sections(released)
    document = build_document(released)
    blocks = [*document.cover, *(b for section in document.sections for b in section.blocks)]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert len(tables) > 10
    cells = {squeezed(cell) for cell in page.cells}
    for table in tables:
        for row in (table.head, *table.rows):
            for cell in row:
                assert (cell.text if isinstance(cell, Cell) else cell) in cells


def test_every_text_of_the_document_is_there(released, page):
    for section in build_document(released).sections:
        for block in section.blocks:
            match block:
                case Paragraph():
                    assert block.text in page.text
                case Bullets():
                    assert all(item in page.text for item in block.items)
                case Callout():
                    assert f"{block.word} {block.text}" in page.text
                case Chart():
                    assert block.spec.title in page.text
                    assert block.spec.note in page.text
                    assert all(part in page.text for row in block.spec.rows() for part in row)


def test_headings_are_the_sections_in_order_and_the_contents_lead_to_them(released, page):
    sections = build_document(released).sections
    headings = [
        (tag, attributes["id"])
        for tag, attributes in page.elements
        if tag in {"h1", "h2", "h3"} and attributes.get("id", "").startswith("section-")
    ]
    assert headings == [(f"h{s.level + 1}", f"section-{i}") for i, s in enumerate(sections, 1)]
    assert len(page.all("h1")) == 1
    links = [link["href"] for link in page.all("a") if link["href"].startswith("#section-")]
    assert links == [f"#{name}" for _, name in headings]
    assert all(page.text.count(section.title) >= 2 for section in sections)


def test_identifiers_are_unique_and_what_names_an_element_exists(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for name in attributes.get("aria-labelledby", "").split():
            assert name in ids
    fills = {a["fill"] for a in page.all("rect") if a["fill"].startswith("url(")}
    assert fills
    assert {fill[5:-1] for fill in fills} <= set(ids)


def test_a_page_knows_its_language_and_each_table_its_name_and_heads(page):
    assert page.all("html") == [{"lang": "en-GB"}]
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(head["scope"] in {"col", "row"} for head in page.all("th"))
    charts = page.all("svg")
    assert charts
    assert all(chart["role"] == "img" for chart in charts)
    assert len(page.all("desc")) == len(charts)


def test_nothing_is_run_or_fetched(data, page):
    assert {tag for tag, _ in page.elements} <= TAGS
    assert b"http:" not in data
    assert b"https:" not in data
    assert b"@import" not in data
    assert re.findall(rb"url\((?!#chart-\d+-hatching\))", data) == []
    [policy] = [a["content"] for a in page.all("meta") if "http-equiv" in a]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")


def test_the_attached_files_are_those_of_the_pdf(released, page):
    files = attached(page)
    assert set(files) == {"assessment.json", "settings.json", "recipe.json"}
    saved = json.loads(files["assessment.json"])
    assert saved == json.loads(json.dumps(released.to_json(), default=list))
    assert json.loads(files["recipe.json"]) == dict(released.recipe)


def test_a_saved_assessment_gives_the_same_bytes(released, original_only, data):
    assert render_html(released) == data
    saved = json.loads(json.dumps(released.to_json(), default=list))
    assert render_html(Assessment.from_json(saved)) == data
    assert render_html(original_only) != data


def test_no_value_of_fewer_people_than_the_threshold_is_anywhere(data, page):
    # The town that everybody knows must be told, or the search below looks at nothing.
    assert "town" in page.text
    for value in RARE:
        assert value.encode() not in data
        assert all(value.encode() not in file for file in attached(page).values())


def test_nothing_is_called_compliant(page):
    assert "compliant" not in page.text.lower()
    # Numbers of certificates are among the identifiers that HIPAA lists.
    text = page.text.lower().replace("certificate and licence numbers", "")
    assert "certificate" not in text


def test_hostile_texts_stand_as_text(hostile_report):
    assessment, written = hostile_report
    page = Page(render_html(assessment))
    assert {tag for tag, _ in page.elements} <= TAGS
    for _, attributes in page.elements:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
    assert all(
        link["href"].startswith(("#", "data:application/json;base64,")) for link in page.all("a")
    )
    assert OVERRIDE not in page.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", "".join(page.texts))
    assert written in page.text


def test_a_text_is_escaped_for_an_attribute_too():
    assert escaped("<a b='c' d=\"e\">&\x00") == "&lt;a b=&#x27;c&#x27; d=&quot;e&quot;&gt;&amp;"
    assert escaped("5 % of 7") == "5\N{NO-BREAK SPACE}% of 7"


def test_no_text_enters_the_style_sheet():
    bad = '</style><script>"}@import url(x)'
    document = Document(title=bad, subtitle=bad, status=bad, cover=(), sections=(), made_at=bad)
    sheet = style_sheet(document)
    assert sheet.count("{") == sheet.count("}")
    assert "<" not in sheet
    assert "@import" not in sheet
    assert "url(" not in sheet


def document(*sections):
    return Document(
        title="A", subtitle="b.csv", status="DRAFT", cover=(), sections=sections, made_at="now"
    )


def test_tones_and_numbers_are_told_by_words_and_by_class():
    table = Table(
        head=("What", "How many"),
        rows=(("a", Cell(text="! 1", tone="bad")),),
        widths=(0.5, 0.5),
        right=(1,),
    )
    section = Section(
        title="One", blocks=(table, table, Bullets(items=("x",), tone="good", small=True))
    )
    page = Page(write_html(document(section), {}))
    assert [cell for cell in page.cells if "!" in cell] == ["! 1", "! 1"]
    assert page.all("td")[0] == {"class": "number bad"}
    assert "One, table 2" in page.texts
    assert {"class": "good remarks"} in page.all("ul")


def test_a_section_of_level_two_lies_in_the_one_before():
    one, two = Section(title="One", blocks=()), Section(title="Two", blocks=(), level=2)
    text = write_html(document(one, two, replace(one, new_page=True)), {}).decode()
    body = text[text.index("<main") :]
    assert re.findall(r"</?section|h\d id", body) == [
        *("<section", "h2 id", "<section", "h3 id", "</section", "</section"),
        *("<section", "h2 id", "</section"),
    ]
    assert body.count('class="new-page"') == 1
    assert "data:" not in text


def test_a_heading_goes_to_the_next_page_with_the_chart_that_follows_it():
    spec = ChartSpec(
        id="few",
        kind="columns",
        title="Few",
        categories=("a",),
        series=(Series(name="now", values=(1.0,), tone="now"),),
        category_title="which",
        value_title="how many",
    )
    picture, words = Chart(spec=spec), Paragraph(text="words")
    near = Section(title="Near", blocks=(words, picture, words))
    far = Section(title="Far", blocks=(words, words, picture))
    text = write_html(document(near, far), {}).decode()
    together = re.findall(r'<div class="together">.*?</figure>\n</div>', text, re.DOTALL)
    assert len(together) == 1
    assert "Near" in together[0]
    assert "<p>words</p>" in together[0]
