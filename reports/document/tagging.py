"""
Tagged PDF: what each mark on the page is, for those who do not see it.

The PDF writer knows no structure. Here its flowables bracket what they draw as marked content
while a tree of headings, paragraphs, tables and figures grows; `structure_tree` then writes that
tree into the finished file. Built towards PDF/UA-1, not proven against it. It leans on private
methods of the writer's tables (`_drawCell` and others): a test notices when they change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, String
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Table
from reportlab.platypus.tableofcontents import TableOfContents

from reports.document.paragraph import ScriptParagraph


@dataclass(eq=False)
class Node:
    """
    One element of the structure: its role, its attributes, its children or marks on a page.

    Where what it holds is drawn from right to left (`turned`), what was `written` goes along.
    """

    role: str
    attributes: dict[str, Any]
    children: list[Node | tuple[int, int]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    turned: bool = False
    element: Any = None
    """The object in the finished file."""


class Tagger:
    """The tree under construction, one a pass over the document."""

    def __init__(self) -> None:
        self.roots: list[Node] = []
        self.stack: list[Node] = []

    def open(self, role: str, **attributes: Any) -> Node:
        """Begin an element inside the one that is open."""
        node = Node(role, attributes)
        (self.stack[-1].children if self.stack else self.roots).append(node)
        self.stack.append(node)
        return node

    def resume(self, node: Node) -> None:
        """Go on with an element that a page break cut."""
        self.stack.append(node)

    def close(self) -> None:
        """End the element that is open."""
        self.stack.pop()


class TaggedCanvas(Canvas):  # type: ignore[misc] # the PDF writer is untyped
    """
    A canvas that brackets what is drawn, and that draws page furniture when all pages exist.

    Attributes
    ----------
    draws : bool
        Whether marks are wanted; a pass that only finds the page of each heading makes none.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.draws = True
        self.tagger = Tagger()
        self.furniture: Any = None
        self._pages: list[dict[str, Any]] = []
        self._next_mark = 0

    @property
    def page_index(self) -> int:
        """The number of finished pages: the index of the one that is drawn."""
        return len(self._pages)

    def begin(self, node: Node) -> None:
        """Begin marked content of an element."""
        self._code.append(f"/{node.role} <</MCID {self._next_mark}>> BDC")
        node.children.append((self.page_index, self._next_mark))
        self._next_mark += 1

    def say(self, text: str, *, turned: bool) -> None:
        """Note the text that is drawn next, in reading order, with the open element."""
        node = self.tagger.stack[-1]
        node.written.append(text)
        # Programs that read the page turn such text by themselves, so only the structure tells.
        node.turned = node.turned or turned

    def begin_as_written(self, text: str) -> None:
        """Begin marks whose glyphs are not the letters of the text."""
        code = text.encode("utf-16-be", "replace").hex().upper()
        self._code.append(f"/Span <</ActualText <FEFF{code}>>> BDC")

    def artifact(self, kind: str = "Layout") -> None:
        """Begin marks that carry no meaning: rules, grounds, running heads."""
        self._code.append(f"/Artifact <</Type /{kind}>> BDC")

    def end(self) -> None:
        """End marked content."""
        self._code.append("EMC")

    def showPage(self) -> None:  # noqa: N802 -- the PDF writer's name
        """Keep the page until the number of pages is known."""
        self._pages.append(dict(self.__dict__))
        self._next_mark = 0
        self._startPage()

    def save(self) -> None:
        """Write the pages, each with its furniture."""
        tagger, pages, furniture = self.tagger, self._pages, self.furniture
        for number, state in enumerate(pages, start=1):
            self.__dict__.update(state)
            if furniture is not None:
                self.artifact("Pagination")
                furniture(self, number, len(pages))
                self.end()
            Canvas.showPage(self)
        self.tagger = tagger
        Canvas.save(self)


class _Shared:
    """The structure element of a flowable that page breaks cut in parts, per pass."""

    def __init__(self) -> None:
        self.tagger: Tagger | None = None
        self.node: Node | None = None

    def enter(self, tagger: Tagger, role: str, **attributes: Any) -> Node:
        if self.tagger is tagger and self.node is not None:
            tagger.resume(self.node)
            return self.node
        # A new pass draws everything again into a new tree.
        self.tagger, self.node = tagger, tagger.open(role, **attributes)
        return self.node


class _Tagged(Flowable):  # type: ignore[misc] # the PDF writer is untyped
    """A flowable that takes its place in every pass, and is drawn where marks are wanted."""

    def _drawOn(self, canvas: TaggedCanvas) -> None:  # noqa: N802 -- the PDF writer's name
        if canvas.draws:
            super()._drawOn(canvas)


class TaggedParagraph(_Tagged, ScriptParagraph):
    """A paragraph, heading or list item."""

    def __init__(self, text: str, style: Any, *, role: str = "P", **options: Any) -> None:
        super().__init__(text, style, **options)
        self.role = role
        self.shared = _Shared()
        self.outline_level = 0
        self.outline_title: str | None = None

    def split(self, width: float, height: float) -> list[Any]:
        """Return the parts on either side of a page break: one element together."""
        parts: list[Any] = super().split(width, height)
        for part in parts:
            part.role, part.shared = self.role, self.shared
        if parts:
            parts[0].outline_level, parts[0].outline_title = self.outline_level, self.outline_title
        return parts

    def draw(self) -> None:
        """Draw as marked content."""
        canvas = self.canv
        canvas.begin(self.shared.enter(canvas.tagger, self.role))
        super().draw()
        canvas.end()
        canvas.tagger.close()


class TaggedTable(_Tagged, Table):  # type: ignore[misc] # the PDF writer is untyped
    """A table of data; a table of layout keeps its cells as plain paragraphs in reading order."""

    role = "Table"
    shared: _Shared | None = None

    def onSplit(self, part: Any, byRow: int = 1) -> None:  # noqa: N802, N803, ARG002 -- the writer's names
        """Let the parts on either side of a page break be one element."""
        self.shared = self.shared or _Shared()
        part.shared, part.role = self.shared, self.role

    def draw(self) -> None:
        """Draw rows and cells as elements."""
        tagger = self.canv.tagger
        self.shared = self.shared or _Shared()
        self.shared.enter(tagger, self.role)
        self._row_position: float | None = None
        self._row_number = -1
        super().draw()
        if self._row_position is not None:
            tagger.close()
        tagger.close()

    def row_heights(self, width: float) -> list[float]:
        """Return the height of each row."""
        self.wrap(width, 10_000)
        return [float(height) for height in self._rowHeights]

    def _drawBkgrnd(self) -> None:  # noqa: N802 -- the PDF writer's name
        self.canv.artifact()
        super()._drawBkgrnd()
        self.canv.end()

    def _drawLines(self) -> None:  # noqa: N802 -- the PDF writer's name
        self.canv.artifact()
        super()._drawLines()
        self.canv.end()

    def _drawCell(self, value: Any, style: Any, position: Any, size: Any) -> None:  # noqa: N802 -- as above
        canvas = self.canv
        if position[1] != self._row_position:
            if self._row_position is not None:
                canvas.tagger.close()
            canvas.tagger.open("TR")
            self._row_position = position[1]
            self._row_number += 1
        head = self._row_number < (self.repeatRows or 0)
        node = canvas.tagger.open("TH", Scope="Column") if head else canvas.tagger.open("TD")
        canvas.begin(node)
        super()._drawCell(value, style, position, size)
        canvas.end()
        canvas.tagger.close()


class TaggedBand(_Tagged):
    """Paragraphs on a coloured ground with a rule at their left."""

    padding_x, padding_y = 14.0, 10.0

    def __init__(self, parts: list[TaggedParagraph], rule: Any, ground: Any, width: float) -> None:
        super().__init__()
        self.parts, self.rule, self.ground, self.width = parts, rule, ground, width

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size; the paragraphs take the height that they need."""
        room = self.width - 2 * self.padding_x
        self.heights = [part.wrap(room, 10_000)[1] for part in self.parts]
        for i, part in enumerate(self.parts[:-1]):
            self.heights[i] += part.getSpaceAfter()
        self.height = sum(self.heights) + 2 * self.padding_y
        return self.width, self.height

    def draw(self) -> None:
        """Draw the ground as an artifact and each paragraph as one of its own."""
        canvas = self.canv
        canvas.artifact()
        canvas.setFillColor(self.ground)
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        canvas.setFillColor(self.rule)
        canvas.rect(0, 0, 4, self.height, stroke=0, fill=1)
        canvas.end()
        y = self.height - self.padding_y
        for part, height in zip(self.parts, self.heights, strict=True):
            part.drawOn(canvas, self.padding_x, y - part.height)
            y -= height


class TaggedFigure(_Tagged):
    """A drawing with its alternative text."""

    def __init__(self, drawing: Drawing, alt: str) -> None:
        super().__init__()
        self.drawing, self.alt = drawing, alt
        self.width, self.height = drawing.width, drawing.height

    def draw(self) -> None:
        """Draw as one figure."""
        canvas = self.canv
        x, y = canvas.absolutePosition(0, 0)
        box = (x, y, x + self.width, y + self.height)
        canvas.begin(canvas.tagger.open("Figure", Alt=self.alt, BBox=box))
        renderPDF.draw(self.drawing, canvas, 0, 0)
        canvas.end()
        canvas.tagger.close()


class TaggedContents(TableOfContents):  # type: ignore[misc] # the PDF writer is untyped
    """The table of contents."""

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:  # noqa: N802, N803 -- as above
        """Draw as one element; links are joined to it when the file is finished."""
        canvas.begin(canvas.tagger.open("TOC"))
        super().drawOn(canvas, x, y, _sW)
        canvas.end()
        canvas.tagger.close()


def structure_tree(pdf: Pdf, tagger: Tagger) -> None:
    """Write the structure into a finished file."""
    pages = list(pdf.pages)
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree))
    tree.K = document
    owners: list[dict[int, Any]] = [{} for _ in pages]

    def write(node: Node, parent: Any) -> Any:
        element = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name("/" + node.role), P=parent)
        )
        node.element = element
        if "Alt" in node.attributes:
            element.Alt = String(node.attributes["Alt"])
        if node.turned:
            element.ActualText = String(" ".join(node.written))
        if "BBox" in node.attributes:
            box = Array([round(value, 2) for value in node.attributes["BBox"]])
            element.A = Dictionary(O=Name.Layout, BBox=box, Placement=Name.Block)
        if "Scope" in node.attributes:
            element.A = Dictionary(O=Name.Table, Scope=Name("/" + node.attributes["Scope"]))
        children = Array()
        for child in node.children:
            if isinstance(child, Node):
                children.append(write(child, element))
            else:
                page, mark = child
                children.append(Dictionary(Type=Name.MCR, Pg=pages[page].obj, MCID=mark))
                owners[page][mark] = element
        element.K = children
        return element

    document.K = Array([write(node, document) for node in tagger.roots])
    numbers = Array()
    for i, page in enumerate(pages):
        page.obj.StructParents = i
        page.obj.Tabs = Name.S
        marks = Array([owners[i][mark] for mark in sorted(owners[i])])
        numbers.append(i)
        numbers.append(pdf.make_indirect(marks))
    following = _links(pdf, pages, document, numbers)
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    tree.ParentTreeNextKey = following
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _links(pdf: Pdf, pages: list[Any], document: Any, numbers: Array) -> int:
    """Join the links of the table of contents to its element; return the next free key."""
    contents = next((e for e in document.K if e.S == Name.TOC), document)
    following = len(pages)
    for page in pages:
        for found in page.obj.get("/Annots", []):
            if found.get("/Subtype") != Name.Link:
                continue
            link = found if found.is_indirect else pdf.make_indirect(found)
            link.Contents = String("Go to section")
            link.StructParent = following
            link.F = 4
            reference = Dictionary(Type=Name.OBJR, Obj=link, Pg=page.obj)
            element = pdf.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.Link, P=contents, K=reference)
            )
            item = pdf.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.TOCI, P=contents, K=Array([element]))
            )
            element.P = item
            contents.K.append(item)
            numbers.append(following)
            numbers.append(element)
            following += 1
    return following
