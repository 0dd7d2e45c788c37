"""The privacy impact assessment as a Word document, for those who edit it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reports.document import style
from reports.document.attachments import attachments
from reports.document.docx_chart import CHART, DRAWING, EMU, chart_height, chart_xml
from reports.document.docx_package import CHART_LINK, package, relation_name
from reports.document.docx_style import LISTS, WORD
from reports.document.docx_table import (
    callout_xml,
    map_xml,
    signature_xml,
    table_xml,
    tiles_xml,
)
from reports.document.docx_text import TWIPS, field, hexadecimal, paragraph, run
from reports.document.html_chart import escaped
from reports.document.model import (
    Block,
    Bullets,
    Callout,
    Chart,
    Document,
    Paragraph,
    Section,
    Signature,
    Table,
    Tiles,
)
from reports.document.sections import build_document
from reports.document.text import clean

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from reports.charts import ChartSpec

PLACED = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STYLES = {"body": "Normal", "lead": "Lead", "note": "Note", "formula": "Formula"}
# As many blocks of so many characters, at the most, stay with their heading and what they open.
_OPENING = 3
_FEW_WORDS = 400
_HEAD_CHARACTERS = 80
"""As much of title and table as stays on one line beside the status."""


def render_docx(assessment: Assessment) -> bytes:
    """
    Return the report of an assessment as a Word document.

    The same assessment gives the same bytes.
    """
    return write_docx(build_document(assessment), attachments(assessment))


def write_docx(document: Document, files: dict[str, tuple[bytes, str]]) -> bytes:
    """Return a document for Word; the files it belongs to are named at its end."""
    writer = _Writer()
    cover = "".join(writer.block(block, "Document") for block in document.cover)
    sections = "".join(writer.section(section) for section in document.sections)
    contents = _contents(document) if document.contents else ""
    body = (
        f"{paragraph(run(document.title), 'Title')}{paragraph(run(document.subtitle), 'Subtitle')}"
        f"{cover}{contents}{sections}{_files(files)}{_PAGE}"
    )
    return package(
        document,
        _part("document", f"<w:body>{body}</w:body>"),
        header=_part("hdr", _header(document)),
        footer=_part("ftr", _footer(document)),
        charts=[chart_xml(spec, document.language) for spec in writer.charts],
    )


def _part(name: str, content: str) -> str:
    return (
        f'<w:{name} xmlns:w="{WORD}" xmlns:r="{LINKS}" xmlns:wp="{PLACED}" xmlns:a="{DRAWING}" '
        f'xmlns:c="{CHART}">{content}</w:{name}>'
    )


def _length(points: float) -> int:
    return round(points * TWIPS)


_PAGE = (
    f'<w:sectPr><w:headerReference w:type="default" r:id="{relation_name("header")}"/>'
    f'<w:footerReference w:type="default" r:id="{relation_name("footer")}"/>'
    f'<w:pgSz w:w="{_length(style.PAGE_WIDTH)}" w:h="{_length(style.PAGE_HEIGHT)}"/>'
    f'<w:pgMar w:top="{_length(style.TOP)}" w:right="{_length(style.RIGHT)}" '
    f'w:bottom="{_length(style.BOTTOM)}" w:left="{_length(style.LEFT)}" '
    'w:header="600" w:footer="560" w:gutter="0"/></w:sectPr>'
)
_TAB = "<w:r><w:tab/></w:r>"
_APART = f'<w:spacing w:after="{_length(8)}"/>'


def _header(document: Document) -> str:
    title = clean(f"{document.title} – {document.subtitle}", _HEAD_CHARACTERS)
    tone = style.status_tone(document.status)
    ground = hexadecimal(style.GROUNDS[tone])
    status = run(document.status, bold=True, color=style.TONES[tone], ground=ground)
    return paragraph(f"{run(title)}{_TAB}{status}", "Header")


def _footer(document: Document) -> str:
    number = f"{_blank('Page ')}{field('PAGE', '1')}{_blank(' of ')}{field('NUMPAGES', '1')}"
    return paragraph(f"{run(document.made_at)}{_TAB}{number}", "Footer")


def _blank(words: str) -> str:
    """Return the program's own words with the blanks at their ends."""
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def _mark(number: int) -> str:
    return f"_Toc{number:08d}"


def _contents(document: Document) -> str:
    """Return the contents: a field that Word updates, filled with the titles until it does."""
    entries = [
        f'<w:hyperlink w:anchor="{_mark(number)}" w:history="1">{run(section.title)}</w:hyperlink>'
        for number, section in enumerate(document.sections, start=1)
        if section.level == 1
    ] or [""]
    entries[0] = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        r' TOC \o "1-1" \h \z \u </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{entries[0]}'
    )
    entries[-1] += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        "<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>"
        f"{paragraph(run('Contents'), 'TOCHeading')}"
        f"{''.join(paragraph(entry, 'TOC1') for entry in entries)}</w:sdtContent></w:sdt>"
    )


def _files(files: dict[str, tuple[bytes, str]]) -> str:
    """Name the files of the report: a Word document has no good place for them."""
    if not files:
        return ""
    first = (
        "Files that the text calls attached are attached to the PDF and the web page of this "
        "report, and are downloads of their own; a Word document carries none:"
    )
    items = [
        f"{name}: {words}. SHA-256 {hashlib.sha256(data).hexdigest()}"
        for name, (data, words) in files.items()
    ]
    return paragraph(run(first), "Note", keep=True) + _list(Bullets(items=tuple(items), small=True))


def _list(block: Bullets, *, keep: bool = False) -> str:
    number = LISTS[block.tone, block.small]
    marked = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
    name, last = "ListRemark" if block.small else "ListBullet", len(block.items) - 1
    return "".join(
        paragraph(run(text), name, keep=keep, more=marked + (_APART if i == last else ""))
        for i, text in enumerate(block.items)
    )


def _opens(block: Block) -> bool:
    """Return whether a block is a few words that go to the next page with what they open."""
    return isinstance(block, Paragraph) and len(block.text) <= _FEW_WORDS


class _Writer:
    """Writes blocks; counts headings and collects charts."""

    def __init__(self) -> None:
        self.charts: list[ChartSpec] = []
        self.headings = 0
        self.tables: dict[str, int] = {}

    def section(self, section: Section) -> str:
        """Return a section; its heading stays with what follows it."""
        self.headings += 1
        number, name = self.headings, _mark(self.headings)
        marked = (
            f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{run(section.title)}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )
        breaks = "<w:pageBreakBefore/>" if section.new_page else ""
        heading = paragraph(marked, f"Heading{section.level}", more=breaks)
        last = len(section.blocks) - 1
        opening = next(
            (i for i, b in enumerate(section.blocks[:_OPENING]) if not _opens(b)), _OPENING
        )
        joined = last if section.together else min(opening, last)
        return heading + "".join(
            self.block(block, section.title, keep=i < joined)
            for i, block in enumerate(section.blocks)
        )

    def block(self, block: Block, title: str, *, keep: bool = False) -> str:
        """Return a block of the section of this title."""
        match block:
            case Paragraph():
                return paragraph(run(block.text), _STYLES[block.style], keep=keep)
            case Bullets():
                return _list(block, keep=keep)
            case Table():
                return table_xml(block, self._name(title), keep=keep)
            case Chart():
                return self._chart(block.spec)
            case Callout():
                return callout_xml(block)
            case Tiles():
                return tiles_xml(block, self._name(title))
            case Signature():
                return signature_xml(block)

    def _name(self, title: str) -> str:
        self.tables[title] = self.tables.get(title, 0) + 1
        return title if self.tables[title] == 1 else f"{title}, table {self.tables[title]}"

    def _chart(self, spec: ChartSpec) -> str:
        caption = paragraph(run(spec.title), "Caption")
        compared = [f"To compare with: {line.label}." for line in spec.thresholds]
        note = " ".join([*compared, spec.note]).strip()
        below = paragraph(run(note), "Note") if note else ""
        if spec.kind == "map":
            shown = paragraph(run(spec.value_title), "Note", keep=True)
            return f"{caption}{shown}{map_xml(spec)}{below}"
        self.charts.append(spec)
        return f"{caption}{_placed(spec, len(self.charts), keep=bool(below))}{below}"


def _placed(spec: ChartSpec, number: int, *, keep: bool) -> str:
    """Return the paragraph that shows a chart, with its alternative text."""
    width, height = round(style.TEXT_WIDTH * EMU), round(chart_height(spec) * EMU)
    drawing = (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{number}" name="Chart {number}" descr="{escaped(spec.alt or spec.title)}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{CHART}">'
        f'<c:chart r:id="{relation_name(CHART_LINK.format(number))}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    return paragraph(drawing, "Figure", keep=keep)
