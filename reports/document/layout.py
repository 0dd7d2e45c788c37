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
    Signature,
    Table,
    Tiles,
    Tone,
)
from reports.document.paragraph import ScriptParagraph as CellText
from reports.document.signature import TaggedSignature
from reports.document.tagging import TaggedBand, TaggedFigure, TaggedParagraph, TaggedTable
from reports.document.text import Typesetter, clean

MOST_LINES = 40
BAND_LONGEST = 1500
LONGEST_FACT = 240
HEADING_ROOM = 110.0
LARGE_HEADING_ROOM = 190.0
MOST_KEPT = 0.6
"""Share of a page above which a section is not moved to the next page to keep it in one piece."""
MOST_LOWERED = 60.0
"""Points by which a chart may give way so that a section keeps to its page."""
LONGEST_TILE = 24
"""Characters of a figure in the scoreboard; what is longer is words, set as such."""
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
            _Gap(1, 6),
            self.paragraph(document.title, "title", role="H1"),
            self.paragraph(document.subtitle, "subtitle"),
        ]
        for block in document.cover:
            flow += [*self.block(block), _Gap(1, 8)]
        if not document.contents:
            return flow
        return [*flow, self.paragraph("Contents", "h2", role="H2"), contents]

    def section(self, section: Section) -> list[Flowable]:
        """Return a section: its heading stays with what follows it."""
        name = f"h{section.level}"
        heading = self.paragraph(section.title, name, role=f"H{section.level}")
        heading.outline_level = section.level - 1
        heading.outline_title = section.title
        counted = self.setter.undrawn, self.setter.right_to_left
        body = self._blocks(section)
        if section.new_page:
            over = _stacked([heading, *body]) - heading.getSpaceBefore() - style.TEXT_HEIGHT
            if 0 < over <= MOST_LOWERED:
                self.setter.undrawn, self.setter.right_to_left = counted
                body = self._blocks(section, lowered=over)
            return [PageBreak(), heading, *body]
        return [CondPageBreak(_room(section, [heading, *body])), heading, *body]

    def _blocks(self, section: Section, lowered: float = 0.0) -> list[Flowable]:
        body: list[Flowable] = []
        for block in section.blocks:
            if isinstance(block, Chart):
                body.append(self._chart(block, lowered))
                lowered = 0.0
            else:
                body += self.block(block)
        return body

    def block(self, block: Block) -> list[Flowable]:
        """Return the flowables of a block."""
        match block:
            case Paragraph():
                return [self.paragraph(block.text, block.style)]
            case Bullets():
                return self._bullets(block)
            case Table():
                return [self._table(block), _Gap(1, 10)]
            case Chart():
                return [self._chart(block)]
            case Callout():
                return [self._callout(block), _Gap(1, 10)]
            case Tiles():
                return [self._tiles(block), _Gap(1, 12)]
            case Signature():
                return [self._signature(block), _Gap(1, 16)]

    def _bullets(self, block: Bullets) -> list[Flowable]:
        color = style.TONES[block.tone]
        mark = {"bad": "×", "conditions": "!", "good": "✓", "unknown": "?"}.get(block.tone, "–")
        items: list[Flowable] = []
        for text in block.items:
            item = self.paragraph(text, "remark" if block.small else "bullet", bullet=mark)
            item.style = item.style.clone("bullet coloured", bulletColor=color)
            items.append(item)
        return [*items, _Gap(1, 6)]

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

    def _chart(self, block: Chart, lowered: float = 0.0) -> Flowable:
        spec = block.spec
        drawing = ChartDrawing(spec, self.setter, lowered=lowered).draw()
        parts: list[Flowable] = [
            self.paragraph(spec.title, "chart title"),
            TaggedFigure(drawing, spec.alt or spec.title),
        ]
        if spec.note:
            parts.append(self.paragraph(spec.note, "note"))
        return _Kept([*parts, _Gap(1, 8)])

    def _callout(self, block: Callout) -> Flowable:
        color = style.TONES[block.tone]
        text = block.text if len(block.text) <= BAND_LONGEST else f"{block.text[:BAND_LONGEST]}…"
        parts = [self.paragraph(block.word, "word", color=color)]
        if text:
            parts.append(self.paragraph(text, "band"))
        return TaggedBand(parts, color, style.GROUNDS[block.tone], style.TEXT_WIDTH)

    def _signature(self, block: Signature) -> Flowable:
        known = (("Name", block.name), ("Role", block.role), ("Date", block.date))
        facts = [
            (
                self.paragraph(term, "signature term"),
                self.paragraph(clean(text, LONGEST_FACT), "signature fact") if text else None,
            )
            for term, text in known
        ]
        label = clean(block.label, LONGEST_FACT)
        return TaggedSignature(
            self.paragraph(label, "signature label"),
            facts,
            self.paragraph("Signature", "signature term"),
            clean(": ".join(filter(None, ("Signature", label, block.name))), LONGEST_FACT),
        )

    def _cell_of(self, text: str, name: str) -> CellText:
        return CellText(self.setter.markup(text, style.TEXT[name].fontName), style.TEXT[name])

    def _tiles(self, block: Tiles) -> Flowable:
        names, now, was = [], [], []
        for row in block.rows:
            names.append([self._cell_of(f"{row.name} ({row.term})", "tile name")])
            look = "tile now" if len(row.now) <= LONGEST_TILE else "tile words"
            now.append([self._cell_of(row.now, look)])
            color = style.TONES[CHANGE_TONES.get(row.change, "unknown")]
            text = f"was {row.before}" if block.released else "original"
            markup = self.setter.markup(text)
            if row.change:
                tone = f"#{color.hexval()[2:]}"
                word = self.setter.markup(row.change, BOLD)
                markup += f' – <font name="{BOLD}" color="{tone}">{word}</font>'
            was.append([CellText(markup, style.TEXT["tile was"])])
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


class _Gap(Spacer):  # type: ignore[misc] # the PDF writer is untyped
    """Room below a block; the foot of a page cuts it, so it never begins a page."""

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        """Return the size that is left of it."""
        return 0.0, min(self.height, height)


class _Kept(KeepTogether):  # type: ignore[misc] # the PDF writer is untyped
    """Flowables that no page break parts."""

    def __init__(self, parts: list[Flowable]) -> None:
        super().__init__(parts)
        self.parts = parts


def _room(section: Section, flow: list[Flowable]) -> float:
    """Return the height that must be free: the heading is never alone at the foot of a page."""
    whole = _stacked(flow)
    if section.together and whole <= MOST_KEPT * style.TEXT_HEIGHT:
        return whole
    needed, paragraphs = 0.0, 0
    for flowable in flow:
        if isinstance(flowable, TaggedTable):
            needed += sum(flowable.row_heights(style.TEXT_WIDTH)[: flowable.repeatRows + 1])
            break
        if isinstance(flowable, TaggedParagraph) and flowable.role == "P":
            # What introduces a table stays with it; of longer text two lines are enough.
            height, lines = _stacked([flowable]), 2 * flowable.style.leading
            needed += min(height, lines)
            paragraphs += 1
            if height > lines or paragraphs == 2:
                break
        else:
            needed += _stacked([flowable])
            if not isinstance(flowable, _Gap | TaggedParagraph):
                break
    least = LARGE_HEADING_ROOM if section.level == 1 else HEADING_ROOM
    return min(max(least, needed), float(style.TEXT_HEIGHT))


def _stacked(flow: Sequence[Flowable]) -> float:
    """Return the height of flowables on one page, one below the other."""
    total = after = 0.0
    for flowable in flow:
        parts = flowable.parts if isinstance(flowable, _Kept) else ()
        height = _stacked(parts) if parts else flowable.wrap(style.TEXT_WIDTH, style.TEXT_HEIGHT)[1]
        # Of the space below one and the space above the next, the larger counts.
        total += max(0.0, flowable.getSpaceBefore() - after) + height
        after = flowable.getSpaceAfter()
        total += after
    return float(total)


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
