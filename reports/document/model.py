"""A document as data: sections of blocks that each writer (PDF and others) sets in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reports.charts import ChartSpec
from reports.headline import HeadlineRow

Tone = Literal["plain", "bad", "conditions", "good", "unknown"]
Filled = Literal["automatic", "drafted", "asked"]


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph; `style` says what it is, not how it looks."""

    text: str
    style: Literal["body", "lead", "note", "formula"] = "body"


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list; each item carries the tone of the whole; `small` for remarks below a table."""

    items: tuple[str, ...]
    tone: Tone = "plain"
    small: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A table cell whose tone is told by its words, and by colour as a second signal."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, kw_only=True)
class Table:
    """
    A table.

    Parameters
    ----------
    head : tuple of str
        Repeated on every page.
    rows : tuple of tuples of str or Cell
    widths : tuple of float
        Shares of the text width; they sum to 1.
    right : tuple of int
        Columns of numbers, set flush right.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    widths: tuple[float, ...]
    right: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("Every row of a table has as many cells as its head.")
        if len(self.widths) != len(self.head):
            raise ValueError("Every column of a table has a width.")


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart with its message, its note and its alternative text."""

    spec: ChartSpec


@dataclass(frozen=True, kw_only=True)
class Callout:
    """A band that must be seen: a word first, then sentences."""

    word: str
    text: str
    tone: Tone


@dataclass(frozen=True, kw_only=True)
class Tiles:
    """The scoreboard: a few figures before and now."""

    rows: tuple[HeadlineRow, ...]
    released: bool


@dataclass(frozen=True, kw_only=True)
class Signature:
    """
    A place to sign.

    Parameters
    ----------
    label : str
        What is signed for.
    name, role, date : str
        Who signs, as what, and when; printed where they are known, else a line to write on.
    """

    label: str
    name: str = ""
    role: str = ""
    date: str = ""


Block = Paragraph | Bullets | Table | Chart | Callout | Tiles | Signature


@dataclass(frozen=True, kw_only=True)
class Section:
    """
    A part of the document with a title of level 1 or 2; on one page where it is `together`.

    `filled` says whether the tool computed it, drafted it, or people answered it.
    """

    title: str
    blocks: tuple[Block, ...]
    level: Literal[1, 2] = 1
    new_page: bool = False
    together: bool = False
    filled: Filled = "automatic"


@dataclass(frozen=True, kw_only=True)
class Document:
    """
    A whole document.

    Parameters
    ----------
    title, subtitle : str
    status : str
        The word on every page: DRAFT until people have decided.
    cover : tuple of Block
    sections : tuple of Section
    made_at : str
        UTC time, ISO 8601.
    language : str
    contents : bool
        Whether a table of contents follows the cover.
    """

    title: str
    subtitle: str
    status: str
    cover: tuple[Block, ...]
    sections: tuple[Section, ...]
    made_at: str
    language: str = "en-GB"
    contents: bool = True
