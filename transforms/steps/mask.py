"""Hide parts of texts: e-mail addresses, telephone numbers, digits, or all but some characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from microdata.dataset import ColumnKind
from microdata.errors import PrivacyToolError
from microdata.hierarchy import SUPPRESSED
from microdata.patterns import PATTERNS, Pattern
from transforms.labels import relabelled
from transforms.parameters import DeclaredStep, Parameter, columns_parameter
from transforms.step import StepContext, named, require_published

if TYPE_CHECKING:
    from microdata.release import Release

WHAT = {
    "identifiers": "whatever looks like an e-mail address, a telephone, account or identity "
    "number, or another number or address that stands for a person",
    "email": "e-mail addresses",
    "phone": "telephone numbers",
    "digits": "digits",
    "all_but_first": "all but the first characters",
    "all_but_last": "all but the last characters",
}
"""What can be hidden: the choice in a recipe, and the words for it."""

_TEXTS = (ColumnKind.TEXT, ColumnKind.CODE, ColumnKind.FREE_TEXT)
_ENDS = {"all_but_first": "first", "all_but_last": "last"}
_ONE_SHAPE = {"email": "an e-mail address", "phone": "a telephone number"}
# A shape spans at most so many words (an IBAN in groups of four has nine) and characters.
_MOST_WORDS = 9
_MOST_CHARACTERS = 80
_BETWEEN = ",;:=<>\"'|()[]{}"
_WORD = re.compile(rf"[^\s{re.escape(_BETWEEN)}]+")
_SMALL = re.compile(r"[a-z]")  # no number that is written with spaces holds small letters
_PIECE = re.compile(r"\S+")
_END = ".!?"  # a sentence's last mark is not part of its last word
_DIGITS = re.compile(r"\d+")
_TELLING = re.compile(r"[0-9@.:/-]")  # every shape holds one of these
_HIDDEN_WIDTH = 3
_AT_A_TIME = 5_000


@dataclass(frozen=True, kw_only=True)
class Mask(DeclaredStep):
    """
    Hide parts of the values of some columns; equal values stay equal.

    Names and other words are not found: a free text that names people must be left out.

    Parameters
    ----------
    columns : tuple of str
        At least one; of an earlier step's column its labels are masked.
    what : str
        One of `WHAT`. The shapes are those of `microdata.patterns`, anywhere in a text.
    keep : int
        How many characters stay with ``all_but_first`` and ``all_but_last``. A value that is no
        longer than that is hidden wholly.
    replacement : str
        The character that is written instead. A value of which only ``*`` is left is suppressed.
    keep_length : bool
        Whether as many characters are written as were hidden; otherwise three, so that nobody sees
        how long it was.
    """

    name: ClassVar[str] = "mask"
    title: ClassVar[str] = "Mask parts of texts"
    keeps_rule: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        columns_parameter(
            kinds=(*_TEXTS, ColumnKind.INTEGER),  # telephone numbers
            advice="Names and other words stay in them; leave out a free text that names people.",
        ),
        Parameter(
            name="what",
            title="What is hidden",
            kind="choice",
            default="identifiers",
            choices=tuple(WHAT),
            help="All shapes that point to a person, one of them, every digit, or one end.",
        ),
        Parameter(
            name="keep",
            title="How many characters stay, for all but the first or last ones",
            kind="whole",
            default=0,
            low=0,
            high=1_000,
            help="More characters tell more; a value that is no longer than that is hidden wholly.",
        ),
        Parameter(
            name="replacement",
            title="Character written instead",
            kind="text",
            default=SUPPRESSED,
            help="One character, such as * or x.",
        ),
        Parameter(
            name="keep_length",
            title="Write as many characters as were hidden",
            kind="flag",
            default=False,
            help="Otherwise three are written, and nobody sees how long the hidden part was.",
        ),
    )

    columns: tuple[str, ...]
    what: str = "identifiers"
    keep: int = 0
    replacement: str = SUPPRESSED
    keep_length: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        mark = self.replacement
        # A digit would make another value of the same look.
        if len(mark) != 1 or not mark.isprintable() or mark.isspace() or mark.isnumeric():
            raise PrivacyToolError(
                "In the step 'mask' 'replacement' must be one printable character that is no "
                "digit, such as * or x."
            )

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        what, rest = WHAT[self.what], "; names and other words stay"
        if self.what in _ENDS:
            what = f"all but the {_ENDS[self.what]} {self.keep} characters"
            rest = ""
        return f"Hide {what} in {named(self.columns)} behind {self.replacement!r}{rest}."

    def apply(self, release: Release, context: StepContext) -> Release:  # noqa: ARG002 - protocol
        """Return the release with masked values."""
        require_published(release, self.columns, step=self.name)
        masked = []
        for name in self.columns:
            column = release.columns[name]
            masked.append(relabelled(column, self.masked(column.nodes.labels)))
        return release.with_columns(*masked)

    def masked(self, values: Sequence[str]) -> list[str]:
        """
        Return the values with parts hidden.

        Examples
        --------
        >>> Mask(columns=("note",)).masked(["Call 030 1234567, or bob@example.org!", "Bob"])
        ['Call ***, or ***!', 'Bob']
        >>> Mask(columns=("zip",), what="all_but_first", keep=3, keep_length=True).masked(["02139"])
        ['021**']
        """
        if self.what in _ENDS:
            return [self._one_end(value) for value in values]
        if self.what == "digits":
            return [
                self._hide(value, [m.span() for m in _DIGITS.finditer(value)]) for value in values
            ]
        result: list[str] = []
        for start in range(0, len(values), _AT_A_TIME):
            part = values[start : start + _AT_A_TIME]
            found = _shapes(part, self._patterns)
            result += [self._hide(value, spans) for value, spans in zip(part, found, strict=True)]
        return result

    @property
    def _patterns(self) -> tuple[Pattern, ...]:
        one = _ONE_SHAPE.get(self.what)
        return PATTERNS if one is None else tuple(p for p in PATTERNS if p.what == one)

    def _one_end(self, value: str) -> str:
        cut = self.keep if len(value) > self.keep else 0
        if self.what == "all_but_first":
            return self._hide(value, [(cut, len(value))])
        return self._hide(value, [(0, len(value) - cut)])

    def _hide(self, value: str, spans: Sequence[tuple[int, int]]) -> str:
        """Return a value with spans of it hidden; they are in order and do not overlap."""
        if not spans:
            return value
        parts, end = [], 0
        for first, last in spans:
            width = last - first if self.keep_length else _HIDDEN_WIDTH
            parts += [value[end:first], self.replacement * width]
            end = last
        hidden = "".join([*parts, value[end:]])
        # A value of which nothing is left is suppressed, as in a hierarchy of masked codes.
        return hidden if hidden.strip(SUPPRESSED) else SUPPRESSED


def _shapes(values: Sequence[str], patterns: tuple[Pattern, ...]) -> list[list[tuple[int, int]]]:
    """
    Return the spans of each value that have one of the shapes; what overlaps is one span.

    Shapes are looked for in what stands between spaces and in short runs of words, so that the
    time grows with the length of a text and no text can make it explode.
    """
    number: dict[str, int] = {}
    places: list[list[tuple[int, int, int]]] = []
    for value, whole in zip(values, _have_a_shape(values, patterns), strict=True):
        spans = [(0, len(value))] if whole else _windows(value)
        places.append(
            [(*span, number.setdefault(value[slice(*span)], len(number))) for span in spans]
        )
    fits = _have_a_shape(tuple(number), patterns)
    return [
        _joined([(first, last) for first, last, text in spans if fits[text]]) for spans in places
    ]


def _windows(value: str) -> set[tuple[int, int]]:
    """Return what stands between spaces, words and short runs of words, where they may fit."""
    spans: set[tuple[int, int]] = set()
    if not _TELLING.search(value):
        return spans
    for match in _PIECE.finditer(value):  # a web address holds marks that stand between words
        text = match.group()
        first = match.start() + len(text) - len(text.lstrip(_BETWEEN))
        spans.add((first, max(first, match.start() + len(text.rstrip(_BETWEEN + _END)))))
    run: list[int] = []  # where the words before this one begin, those that a number may hold
    for match in _WORD.finditer(value):
        last = match.start() + len(match.group().rstrip(_END))
        spans.add((match.start(), last))
        if _SMALL.search(match.group()):
            run = []
            continue
        run = [*run[1 - _MOST_WORDS :], match.start()]
        spans.update((first, last) for first in run if last - first <= _MOST_CHARACTERS)
    return {(first, last) for first, last in spans if _TELLING.search(value, first, last)}


def _have_a_shape(texts: Sequence[str], patterns: tuple[Pattern, ...]) -> list[bool]:
    """Tell for each text whether it has one of the shapes, with its check digit if it has one."""
    array = pa.array([text.encode("utf-8", "replace").decode() for text in texts], pa.string())
    fits = [False] * len(texts)
    for pattern in patterns:
        hits = pc.match_substring_regex(array, pattern.regex)
        for place in pc.indices_nonzero(hits).to_pylist():
            fits[place] = fits[place] or pattern.check is None or pattern.check(texts[place])
    return fits


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order; where some overlap, all that they cover is one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first < joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined
