"""Replace values by keyed pseudonyms."""

from __future__ import annotations

import base64
import hmac
import math
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Nodes
from transforms.parameters import DeclaredStep, Parameter, columns_parameter
from transforms.step import StepContext, named, require_published

if TYPE_CHECKING:
    from microdata.release import Release, ReleasedColumn

SHORTEST, LONGEST = 4, 52  # 52 letters of base32 hold the 256 bits of the digest
LONGEST_PREFIX = 40
ALPHABETS = {"letters": 32, "hex": 16, "digits": 10}
"""How many different characters each alphabet of pseudonyms has."""

_KEY_BYTES = 32
_NAMES = {"letters": "letters", "hex": "hex digits", "digits": "digits"}
_MANY = 1_000_000
_NEGLIGIBLE = 1e-9


def pseudonym(key: bytes, column: str, value: str, length: int, alphabet: str = "letters") -> str:
    """
    Return the pseudonym of a value: HMAC-SHA-256 in an alphabet, cut to a length.

    The column's name is part of the message, so equal values of two columns cannot be linked.
    """
    name = column.encode("utf-8", "surrogatepass")
    message = len(name).to_bytes(8, "big") + name + value.encode("utf-8", "surrogatepass")
    digest = hmac.digest(key, message, "sha256")
    if alphabet == "hex":
        return digest.hex()[:length]
    if alphabet == "digits":
        return f"{int.from_bytes(digest, 'big') % 10**length:0{length}d}"
    # Five bytes are eight letters; no more of them than are needed.
    return base64.b32encode(digest[: -(-length // 8) * 5]).decode("ascii")[:length]


def collision_probability(values: int, length: int, alphabet: str = "letters") -> float:
    """
    Return the probability that two of so many different values share a pseudonym.

    With M pseudonyms and n values it is 1 - exp(-n (n - 1) / 2M), the birthday bound.

    Examples
    --------
    >>> round(collision_probability(23, 1), 3), collision_probability(1, 4)
    (1.0, 0.0)
    >>> f"{collision_probability(1_000_000, 12):.1e}"
    '4.3e-07'
    """
    pairs = values * (values - 1) / 2
    return abs(math.expm1(-pairs / ALPHABETS[alphabet] ** length))


@dataclass(frozen=True, kw_only=True)
class Pseudonymize(DeclaredStep):
    """
    Replace every value of some columns by a keyed pseudonym.

    Equal values get equal pseudonyms, so records of one person stay linked: this hides names and
    protects nobody from being singled out. Missing cells stay missing.

    Parameters
    ----------
    columns : tuple of str
        At least one.
    length : int
        Characters of a pseudonym, 4 to 52, without the prefix; a letter holds 5 bits, a hex digit
        4, a digit 3.3.
    alphabet : {"letters", "hex", "digits"}
        Base32 letters and digits, hex digits, or decimal digits.
    prefix : str
        Stands before every pseudonym.

    References
    ----------
    ENISA (2019), Pseudonymisation techniques and best practices, section 5.2.4.
    """

    name: ClassVar[str] = "pseudonymize"
    title: ClassVar[str] = "Replace by pseudonyms"
    keeps_rule: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        columns_parameter(
            advice="Equal values of a column get equal pseudonyms; two columns cannot be linked.",
        ),
        Parameter(
            name="length",
            title="Length (characters)",
            kind="whole",
            default=12,
            low=SHORTEST,
            high=LONGEST,
            help="Longer pseudonyms make it less likely that two values share one.",
        ),
        Parameter(
            name="alphabet",
            title="Written with",
            kind="choice",
            default="letters",
            choices=tuple(ALPHABETS),
            help="With fewer different characters a pseudonym of the same length holds less.",
            later=True,
        ),
        Parameter(
            name="prefix",
            title="Text in front",
            kind="text",
            default="",
            help="Shows that a value is a pseudonym, and of what; it protects nothing.",
            later=True,
        ),
    )

    columns: tuple[str, ...]
    length: int = 12
    alphabet: str = "letters"
    prefix: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.prefix) > LONGEST_PREFIX or not self.prefix.isprintable():
            raise PrivacyToolError(
                f"In the step 'pseudonymize' 'prefix' must have at most {LONGEST_PREFIX} "
                "characters, all of them printable."
            )

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        before = f", with {self.prefix!r} before each" if self.prefix else ""
        return (
            f"Replace every value of {named(self.columns)} by a keyed pseudonym of {self.length} "
            f"{_NAMES[self.alphabet]}{before} (HMAC-SHA-256; the key is not kept in the recipe)."
            f"{self._chance()}"
        )

    def _chance(self) -> str:
        chance = collision_probability(_MANY, self.length, self.alphabet)
        if chance < _NEGLIGIBLE:
            return ""
        often = "more than one half" if chance > 0.5 else f"about 1 in {1 / chance:,.0f}"
        return (
            f" The chance that two of {_MANY:,} values would share a pseudonym is {often}; then "
            "nothing is released."
        )

    def apply(self, release: Release, context: StepContext) -> Release:
        """
        Return the release with pseudonyms in place of values.

        Raises
        ------
        PrivacyToolError
            A column is not there, or two values would get the same pseudonym.
        """
        require_published(release, self.columns, step=self.name)
        key = secrets.token_bytes(_KEY_BYTES) if context.key is None else context.key
        return release.with_columns(
            *(self._renamed(release.columns[column], key) for column in self.columns)
        )

    def _renamed(self, column: ReleasedColumn, key: bytes) -> ReleasedColumn:
        nodes = column.nodes
        labels = [
            self.prefix + pseudonym(key, column.name, label, self.length, self.alphabet)
            for label in nodes.labels
        ]
        clashes = len(labels) - len(set(labels))
        if clashes:
            raise PrivacyToolError(
                f"In the column {column.name!r}, {clashes} values would share a pseudonym with "
                f"another value at a length of {self.length}. Choose a longer pseudonym."
            )
        # In the order of the pseudonyms, so that a code says nothing of the value's order.
        order = sorted(range(len(labels)), key=labels.__getitem__)
        position = np.empty(len(order) + 3, np.int32)
        position[order] = np.arange(len(order), dtype=np.int32)
        # Missing and suppressed keep their codes; the last entry serves the code -1.
        position[len(order) :] = [column.missing, column.suppressed, -1]
        of_member = position[np.repeat(np.arange(len(order)), nodes.sizes)]
        renamed = Nodes(
            tuple(labels[node] for node in order),
            np.append(0, np.cumsum(nodes.sizes[order])).astype(np.int64),
            nodes.members[np.argsort(of_member, kind="stable")],
        )
        return replace(
            column,
            nodes=renamed,
            renamed=True,
            lookup=None if column.lookup is None else position[column.lookup],
            explicit=None if column.explicit is None else position[column.explicit],
        )
