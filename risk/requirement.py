"""One numeric rule of a policy, and the figure that decides it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from microdata.errors import PrivacyToolError
from microdata.measure import Figure, NotComputed, Path

K_ANONYMITY: Path = ("models", "k-anonymity")
DELTA_DISCLOSURE: Path = ("models", "delta-disclosure")
TIE = 1e-12

_PLACES = ("classes", "models", "reidentification", "uniqueness", "columns", "utility")
_WORDS = {
    K_ANONYMITY: "the smallest class",
    ("models", "l-diversity", "*", "distinct"): "the smallest number of different values",
    ("models", "l-diversity", "*", "entropy"): "the smallest entropy diversity",
    ("models", "t-closeness", "*", "equal"): "the largest distance (equal)",
    ("models", "t-closeness", "*", "ordered"): "the largest distance (ordered)",
    ("models", "t-closeness", "*", "hierarchical"): "the largest distance (hierarchical)",
    ("reidentification", "prosecutor", "average"): "the average prosecutor risk",
    ("reidentification", "journalist", "average"): "the average journalist risk",
    ("reidentification", "marketer", "average"): "the marketer risk",
    ("uniqueness", "sample"): "the share of unique people",
}


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """
    One numeric rule of a policy.

    Parameters
    ----------
    figure : Path
        Which figure; ``*`` stands for each sensitive attribute (or any other name).
    at_least, at_most : float, optional
        Exactly one of them; equality meets it.
    title : str
        The rule as a sentence for a reader.
    why : str
        Where the number comes from.
    """

    figure: Path
    at_least: float | None = None
    at_most: float | None = None
    title: str
    why: str = ""

    def __post_init__(self) -> None:
        name = ".".join(self.figure)
        if (self.at_least is None) == (self.at_most is None):
            raise PrivacyToolError(
                f"The requirement on {name!r} needs either 'at_least' or 'at_most'. Give one."
            )
        if not self.figure or self.figure[0] not in _PLACES:
            raise PrivacyToolError(
                f"The requirement on {name!r} names no figure of this tool. A figure starts with "
                f"one of: {', '.join(_PLACES)}."
            )
        if self.figure[0] == "reidentification" and {"highest", "at_risk"} & set(self.figure):
            _refuse_decimal(name)
        least = self.at_least
        if self.figure == K_ANONYMITY and (
            least is None or not float(least).is_integer() or least < 1
        ):
            raise PrivacyToolError(
                "A requirement on k-anonymity needs a whole class size of at least 1 under "
                "'at_least'. Change the number."
            )

    def met_by(self, value: float) -> bool:
        """Whether a figure meets the requirement."""
        if self.at_least is not None:
            return value >= self.at_least - TIE * abs(self.at_least)
        limit = math.inf if self.at_most is None else self.at_most
        if self.figure[:2] == DELTA_DISCLOSURE:  # met only if strictly below
            return value < limit - TIE * abs(limit)
        return value <= limit + TIE * abs(limit)

    @property
    def threshold_text(self) -> str:
        """The threshold in words: "required 11", "at most 0.2"."""
        if self.at_least is not None:
            return f"required {number_words(self.at_least)}"
        words = "below" if self.figure[:2] == DELTA_DISCLOSURE else "at most"
        return f"{words} {number_words(self.at_most or 0.0)}"

    def concerns(self, path: Path) -> bool:
        """Whether a figure at this path is one that the requirement asks for."""
        return len(self.figure) == len(path) and all(
            wanted in ("*", name) for wanted, name in zip(self.figure, path, strict=True)
        )

    def decisive(self, matching: Mapping[Path, Figure]) -> tuple[Path, Figure]:
        """Return the figure that decides: a failing one, one not computed, or the tightest."""

        def rank(item: tuple[Path, Figure]) -> tuple[int, float]:
            figure = item[1]
            if isinstance(figure, NotComputed):
                return 1, 0.0
            slack = figure.value if self.at_least is not None else -figure.value
            return (2 if self.met_by(figure.value) else 0), slack

        return min(matching.items(), key=rank)

    def words(self, path: Path) -> str:
        """Return what a figure is, in words: "the smallest class"."""
        words = _WORDS.get(self.figure)
        if words is None:
            return ".".join(path)
        names = [
            name for wanted, name in zip(self.figure, path, strict=True) if wanted == "*" != name
        ]
        return f"{words} of {', '.join(names)}" if names else words


def _refuse_decimal(name: str) -> NoReturn:
    raise PrivacyToolError(
        f"The requirement on {name!r} compares a risk with a decimal, which fails by rounding "
        "(1/11 is above 0.09). Use the class size: ['models', 'k-anonymity'] or "
        "['reidentification', 'prosecutor', 'below', '11']."
    )


def number_words(value: float) -> str:
    """Return a number for a sentence."""
    if math.isinf(value):
        return "infinite"
    return f"{int(value):,}" if float(value).is_integer() else f"{value:.6g}"
