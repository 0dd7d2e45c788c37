"""User text as options of a list: each reads differently, so each can be told and chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ui.widgets.text import plain


def words_of(names: Sequence[str]) -> list[str]:
    r"""
    Return how each name reads in a list of options; names that would read alike are numbered.

    Examples
    --------
    >>> words_of(["a", "b", "a\n", ""])
    ['a', 'b', 'a (2)', '(blank)']
    """
    seen: Counter[str] = Counter()
    taken: set[str] = set()
    words = []
    for name in names:
        word = " ".join(plain(name).split()) or "(blank)"
        seen[word] += 1
        while (shown := word if seen[word] == 1 else f"{word} ({seen[word]})") in taken:
            seen[word] += 1
        taken.add(shown)
        words.append(shown)
    return words
