"""
A place to sign: lines for a pen, and an empty field for a program that signs.

Nothing is signed here. The field holds no value, so the file stays the same byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, String
from reportlab.platypus import Flowable

from reports.document import style
from reports.document.tagging import Node, TaggedParagraph, Tagger

LINE_HEIGHT = 27.0
BOX_WIDTH = 216.0
GAP = 24.0
DROP = 4.0  # how far the rule runs below the words that stand on it
_PRINTED = 4
_HAS_FIELDS = 1


class TaggedSignature(Flowable):  # type: ignore[misc] # the PDF writer is untyped
    """
    What is signed for, the facts on the left, the box on the right.

    Parameters
    ----------
    label : TaggedParagraph
    facts : list of (TaggedParagraph, TaggedParagraph or None)
        Terms, and what is known; None leaves a line to write on.
    caption : TaggedParagraph
        The word in the box.
    tip : str
        What a reader hears of the field.
    """

    def __init__(
        self,
        label: TaggedParagraph,
        facts: list[tuple[TaggedParagraph, TaggedParagraph | None]],
        caption: TaggedParagraph,
        tip: str,
    ) -> None:
        super().__init__()
        self.label, self.facts, self.caption, self.tip = label, facts, caption, tip

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size; a fact of several lines makes its row taller."""
        self.width = width
        room = width - BOX_WIDTH - GAP
        self.term_width = room * 0.2
        self.label_height = self.label.wrap(width, 10_000)[1] + 2 * DROP
        self.rows = []
        for term, fact in self.facts:
            parts = [term.wrap(self.term_width, 10_000)[1]]
            if fact is not None:
                parts.append(fact.wrap(room - self.term_width, 10_000)[1])
            self.rows.append(max(LINE_HEIGHT, max(parts) + 3 * DROP))
        self.caption.wrap(BOX_WIDTH - 2 * DROP, 10_000)
        self.height = self.label_height + sum(self.rows)
        return width, self.height

    def draw(self) -> None:
        """Draw words as paragraphs, rules as artifacts, and tell the canvas where the field is."""
        canvas = self.canv
        right, top = self.width - BOX_WIDTH - GAP, self.height - self.label_height
        canvas.artifact()
        canvas.setStrokeColor(style.QUIET)
        canvas.setLineWidth(0.6)
        y = top
        for height in self.rows:
            y -= height
            canvas.line(self.term_width, y, right, y)
        canvas.rect(right + GAP, 0, BOX_WIDTH, top, stroke=1, fill=0)
        canvas.end()
        self._set(self.label, 0, self.height)
        y = top
        for (term, fact), height in zip(self.facts, self.rows, strict=True):
            y -= height
            self._stand(term, 0, y)
            if fact is not None:
                self._stand(fact, self.term_width, y)
        self._set(self.caption, right + GAP + DROP, top - DROP)
        x, y = canvas.absolutePosition(right + GAP, 0)
        canvas.tagger.open("Form", Widget=(canvas.page_index, (x, y, BOX_WIDTH, top), self.tip))
        canvas.tagger.close()

    def _set(self, part: TaggedParagraph, x: float, top: float) -> None:
        part.drawOn(self.canv, x, top - part.height)

    def _stand(self, part: TaggedParagraph, x: float, y: float) -> None:
        part.drawOn(self.canv, x, y + DROP)


def signature_fields(pdf: Pdf, tagger: Tagger) -> None:
    """Write an empty field for each place to sign; the structure is in the file already."""
    nodes = [node for node in _nodes(tagger.roots) if node.role == "Form"]
    if not nodes:
        return
    pages = list(pdf.pages)
    fields = Array()
    tree = pdf.Root.StructTreeRoot
    key = int(tree.ParentTreeNextKey)
    for number, node in enumerate(nodes, start=1):
        index, (x, y, width, height), tip = node.attributes["Widget"]
        page = pages[index]
        # The box is drawn on the page, so what shows of an empty field is nothing.
        look = pdf.make_stream(
            b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, *_rounded(width, height)])
        )
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(f"signature-{number}"),
                TU=String(tip),
                Rect=Array(_rounded(x, y, x + width, y + height)),
                F=_PRINTED,
                P=page.obj,
                AP=Dictionary(N=look),
                StructParent=key,
            )
        )
        if "/Annots" not in page.obj:
            page.obj.Annots = Array()
        page.obj.Annots.append(field)
        node.element.K = Dictionary(Type=Name.OBJR, Obj=field, Pg=page.obj)
        tree.ParentTree.Nums.append(key)
        tree.ParentTree.Nums.append(node.element)
        fields.append(field)
        key += 1
    tree.ParentTreeNextKey = key
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=fields, SigFlags=_HAS_FIELDS))


def _nodes(found: list[Any]) -> Iterator[Node]:
    for node in found:
        if isinstance(node, Node):
            yield node
            yield from _nodes(node.children)


def _rounded(*values: float) -> list[float]:
    return [round(value, 2) for value in values]
