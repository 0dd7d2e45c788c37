"""
Scripts that run from right to left, or whose letters join and stack.

What is stored in reading order is put here into the order in which it stands on the page, by the
Unicode Bidirectional Algorithm; Arabic letters take the forms in which they join. The libraries
are an optional part (``pip install privascope[i18n]``): without them nothing here changes a text.

References
----------
The Unicode Consortium. Unicode Standard Annex 9: Unicode Bidirectional Algorithm, rules P2 to L4.
"""

from __future__ import annotations

import importlib
import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any, TypeVar

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import shapeStr

from reports.document import fonts

Key = TypeVar("Key", bound=Hashable)
Marked = tuple[str, Key]
_RIGHT_TO_LEFT = {"R", "AL", "RLE", "RLO", "RLI"}
_FORMS = (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFBFF), *range(0xFE80, 0xFEFD))


@cache
def _algorithm() -> Any:
    try:
        return importlib.import_module("bidi.algorithm")
    except ImportError:
        return None


@cache
def _shaper_is_there() -> bool:
    try:
        importlib.import_module("uharfbuzz")
    except ImportError:
        return False
    return True


def can_order() -> bool:
    """Return whether text that runs from right to left can be put in order."""
    return _algorithm() is not None


def runs_from_right(text: str) -> bool:
    """Return whether any character belongs to a script that runs from right to left."""
    return not text.isascii() and any(
        unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text
    )


@cache
def _joining() -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """Return the form of each letter or pair in each place, and what each form stands for."""
    forms: dict[tuple[str, str], str] = {}
    letters: dict[str, str] = {}
    for code in _FORMS:
        place, *codes = unicodedata.decomposition(chr(code)).split() or [""]
        if place in {"<isolated>", "<final>", "<initial>", "<medial>"}:
            letter = "".join(chr(int(c, 16)) for c in codes)
            # Of pairs only lam and alef must join; the others are a matter of taste.
            if len(letter) == 1 or (len(letter) == 2 and code >= 0xFEF5):
                forms.setdefault((letter, place), chr(code))
                letters[chr(code)] = letter
    return forms, letters


def joined(text: str) -> str:
    """Return a text with Arabic letters in the forms in which they join."""
    if not can_order() or not runs_from_right(text):
        return text
    forms, _ = _joining()
    units = list(_letters(text, forms))
    shown = []
    for i, unit in enumerate(units):
        before = next((u for u in reversed(units[:i]) if not unicodedata.combining(u[0])), "")
        after = next((u for u in units[i + 1 :] if not unicodedata.combining(u[0])), "")
        from_before = (before, "<initial>") in forms and (unit, "<final>") in forms
        to_after = (unit, "<initial>") in forms and (after, "<final>") in forms
        place = {
            (False, False): "<isolated>",
            (False, True): "<initial>",
            (True, True): "<medial>",
            (True, False): "<final>",
        }[from_before, to_after]
        shown.append(forms.get((unit, place), unit))
    return "".join(shown)


def _letters(text: str, forms: dict[tuple[str, str], str]) -> Iterator[str]:
    i = 0
    while i < len(text):
        pair = text[i : i + 2]
        length = 2 if len(pair) == 2 and (pair, "<isolated>") in forms else 1
        yield text[i : i + length]
        i += length


def as_letters(text: str) -> str:
    """Return a text whose joined forms are letters again."""
    _, letters = _joining()
    return "".join(letters.get(character, character) for character in text)


def in_order(lines: Sequence[Sequence[Marked[Key]]]) -> list[list[Marked[Key]]]:
    """
    Return the lines of a paragraph with their characters as they stand on the page.

    Parameters
    ----------
    lines : sequence of sequences of (str, key)
        Each character in reading order with what belongs to it (its font, say).
    """
    algorithm = _algorithm()
    text = " ".join("".join(character for character, _ in line) for line in lines)
    if algorithm is None or not runs_from_right(text):
        return [list(line) for line in lines]
    base = algorithm.get_base_level(text)
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels(text, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    levels = [character["level"] for character in storage["chars"]]
    ordered, start = [], 0
    for line in lines:
        ordered.append(_line(list(line), levels[start : start + len(line)], base))
        start += len(line) + 1
    return ordered


def _line(line: list[Marked[Key]], levels: list[int], base: int) -> list[Marked[Key]]:
    for i in reversed(range(len(line))):
        if not line[i][0].isspace():
            break
        levels[i] = base  # blanks at the end stay at the end (L1)
    # A mark stays behind the letter that carries it (L3).
    clusters: list[tuple[int, list[Marked[Key]]]] = []
    for level, (character, key) in zip(levels, line, strict=True):
        if clusters and unicodedata.combining(character):
            clusters[-1][1].append((character, key))
        else:
            mirrored = _mirrored(character) if level % 2 else character
            clusters.append((level, [(mirrored, key)]))
    for least in range(max(levels, default=0), 0, -1):
        clusters = _turned(clusters, least)
    return [marked for _, cluster in clusters for marked in cluster]


def _turned(
    clusters: list[tuple[int, list[Marked[Key]]]], least: int
) -> list[tuple[int, list[Marked[Key]]]]:
    """Return the clusters with every run of at least this level the other way round (L2)."""
    turned = []
    for is_run, group in groupby(clusters, lambda cluster: cluster[0] >= least):
        part = list(group)
        turned += part[::-1] if is_run else part
    return turned


def _mirrored(character: str) -> str:
    mirrors: dict[str, str] = importlib.import_module("bidi.mirror").MIRRORED
    return mirrors.get(character, character)


def needs_shaping(font: str) -> bool:
    """Return whether the letters of a font stack or change places, and can be made to."""
    return font in fonts.SHAPED and _shaper_is_there()


def shaped(text: str, font: str, size: float) -> str:
    """Return a text of one font with its glyphs chosen and placed."""
    if not needs_shaping(font):
        return text
    _give_every_glyph_a_code(font)
    result: str = shapeStr(text, font, size)
    return result


@cache
def _give_every_glyph_a_code(name: str) -> None:
    # The writer gives codes as glyphs turn up, so bytes would depend on what was drawn before.
    fonts.glyphs(name)
    font = pdfmetrics.getFont(name)
    shaper = font.hbFont()
    for glyph in range(font.face.numGlyphs):
        if glyph not in font.face.glyphToChar:
            advance = shaper.get_glyph_h_advance(glyph)
            font.hbAddPrivate(shaper.glyph_to_string(glyph), glyph, advance)
