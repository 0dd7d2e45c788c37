"""Blocks of a document as flowables on pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    PageBreak,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Paragraph as CellText

from reports.document import style
from reports.document.drawing import ChartDrawing
from reports.document.fonts import BOLD, REGULAR
from reports.document.model import (
    Block,
    Bullets,
    Callout,
    Cell,
    Chart,
    Document,
    Paragraph,
    Section,
    Table,
    Tiles,
    Tone,
)
from reports.document.tagging import TaggedBand, TaggedFigure, TaggedParagraph, TaggedTable
from reports.document.text import Typesetter

MOST_LINES = 40
BAND_LONGEST = 1500
HEADING_ROOM = 110.0
LARGE_HEADING_ROOM = 190.0
CHANGE_TONES: dict[str, Tone] = {"better": "good", "worse": "bad"}


class Layout:
    """
    Sets blocks with one typesetter.

    Parameters
    ----------
    setter : Typesetter
    """

    def __init__(self, setter: Typesetter) -> None:
        self.setter = setter

    def paragraph(
        self, text: str, name: str, *, role: str = "P", color: Any = None, bullet: str = ""
    ) -> TaggedParagraph:
        """Return a paragraph of a style; all text passes through the typesetter."""
        look = style.TEXT[name]
        if color is not None:
            look = look.clone(f"{name} coloured", textColor=color)
        markup = self.setter.markup(text, look.fontName)
        if bullet:
            return TaggedParagraph(markup, look, role=role, bulletText=bullet)
        return TaggedParagraph(markup, look, role=role)

    def cover(self, document: Document, contents: Flowable) -> list[Flowable]:
        """Return the first page: what it is, what it says, what is inside."""
        flow: list[Flowable] = [
            Spacer(1, 26),
            self.paragraph(document.title, "title", role="H1"),
            self.paragraph(document.subtitle, "subtitle"),
        ]
        for block in document.cover:
            flow += [*self.block(block), Spacer(1, 8)]
        return [*flow, self.paragraph("Contents", "h2", role="H2"), contents]

    def section(self, section: Section) -> list[Flowable]:
        """Return a section: its heading stays with what follows it."""
        name = f"h{section.level}"
        heading = self.paragraph(section.title, name, role=f"H{section.level}")
        heading.outline_level = section.level - 1
        heading.outline_title = section.title
        body: list[Flowable] = []
        for block in section.blocks:
            body += self.block(block)
        if section.new_page:
            return [PageBreak(), heading, *body]
        if section.together:
            return [KeepTogether([heading, *body])]
        return [CondPageBreak(self._room(section)), heading, *body]

    def _room(self, section: Section) -> float:
        # A chart is never cut, so a heading right before one needs room for both.
        first = next((block for block in section.blocks[:2] if isinstance(block, Chart)), None)
        if first is None:
            return LARGE_HEADING_ROOM if section.level == 1 else HEADING_ROOM
        return HEADING_ROOM + float(ChartDrawing(first.spec, Typesetter()).draw().height)

    def block(self, block: Block) -> list[Flowable]:
        """Return the flowables of a block."""
        match block:
            case Paragraph():
                return [self.paragraph(block.text, block.style)]
            case Bullets():
                return self._bullets(block)
            case Table():
                return [self._table(block), Spacer(1, 10)]
            case Chart():
                return [self._chart(block)]
            case Callout():
                return [self._callout(block), Spacer(1, 10)]
            case Tiles():
                return [self._tiles(block), Spacer(1, 12)]

    def _bullets(self, block: Bullets) -> list[Flowable]:
        color = style.TONES[block.tone]
        mark = {"bad": "×", "conditions": "!", "good": "✓", "unknown": "?"}.get(block.tone, "–")
        items: list[Flowable] = []
        for text in block.items:
            item = self.paragraph(text, "remark" if block.small else "bullet", bullet=mark)
            item.style = item.style.clone("bullet coloured", bulletColor=color)
            items.append(item)
        return [*items, Spacer(1, 6)]

    def _cell(self, cell: str | Cell, name: str, width: float) -> CellText:
        text = cell.text if isinstance(cell, Cell) else cell
        look = style.TEXT[name]
        if isinstance(cell, Cell) and cell.tone != "plain":
            look = look.clone("toned", textColor=style.TONES[cell.tone], fontName=BOLD)
        # A row cannot be cut by a page break, so no cell may grow taller than a page.
        most = int(MOST_LINES * width * style.TEXT_WIDTH / look.fontSize)
        shown = text if len(text) <= most else f"{text[: most - 1]}…"
        return CellText(self.setter.markup(shown, look.fontName), look)

    def _table(self, block: Table) -> Flowable:
        right = set(block.right)
        head = [
            self._cell(text, "number head" if i in right else "head", block.widths[i])
            for i, text in enumerate(block.head)
        ]
        body = [
            [
                self._cell(cell, "number" if i in right else "cell", block.widths[i])
                for i, cell in enumerate(row)
            ]
            for row in block.rows
        ]
        return TaggedTable(
            [head, *body],
            colWidths=[share * style.TEXT_WIDTH for share in block.widths],
            repeatRows=1,
            hAlign="LEFT",
            style=_table_style(),
        )

    def _chart(self, block: Chart) -> Flowable:
        spec = block.spec
        drawing = ChartDrawing(spec, self.setter).draw()
        parts: list[Flowable] = [
            self.paragraph(spec.title, "chart title"),
            TaggedFigure(drawing, spec.alt or spec.title),
        ]
        if spec.note:
            parts.append(self.paragraph(spec.note, "note"))
        return KeepTogether([*parts, Spacer(1, 8)])

    def _callout(self, block: Callout) -> Flowable:
        color = style.TONES[block.tone]
        text = block.text if len(block.text) <= BAND_LONGEST else f"{block.text[:BAND_LONGEST]}…"
        parts = [self.paragraph(block.word, "word", color=color)]
        if text:
            parts.append(self.paragraph(text, "band"))
        return TaggedBand(parts, color, style.GROUNDS[block.tone], style.TEXT_WIDTH)

    def _cell_of(self, text: str, name: str) -> CellText:
        return CellText(self.setter.markup(text, style.TEXT[name].fontName), style.TEXT[name])

    def _tiles(self, block: Tiles) -> Flowable:
        names, now, was = [], [], []
        for row in block.rows:
            names.append([self._cell_of(f"{row.name} ({row.term})", "tile name")])
            now.append([self._cell_of(row.now, "tile now")])
            color = style.TONES[CHANGE_TONES.get(row.change, "unknown")]
            text = f"was {row.before}" if block.released else "original"
            look = style.TEXT["tile was"]
            markup = self.setter.markup(text)
            if row.change:
                tone = f"#{color.hexval()[2:]}"
                word = self.setter.markup(row.change, BOLD)
                markup += f' – <font name="{BOLD}" color="{tone}">{word}</font>'
            was.append([CellText(markup, look)])
        width = style.TEXT_WIDTH / len(block.rows)
        return TaggedTable(
            [names, now, was],
            colWidths=[width] * len(block.rows),
            repeatRows=1,
            hAlign="LEFT",
            style=TableStyle(
                [
                    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
                    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
                    ("VALIGN", (0, 1), (-1, -1), "TOP"),
                    ("LINEABOVE", (0, 0), (-1, 0), 1.2, style.INK),
                    ("LINEBELOW", (0, -1), (-1, -1), 0.5, style.HAIRLINE),
                    ("LINEAFTER", (0, 0), (-2, -1), 0.5, style.HAIRLINE),
                    ("LEFTPADDING", (0, 0), (-1, -1), 7),
                    ("LEFTPADDING", (0, 0), (0, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 5),
                    ("TOPPADDING", (0, 0), (-1, -1), 3),
                    ("TOPPADDING", (0, 0), (-1, 0), 7),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                    ("BOTTOMPADDING", (0, -1), (-1, -1), 8),
                ]
            ),
        )


def _table_style() -> TableStyle:
    commands: Sequence[tuple[Any, ...]] = [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, style.INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, style.HAIRLINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 3.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
    ]
    return TableStyle(list(commands))
