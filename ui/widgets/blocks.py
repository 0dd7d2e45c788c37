"""Parts of the document on the screen: the same words and figures, set as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from reports.document.model import (
    Bullets,
    Callout,
    Cell,
    Chart,
    Paragraph,
    Section,
    Signature,
    Table,
    Tiles,
    Tone,
)
from ui.widgets.chart import draw
from ui.widgets.scoreboard import tiles
from ui.widgets.text import long_md, long_plain, plain

_LOOK: dict[Tone, tuple[str, str]] = {
    "plain": ("#0b1016", "#ffffff"),
    "bad": ("#8c1d18", "#fbeeed"),
    "conditions": ("#8a5a00", "#fbf6ea"),
    "good": ("#1f6b3a", "#eef6f0"),
    "unknown": ("#5f6b7a", "#f3f5f7"),
}
_CELL = "padding:6px 12px 6px 6px;vertical-align:top;border-bottom:1px solid #e6eaef;"


def show_section(section: Section) -> None:
    """Show a section of the document; a title of the first level is the page's to write."""
    if section.level > 1:
        st.markdown(f"#### {long_md(section.title)}")
    for number, block in enumerate(section.blocks):
        if isinstance(block, Paragraph):
            _paragraph(block)
        elif isinstance(block, Bullets):
            _bullets(block)
        elif isinstance(block, Callout):
            band(block.word, block.text, block.tone)
        elif isinstance(block, Table):
            st.html(table_html(block, f"{section.title} {number + 1}"))
        elif isinstance(block, Tiles):
            tiles(block.rows, released=block.released)
        elif isinstance(block, Chart):
            draw(block.spec, key="document")
        elif isinstance(block, Signature):
            st.caption(f"{long_md(block.label)}: to be signed in the document.")


def band(word: str, text: str, tone: Tone) -> None:
    """Show a band that must be seen: a word first, then sentences."""
    ink, ground = _LOOK[tone]
    st.html(
        f'<div style="border-left:4px solid {ink};background:{ground};padding:12px 16px;'
        f'border-radius:4px;line-height:1.5"><strong style="color:{ink}">'
        f"{escape(long_plain(word))}.</strong> {escape(long_plain(text))}</div>"
    )


def table_html(table: Table, label: str) -> str:
    """Return a table that is scrolled where it does not fit; the first cell names its row."""
    head = "".join(
        f'<th scope="col" style="{_CELL}text-align:{_side(table, i)};color:#5f6b7a;'
        f'font-weight:600">{_safe(text)}</th>'
        for i, text in enumerate(table.head)
    )
    body = "".join(f"<tr>{_row(table, row)}</tr>" for row in table.rows)
    wide = "min-width:560px;" if len(table.head) > 3 else ""
    return (
        f'<div tabindex="0" role="region" aria-label="{escape(plain(label))}" '
        f'style="overflow-x:auto"><table style="border-collapse:collapse;width:100%;{wide}'
        f'font-size:.88rem"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(table: Table, row: Sequence[str | Cell]) -> str:
    told = []
    for i, cell in enumerate(row):
        text, tone = (cell.text, cell.tone) if isinstance(cell, Cell) else (cell, "plain")
        ink, ground = _LOOK[tone]
        style = f"{_CELL}text-align:{_side(table, i)};color:{ink};background:{ground};"
        width = f"width:{table.widths[i]:.0%};"
        opened, closed = ('th scope="row"', "th") if i == 0 else ("td", "td")
        told.append(f'<{opened} style="{style}{width}font-weight:400">{_safe(text)}</{closed}>')
    return "".join(told)


def _side(table: Table, i: int) -> str:
    return "right" if i in table.right else "left"


def _paragraph(block: Paragraph) -> None:
    text = long_md(block.text)
    if block.style == "note":
        st.caption(text)
    else:
        st.markdown(f"**{text}**" if block.style == "lead" else text)


def _bullets(block: Bullets) -> None:
    items = "\n".join(f"- {long_md(item)}" for item in block.items)
    if items:
        (st.caption if block.small else st.markdown)(items)


def _safe(text: str) -> str:
    return escape(long_plain(text))
