"""Styles, lists and settings of the Word document, on the one typographic scale of the print."""

from __future__ import annotations

from reports.document import style
from reports.document.docx_text import TWIPS, hexadecimal
from reports.document.html_chart import escaped
from reports.document.model import Tone

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FONT = "Calibri"
# A typeface that has the tick; the text's own lacks it.
SYMBOLS = "Segoe UI Symbol"
MARKS: dict[Tone, str] = {"plain": "–", "bad": "×", "conditions": "!", "good": "✓", "unknown": "?"}
LISTS = {(tone, small): number for number, (tone, small) in enumerate(
    ((tone, small) for tone in MARKS for small in (False, True)), start=1)}  # fmt: skip
"""Number of the list of a tone and size."""

_INDENT = 260
_QUIET = hexadecimal(style.QUIET)
_INK = hexadecimal(style.INK)


def _style(
    identifier: str,
    name: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    color: str = _INK,
    space: tuple[float, float] = (0, 0),
    lines: float = 1.15,
    keep: bool = False,
    outline: int | None = None,
    right: bool = False,
    more: str = "",
    following: str = "",
) -> str:
    """Return a paragraph style; `space` is that before and after it, in points."""
    before, after = (round(points * TWIPS) for points in space)
    usual = identifier == "Normal"
    spacing = (
        f'<w:spacing w:before="{before}" w:after="{after}" '
        f'w:line="{round(240 * lines)}" w:lineRule="auto"/>'
    )
    standing = [
        (keep, "<w:keepNext/><w:keepLines/>"),
        (bool(more), more),
        (True, spacing),
        (identifier == "Formula", f'<w:ind w:left="{_INDENT}"/>'),
        (right, '<w:jc w:val="right"/>'),
        (outline is not None, f'<w:outlineLvl w:val="{outline}"/>'),
    ]
    look = [
        (bold, "<w:b/><w:bCs/>"),
        (italic, "<w:i/><w:iCs/>"),
        (True, f'<w:color w:val="{color}"/>'),
        (True, f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'),
    ]
    head = [
        (True, f'<w:name w:val="{name}"/>'),
        (not usual, '<w:basedOn w:val="Normal"/>'),
        (bool(following), f'<w:next w:val="{following}"/>'),
        (True, "<w:qFormat/>"),
    ]
    first = ' w:default="1"' if usual else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{identifier}"{first}>{_chosen(head)}'
        f"<w:pPr>{_chosen(standing)}</w:pPr><w:rPr>{_chosen(look)}</w:rPr></w:style>"
    )


def _chosen(parts: list[tuple[bool, str]]) -> str:
    return "".join(text for wanted, text in parts if wanted)


def styles_xml(language: str) -> str:
    """Return the styles; every text has the language of the document."""
    body, small = style.BODY + 0.5, style.SMALL + 0.5
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{round(style.TEXT_WIDTH * TWIPS)}"/></w:tabs>'
    leader = tabs.replace('w:val="right"', 'w:val="right" w:leader="dot"')
    number = '<w:numPr><w:numId w:val="{}"/></w:numPr>'.format
    paragraphs = (
        _style("Normal", "Normal", body, space=(0, 7), lines=1.2),
        _style("Title", "Title", style.TITLE, bold=True, space=(12, 4), lines=1, keep=True),
        _style("Subtitle", "Subtitle", style.HEADING, color=_QUIET, space=(0, 12), lines=1.1),
        _style("Heading1", "heading 1", style.LARGE, bold=True, space=(22, 8), lines=1.1,
               keep=True, outline=0, following="Normal"),
        _style("Heading2", "heading 2", style.SUBTITLE + 0.5, bold=True, space=(14, 5), lines=1.1,
               keep=True, outline=1, following="Normal"),
        _style("TOCHeading", "TOC Heading", style.SUBTITLE + 0.5, bold=True, space=(10, 4),
               keep=True, following="Normal"),
        _style("TOC1", "toc 1", body, space=(0, 2), lines=1.1, more=leader),
        _style("Header", "header", small, color=_QUIET, lines=1, more=tabs),
        _style("Footer", "footer", small, color=_QUIET, lines=1, more=tabs),
        _style("Lead", "Lead", style.SUBTITLE, space=(4, 6), keep=True),
        _style("Note", "Note", small, color=_QUIET, space=(0, 7), lines=1.1),
        _style("Formula", "Formula", body, italic=True, space=(0, 7)),
        _style("ListBullet", "List Bullet", body, space=(0, 3), more=number(1)),
        _style("ListRemark", "List Remark", small, color=_QUIET, space=(0, 2), lines=1.1,
               more=number(2)),
        _style("Caption", "caption", style.BODY + 1, bold=True, space=(8, 2), keep=True),
        _style("Figure", "Figure", body, space=(0, 2), lines=1),
        _style("Cell", "Table Text", style.BODY - 0.5, space=(2.5, 2.5), lines=1.05),
        _style("Number", "Table Number", style.BODY - 0.5, space=(2.5, 2.5), lines=1.05,
               right=True),
        _style("Head", "Table Head", small, bold=True, color=_QUIET, space=(2.5, 2.5), lines=1,
               keep=True),
        _style("NumberHead", "Table Number Head", small, bold=True, color=_QUIET,
               space=(2.5, 2.5), lines=1, keep=True, right=True),
        _style("Word", "Band Word", style.SUBTITLE, bold=True, space=(4, 2), keep=True),
        _style("Band", "Band Text", body, space=(0, 4)),
        _style("TileName", "Tile Name", small, bold=True, color=_QUIET, space=(4, 1), lines=1,
               keep=True),
        _style("TileNow", "Tile Now", style.SUBTITLE + 0.5, bold=True, space=(1, 1), lines=1,
               keep=True),
        _style("TileWas", "Tile Was", style.SMALL, color=_QUIET, space=(1, 4), lines=1),
        _style("AfterTable", "After Table", 4, space=(0, 4), lines=1),
    )  # fmt: skip
    told = escaped(language)
    return (
        f'<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="Arial"/>'
        f'<w:lang w:val="{told}" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault/></w:docDefaults>{''.join(paragraphs)}{_TABLES}</w:styles>"
    )


def _line(side: str, color: str, eighths: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="{color}"/>'


def _margins(left: int, right: int) -> str:
    return (
        f'<w:tblCellMar><w:left w:w="{left}" w:type="dxa"/>'
        f'<w:right w:w="{right}" w:type="dxa"/></w:tblCellMar>'
    )


_HAIR = hexadecimal(style.HAIRLINE)
_TABLES = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
    f'<w:name w:val="Normal Table"/><w:tblPr>{_margins(70, 70)}</w:tblPr></w:style>'
    '<w:style w:type="table" w:styleId="ReportTable"><w:name w:val="Report Table"/>'
    '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    f"{_line('bottom', _HAIR, 4)}{_line('insideH', _HAIR, 4)}</w:tblBorders></w:tblPr>"
    '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>'
    f"{_line('bottom', _INK, 8)}</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
    '<w:style w:type="table" w:styleId="TileTable"><w:name w:val="Tile Table"/>'
    '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    f"{_line('top', _INK, 10)}{_line('bottom', _HAIR, 4)}{_line('insideV', _HAIR, 4)}"
    "</w:tblBorders></w:tblPr></w:style>"
)


def numbering_xml() -> str:
    """Return the lists: one a tone, whose mark tells it without its colour."""
    kinds, used = [], []
    for (tone, small), number in LISTS.items():
        color = hexadecimal(style.TONES[tone])
        size = round((style.SMALL if small else style.BODY) * 2)
        kinds.append(
            f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
            f'<w:lvlText w:val="{MARKS[tone]}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{_INDENT}" w:hanging="{_INDENT}"/></w:pPr>'
            f'<w:rPr><w:rFonts w:ascii="{SYMBOLS}" w:hAnsi="{SYMBOLS}" w:hint="default"/>'
            f'<w:color w:val="{color}"/><w:sz w:val="{size}"/></w:rPr></w:lvl></w:abstractNum>'
        )
        used.append(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
    return f'<w:numbering xmlns:w="{WORD}">{"".join(kinds)}{"".join(used)}</w:numbering>'


def settings_xml(language: str) -> str:
    """Return the settings: those of a current Word, and nothing of a machine."""
    return (
        f'<w:settings xmlns:w="{WORD}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{escaped(language)}"/><w:decimalSymbol w:val="."/>'
        '<w:listSeparator w:val=","/></w:settings>'
    )
