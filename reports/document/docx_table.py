"""Tables of the Word document: those of figures, and bands, scoreboards and maps set as tables."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.colors import HexColor

from reports.charts import ChartSpec, shade_colour
from reports.document import style
from reports.document.docx_text import TWIPS, hexadecimal, paragraph, run
from reports.document.html_chart import escaped
from reports.document.layout import CHANGE_TONES
from reports.document.model import Callout, Cell, Signature, Table, Tiles

AFTER = paragraph("", "AfterTable")
"""Stands after a table: two that meet would become one."""

# A row that may be taller than this may be cut by the end of a page: it would not fit on one.
_MOST_LINES = 40
_BROADEST = 9.0
_LABELS = 0.26


def _cell(content: str, width: int, more: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}</w:tcPr>{content}</w:tc>'


def _row(cells: str, *, head: bool = False, whole: bool = True) -> str:
    marks = f"{'<w:cantSplit/>' if whole else ''}{'<w:tblHeader/>' if head else ''}"
    return f"<w:tr><w:trPr>{marks}</w:trPr>{cells}</w:tr>"


def _table(
    rows: str,
    widths: Sequence[int],
    *,
    look: str = "ReportTable",
    name: str = "",
    head: bool = True,
    more: str = "",
) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    told = f'<w:tblCaption w:val="{escaped(name)}"/>' if name else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{look}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'{more}<w:tblLayout w:type="fixed"/><w:tblLook w:val="{"0020" if head else "0000"}" '
        f'w:firstRow="{int(head)}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/>{told}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        f"{rows}</w:tbl>{AFTER}"
    )


def _widths(shares: Sequence[float]) -> list[int]:
    return [round(share * style.TEXT_WIDTH * TWIPS) for share in shares]


def table_xml(block: Table, name: str, *, keep: bool = False) -> str:
    """Return a table whose head is repeated on every page; `name` tells it to a screen reader."""
    widths, right = _widths(block.widths), set(block.right)
    head = "".join(
        _cell(paragraph(run(text), "NumberHead" if i in right else "Head"), widths[i])
        for i, text in enumerate(block.head)
    )
    body = []
    for row in block.rows:
        cells = "".join(
            _cell(paragraph(_words(cell), "Number" if i in right else "Cell", keep=keep), widths[i])
            for i, cell in enumerate(row)
        )
        lines = (_length(cell) * _BROADEST * TWIPS / widths[i] for i, cell in enumerate(row))
        body.append(_row(cells, whole=max(lines, default=0) <= _MOST_LINES))
    return _table(_row(head, head=True) + "".join(body), widths, name=name)


def _length(cell: str | Cell) -> int:
    return len(cell.text if isinstance(cell, Cell) else cell)


def _words(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return run(cell)
    if cell.tone == "plain":
        return run(cell.text)
    return run(cell.text, bold=True, color=style.TONES[cell.tone])


def callout_xml(block: Callout) -> str:
    """Return a band: one shaded cell with a bar of its tone."""
    color, [width] = style.TONES[block.tone], _widths([1.0])
    parts = paragraph(run(block.word, color=color), "Word")
    if block.text:
        parts += paragraph(run(block.text), "Band")
    ground = hexadecimal(style.GROUNDS[block.tone])
    bar = (
        f'<w:tcBorders><w:left w:val="single" w:sz="24" w:space="0" '
        f'w:color="{hexadecimal(color)}"/></w:tcBorders>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>'
    )
    return _table(_row(_cell(parts, width, bar)), [width], look="TableNormal", head=False)


def tiles_xml(block: Tiles, name: str) -> str:
    """Return the scoreboard: what each figure is, what it is now, what it was."""
    widths = _widths([1 / len(block.rows)] * len(block.rows))
    names, now, was = [], [], []
    for row, width in zip(block.rows, widths, strict=True):
        bottom = '<w:vAlign w:val="bottom"/>'
        told = paragraph(run(f"{row.name} ({row.term})"), "TileName")
        names.append(_cell(told, width, bottom))
        now.append(_cell(paragraph(run(row.now), "TileNow"), width))
        before = run(f"was {row.before}" if block.released else "original")
        if row.change:
            tone = style.TONES[CHANGE_TONES.get(row.change, "unknown")]
            before += _plain(" – ") + run(row.change, bold=True, color=tone)
        was.append(_cell(paragraph(before, "TileWas"), width))
    rows = "".join(_row("".join(cells), head=i == 0) for i, cells in enumerate((names, now, was)))
    return _table(rows, widths, look="TileTable", name=name)


def _plain(text: str) -> str:
    """Return a run of the program's own words, their blanks at both ends kept."""
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def map_xml(spec: ChartSpec) -> str:
    """Return a map of shaded cells as a table: a series a row, a category a column."""
    count = max(1, len(spec.categories))
    widths = _widths([_LABELS, *[min(0.09, (1 - _LABELS) / count)] * len(spec.categories)])
    titles = ("", *spec.categories)
    head = "".join(
        _cell(paragraph(run(text), "Head", more=_CENTRED if i else ""), widths[i])
        for i, text in enumerate(titles)
    )
    rows = [_row(head, head=True)]
    for series in spec.series:
        cells = [_cell(paragraph(run(series.name), "Cell", keep=True), widths[0])]
        for i, text in enumerate(series.texts):
            shade = spec.shade(series, i)
            if shade is None:
                cells.append(_cell(paragraph("", "Cell"), widths[i + 1]))
                continue
            fill, ink = shade_colour(shade)
            ground = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill[1:]}"/>'
            words = paragraph(run(text, color=HexColor(ink)), "Cell", more=_CENTRED)
            cells.append(_cell(words, widths[i + 1], ground))
        rows.append(_row("".join(cells)))
    return _table("".join(rows), widths, name=spec.alt or spec.title)


_CENTRED = '<w:jc w:val="center"/>'


def signature_xml(block: Signature) -> str:
    """Return a place to sign: what is known is printed, the rest is a line to write on."""
    widths = _widths([0.2, 0.5])
    lines = (
        ("Name", block.name),
        ("Role", block.role),
        ("Date", block.date),
        ("Signature", ""),
    )
    rows = "".join(
        _row(
            _cell(paragraph(run(term), "Head"), widths[0])
            + _cell(paragraph(run(text), "Cell"), widths[1])
        )
        for term, text in lines
    )
    label = paragraph(run(block.label, bold=True), "Normal", keep=True)
    return label + _table(rows, widths, name=block.label, head=False)
