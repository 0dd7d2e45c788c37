"""The privacy impact assessment as a PDF: tagged, embedded fonts, vector charts, attachments."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, TableStyle

from reports.document import fonts, style
from reports.document.attachments import attachments
from reports.document.layout import Layout
from reports.document.model import Document, Paragraph, Section
from reports.document.sections import build_document
from reports.document.signature import signature_fields
from reports.document.tagging import (
    TaggedCanvas,
    TaggedContents,
    TaggedParagraph,
    structure_tree,
)
from reports.document.text import Typesetter, clean

if TYPE_CHECKING:
    from reports.assessment import Assessment

PRODUCER = "Privascope"
MOST_OF_THE_HEAD = 0.4
"""Share of the running head that the status may take."""


def render_pdf(assessment: Assessment) -> bytes:
    """
    Return the report of an assessment.

    The same assessment gives the same bytes: the time in the report is the assessment's, and the
    file's own dates are left out.
    """
    return write_pdf(build_document(assessment), attachments(assessment))


def write_pdf(document: Document, files: dict[str, tuple[bytes, str]]) -> bytes:
    """Return a document as a PDF with the files attached to it."""
    fonts.register()
    # No picture is ever loaded: user text is escaped, and this closes the door behind that.
    rl_config.trustedHosts = None
    setter = Typesetter()
    layout = Layout(setter)
    contents = TaggedContents(
        levelStyles=[style.TEXT["contents"]],
        dotsMinLevel=-1,
        tableStyle=TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ]
        ),
    )
    story = layout.cover(document, contents)
    for section in document.sections:
        story += layout.section(section)
    remarks = drawing_remarks(setter)
    if remarks:
        story += layout.section(
            Section(
                title="Characters",
                level=2,
                blocks=tuple(Paragraph(text=text) for text in remarks),
            )
        )
    canvases: list[TaggedCanvas] = []

    def make_canvas(*arguments: Any, **options: Any) -> TaggedCanvas:
        canvas = TaggedCanvas(*arguments, **options)
        canvas.furniture = _Furniture(document, setter)
        # The first pass over a document with contents finds the pages that these name.
        canvas.draws = bool(canvases) or not document.contents
        canvases.append(canvas)
        return canvas

    out = BytesIO()
    template = _Template(out, document)
    template.multiBuild(story, canvasmaker=make_canvas)
    return _finish(out.getvalue(), canvases[-1], document, files)


def drawing_remarks(setter: Typesetter) -> list[str]:
    """Return what a reader must know of characters that are not drawn as they should be."""
    remarks = []
    if setter.undrawn:
        remarks.append(
            f"{setter.undrawn:,} characters could not be drawn: no font of this computer has them. "
            f"Each stands as {chr(0xFFFD)}. The attached assessment.json holds the full text."
        )
    if setter.right_to_left:
        remarks.append(
            f"{setter.right_to_left:,} characters of scripts that run from right to left are drawn "
            "in the order in which they are stored: what puts them in order is not installed."
        )
    return remarks


class _Template(BaseDocTemplate):  # type: ignore[misc] # the PDF writer is untyped
    """Page frame, bookmarks and contents."""

    def __init__(self, out: BytesIO, document: Document) -> None:
        super().__init__(
            out,
            pagesize=(style.PAGE_WIDTH, style.PAGE_HEIGHT),
            leftMargin=style.LEFT,
            rightMargin=style.RIGHT,
            topMargin=style.TOP,
            bottomMargin=style.BOTTOM,
            title=f"{document.title}: {clean(document.subtitle, 200)}",
            author=PRODUCER,
            subject=document.title,
            creator=PRODUCER,
            lang=document.language,
            invariant=1,
            initialFontName=fonts.REGULAR,
        )
        frame = Frame(
            style.LEFT, style.BOTTOM, style.TEXT_WIDTH, style.TEXT_HEIGHT, 0, 0, 0, 0, id="text"
        )
        self.addPageTemplates(PageTemplate("page", [frame]))

    def beforeDocument(self) -> None:  # noqa: N802 -- the PDF writer's name
        """Begin a pass: bookmarks are numbered anew."""
        self._bookmarks = 0

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 -- the PDF writer's name
        """Enter a heading into bookmarks and contents."""
        if not isinstance(flowable, TaggedParagraph) or flowable.outline_title is None:
            return
        self._bookmarks += 1
        key = f"section-{self._bookmarks}"
        level, title = flowable.outline_level, flowable.outline_title
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(title, key, level, closed=0)
        if level == 0:
            self.notify("TOCEntry", (0, flowable.text, self.page, key))


class _Furniture:
    """Running head with the status, foot with page X of Y."""

    def __init__(self, document: Document, setter: Typesetter) -> None:
        self.document, self.setter = document, setter

    def __call__(self, canvas: TaggedCanvas, number: int, total: int) -> None:
        """Draw on one page."""
        top, right = style.PAGE_HEIGHT - 44, style.PAGE_WIDTH - style.RIGHT
        tone = style.status_tone(self.document.status)
        status = self.setter.fit(
            self.document.status, fonts.BOLD, style.SMALL, style.TEXT_WIDTH * MOST_OF_THE_HEAD
        )
        width = self.setter.width(status, fonts.BOLD, style.SMALL) + 14
        canvas.setFillColor(style.GROUNDS[tone])
        canvas.rect(right - width, top - 5, width, 15, stroke=0, fill=1)
        canvas.setFillColor(style.TONES[tone])
        self._draw(canvas, right - width + 7, top, status, fonts.BOLD)
        canvas.setFillColor(style.QUIET)
        head = f"{self.document.title} – {self.document.subtitle}"
        room = style.TEXT_WIDTH - width - 20
        head = self.setter.fit(head, fonts.REGULAR, style.SMALL, room)
        self._draw(canvas, style.LEFT, top, head, fonts.REGULAR)
        canvas.setStrokeColor(style.HAIRLINE)
        canvas.setLineWidth(0.5)
        canvas.line(style.LEFT, style.BOTTOM - 18, right, style.BOTTOM - 18)
        self._draw(canvas, style.LEFT, style.BOTTOM - 31, self.document.made_at, fonts.REGULAR)
        page = f"Page {number} of {total}"
        x = right - self.setter.width(page, fonts.REGULAR, style.SMALL)
        self._draw(canvas, x, style.BOTTOM - 31, page, fonts.REGULAR)

    def _draw(self, canvas: TaggedCanvas, x: float, y: float, text: str, font: str) -> None:
        for name, piece in self.setter.placed(text, font, style.SMALL):
            canvas.setFont(name, style.SMALL)
            canvas.drawString(x, y, piece)
            x += pdfmetrics.stringWidth(piece, name, style.SMALL)


def _finish(
    data: bytes,
    canvas: TaggedCanvas,
    document: Document,
    files: dict[str, tuple[bytes, str]],
) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        structure_tree(pdf, canvas.tagger)
        signature_fields(pdf, canvas.tagger)
        pdf.Root.Lang = String(document.language)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.PageMode = Name.UseOutlines
        _attach(pdf, files, document.made_at)
        title = f"{document.title}: {clean(document.subtitle, 200)}"
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
            meta["dc:title"] = title
            meta["dc:creator"] = [PRODUCER]
            meta["dc:language"] = [document.language]
            meta["pdf:Producer"] = PRODUCER
            meta["xmp:CreatorTool"] = PRODUCER
            meta["xmp:CreateDate"] = document.made_at
        pdf.docinfo["/Producer"] = PRODUCER
        for key in ("/CreationDate", "/ModDate"):
            if key in pdf.docinfo:
                del pdf.docinfo[key]
        out = BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
        return out.getvalue()


def _attach(pdf: Pdf, files: dict[str, tuple[bytes, str]], made_at: str) -> None:
    for name, (data, description) in files.items():
        stamp = "D:" + re.sub(r"[^0-9]", "", made_at) + "Z"
        attached = pikepdf.AttachedFileSpec(
            pdf,
            data,
            description=description,
            filename=name,
            mime_type="application/json",
            creation_date=stamp,
            mod_date=stamp,
        )
        attached.obj.AFRelationship = Name.Data
        pdf.attachments[name] = attached
    if files:
        pdf.Root.AF = Array([pdf.attachments[name].obj for name in files])
