"""A paragraph of any script: each line stands in its order, and is read out as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from reportlab.platypus import Paragraph
from reportlab.platypus.paragraph import FragLine, ParaLines

from reports.document import scripts


class ScriptParagraph(Paragraph):  # type: ignore[misc] # the PDF writer is untyped
    """
    A paragraph whose lines may run from right to left.

    Lines are broken in reading order and put in order when they are drawn, so a page break still
    splits the text as it was written.
    """

    blPara: Any  # noqa: N815 -- the PDF writer's name
    _broken_for: tuple[float, Any] | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the size; lines that were broken for this width are not broken again."""
        held = self._broken_for
        if held is None or held[0] != width or held[1] is not self.style or not self._is_broken():
            self._size: tuple[float, float] = super().wrap(width, height)
            # A table asks for the size of each cell many times before it draws one.
            self._broken_for = (width, self.style)
        return self._size

    def _is_broken(self) -> bool:
        return "blPara" in vars(self)  # a split that finds no room throws the lines away

    def draw(self) -> None:
        """Draw; where the order or the glyphs change, the text as written goes along."""
        held, canvas = self.blPara, self.canv
        lines = list(_lines(held))
        pieces = [piece for line in lines for piece in line]
        text = "".join(text for text, _ in pieces)
        written = " ".join("".join(text for text, _ in line).strip() for line in lines)
        written = scripts.as_letters(f"{self.bulletText or ''} {written}".strip())
        turned = scripts.can_order() and scripts.runs_from_right(text)
        canvas.say(written, turned=turned)
        if not turned and not any(scripts.needs_shaping(look.fontName) for _, look in pieces):
            super().draw()
            return
        self.blPara = _placed(held, lines)
        if not turned:
            canvas.begin_as_written(written)
        try:
            super().draw()
        finally:
            self.blPara = held
            if not turned:
                canvas.end()


def _lines(broken: Any) -> Iterator[list[tuple[str, Any]]]:
    """Return each line as pieces of text and their look."""
    for line in broken.lines:
        if broken.kind == 0:
            yield [(" ".join(line[1]), broken)]
        else:
            yield [(word.text, word) for word in line.words if not hasattr(word, "cbDefn")]


def _placed(held: Any, lines: list[list[tuple[str, Any]]]) -> Any:
    looks = [look for line in lines for _, look in line]
    numbered = iter(range(len(looks)))
    marked = [
        [(c, i) for (text, _) in line for i in [next(numbered)] for c in text] for line in lines
    ]
    placed = []
    for line, characters in zip(held.lines, scripts.in_order(marked), strict=True):
        words = []
        for number, piece in groupby(characters, lambda marked: marked[1]):
            look = looks[number]
            text = scripts.shaped("".join(c for c, _ in piece), look.fontName, look.fontSize)
            words.append(look.clone(text=text, lines=None))
        simple = held.kind == 0
        placed.append(
            FragLine(
                extraSpace=line[0] if simple else line.extraSpace,
                wordCount=len(line[1]) if simple else line.wordCount,
                words=words,
                fontSize=held.fontSize if simple else line.fontSize,
                ascent=held.ascent if simple else line.ascent,
                descent=held.descent if simple else line.descent,
            )
        )
    return ParaLines(kind=1, lines=placed)
