"""The privacy impact assessment as one web page: no script, and nothing fetched from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reports.document.attachments import attachments
from reports.document.html_chart import chart_svg, escaped
from reports.document.html_style import style_sheet
from reports.document.layout import CHANGE_TONES
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
)
from reports.document.sections import build_document
from reports.document.style import status_tone
from reports.document.text import clean

if TYPE_CHECKING:
    from reports.assessment import Assessment

# Nothing may be fetched, run, framed or sent, whatever a text might smuggle in.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
CELLS_ON_A_TELEPHONE = 3


def render_html(assessment: Assessment) -> bytes:
    """
    Return the report of an assessment as one file of HTML.

    It holds what the PDF holds, attached files included. The same assessment gives the same bytes.
    """
    return write_html(build_document(assessment), attachments(assessment))


def write_html(document: Document, files: dict[str, tuple[bytes, str]]) -> bytes:
    """Return a document as a page of HTML with the files attached to it."""
    page = _Page()
    title = clean(f"{document.title}: {clean(document.subtitle, 200)}")
    cover = "".join(page.block(block, "Document") for block in document.cover)
    sections = "".join(page.sections(document.sections))
    text = (
        f'<!DOCTYPE html>\n<html lang="{escaped(document.language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="color-scheme" content="light">\n'
        '<meta name="generator" content="Privascope">\n'
        f"<title>{escaped(title)}</title>\n"
        f"<style>{style_sheet(document)}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#report">Skip to the report</a>\n'
        f'<header>\n<p class="status {status_tone(document.status)}">'
        f"{escaped(document.status)}</p>\n"
        f"<h1>{escaped(document.title)}</h1>\n"
        f'<p class="subtitle">{escaped(document.subtitle)}</p>\n{cover}</header>\n'
        f"{_contents(document) if document.contents else ''}"
        f'<main id="report">\n{sections}</main>\n{_footer(document, files)}'
        "</body>\n</html>\n"
    )
    return text.encode("utf-8")


def _contents(document: Document) -> str:
    items: list[list[str]] = []
    for number, section in enumerate(document.sections, start=1):
        link = f'<a href="#section-{number}">{escaped(section.title)}</a>'
        if section.level == 1 or not items:
            items.append([link])
        else:
            items[-1].append(f"<li>{link}</li>")
    entries = "".join(
        f"<li>{first}{f'<ol>{inner}</ol>' if inner else ''}</li>\n"
        for first, *rest in items
        for inner in ["".join(rest)]
    )
    return (
        f'<nav aria-labelledby="contents">\n<h2 id="contents">Contents</h2>\n'
        f"<ol>\n{entries}</ol>\n</nav>\n"
    )


def _footer(document: Document, files: dict[str, tuple[bytes, str]]) -> str:
    items = "".join(
        f'<li><a download="{escaped(name)}" href="data:application/json;base64,'
        f'{base64.b64encode(data).decode("ascii")}">{escaped(name)}</a>: {escaped(words)}</li>\n'
        for name, (data, words) in files.items()
    )
    attached = f'<p class="files">Attached files:</p>\n<ul>\n{items}</ul>\n' if items else ""
    return f"<footer>\n{attached}<p>Made {escaped(document.made_at)}</p>\n</footer>\n"


class _Page:
    """Writes blocks and counts what needs a name of its own."""

    def __init__(self) -> None:
        self.charts = 0
        self.tables: dict[str, int] = {}

    def sections(self, sections: tuple[Section, ...]) -> Iterator[str]:
        """Return the sections, those of level 2 inside the one of level 1 before them."""
        inside = False
        for number, section in enumerate(sections, start=1):
            if section.level == 1:
                yield "</section>\n" if inside else ""
                inside = True
            wanted = {"new-page": section.new_page, "together": section.together}
            looks = " ".join(look for look, is_so in wanted.items() if is_so)
            look = f' class="{looks}"' if looks else ""
            yield f'<section aria-labelledby="section-{number}"{look}>\n'
            heading = f"h{section.level + 1}"
            first = f'<{heading} id="section-{number}">{escaped(section.title)}</{heading}>\n'
            blocks = [self.block(block, section.title) for block in section.blocks]
            # A chart is never cut, so a heading right before one goes to the next page with it.
            joined = next(
                (i for i, b in enumerate(section.blocks[:2], 1) if isinstance(b, Chart)), 0
            )
            if joined:
                first = f'<div class="together">\n{first}{"".join(blocks[:joined])}</div>\n'
            yield from (first, *blocks[joined:])
            yield "</section>\n" if section.level == 2 else ""
        yield "</section>\n" if inside else ""

    def block(self, block: Block, title: str) -> str:
        """Return a block of the section of this title."""
        match block:
            case Paragraph():
                look = "" if block.style == "body" else f' class="{block.style}"'
                return f"<p{look}>{escaped(block.text)}</p>\n"
            case Bullets():
                return _bullets(block)
            case Table():
                return self._table(block, title)
            case Chart():
                return self._chart(block)
            case Callout():
                return _callout(block)
            case Tiles():
                return _tiles(block)
            case Signature():
                return _signature(block)

    def _table(self, block: Table, title: str) -> str:
        self.tables[title] = self.tables.get(title, 0) + 1
        name = title if self.tables[title] == 1 else f"{title}, table {self.tables[title]}"
        return _scrolled(_table(block, name), name, columns=len(block.head))

    def _chart(self, block: Chart) -> str:
        self.charts += 1
        spec, name = block.spec, f"chart-{self.charts}"
        head, *rows = spec.rows()
        values = Table(
            head=head,
            rows=tuple(rows),
            widths=(1 / len(head),) * len(head),
            right=tuple(range(1, len(head))),
        )
        table = _scrolled(_table(values, spec.title), f"Values: {spec.title}", columns=len(head))
        note = f'<p class="note">{escaped(spec.note)}</p>\n' if spec.note else ""
        return (
            f"<figure>\n<figcaption>{escaped(spec.title)}</figcaption>\n"
            f'<div class="wide" tabindex="0" role="group" aria-label="Chart {self.charts}">'
            f"{chart_svg(spec, name)}</div>\n{note}"
            f"<details>\n<summary>Values as a table</summary>\n{table}</details>\n</figure>\n"
        )


def _scrolled(table: str, name: str, *, columns: int) -> str:
    """Return a table that scrolls by itself, by keyboard too, where it may be too wide."""
    if columns <= CELLS_ON_A_TELEPHONE:
        return f'<div class="wide">{table}</div>\n'
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{escaped(name)}">{table}</div>\n'
    )


def _table(block: Table, name: str) -> str:
    right = set(block.right)
    columns = len(block.head)
    look = next((f' class="columns-{most}"' for most in (8, 5, 4) if columns >= most), "")
    widths = "".join(f'<col style="width:{share * 100:.4g}%">' for share in block.widths)
    head = "".join(
        _cell(text, tag="th" if text else "td", scope="col", number=i in right)
        for i, text in enumerate(block.head)
    )
    body = "".join(
        "<tr>"
        + "".join(
            _cell(cell, tag="td" if i else "th", scope="row", number=i in right)
            for i, cell in enumerate(row)
        )
        + "</tr>\n"
        for row in block.rows
    )
    return (
        f"<table{look}>\n<caption>{escaped(name)}</caption>\n<colgroup>{widths}</colgroup>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"
    )


def _cell(cell: str | Cell, *, tag: str, scope: str, number: bool) -> str:
    text, tone = (cell.text, cell.tone) if isinstance(cell, Cell) else (cell, "plain")
    looks = " ".join([*(["number"] if number else []), *([tone] if tone != "plain" else [])])
    told = f' scope="{scope}"' if tag == "th" else ""
    look = f' class="{looks}"' if looks else ""
    return f"<{tag}{told}{look}>{escaped(text)}</{tag}>"


def _bullets(block: Bullets) -> str:
    looks = " ".join(filter(None, (block.tone, "remarks" if block.small else "")))
    items = "".join(f"<li><span>{escaped(text)}</span></li>\n" for text in block.items)
    return f'<ul class="{looks}">\n{items}</ul>\n'


def _callout(block: Callout) -> str:
    text = f"<p>{escaped(block.text)}</p>\n" if block.text else ""
    return (
        f'<div class="callout {block.tone}">\n<p class="word">{escaped(block.word)}</p>\n'
        f"{text}</div>\n"
    )


def _tiles(block: Tiles) -> str:
    tiles = []
    for row in block.rows:
        was = escaped(f"was {row.before}" if block.released else "original")
        if row.change:
            tone = CHANGE_TONES.get(row.change, "unknown")
            was += f' – <strong class="{tone}">{escaped(row.change)}</strong>'
        tiles.append(
            f"<div><dt>{escaped(f'{row.name} ({row.term})')}</dt>"
            f'<dd class="now">{escaped(row.now)}</dd><dd>{was}</dd></div>\n'
        )
    return f'<dl class="tiles">\n{"".join(tiles)}</dl>\n'


def _signature(block: Signature) -> str:
    known = (("Name", block.name), ("Role", block.role), ("Date", block.date))
    facts = "".join(f"<div><dt>{term}</dt><dd>{escaped(text)}</dd></div>\n" for term, text in known)
    return (
        f'<div class="signature">\n<p class="word">{escaped(block.label)}</p>\n'
        f'<dl>\n{facts}<div class="line"><dt>Signature</dt><dd></dd></div>\n</dl>\n</div>\n'
    )
