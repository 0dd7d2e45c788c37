"""Replace values by keyed pseudonyms."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Nodes
from transforms.step import StepContext, check_keys, column_names, named, require_published

if TYPE_CHECKING:
    from microdata.release import Release, ReleasedColumn

SHORTEST, LONGEST = 4, 52  # 52 letters of base32 hold the 256 bits of the digest
_KEY_BYTES = 32


def pseudonym(key: bytes, column: str, value: str, length: int) -> str:
    """
    Return the pseudonym of a value: HMAC-SHA-256 in base32, cut to a length.

    The column's name is part of the message, so equal values of two columns cannot be linked.
    """
    name = column.encode("utf-8", "surrogatepass")
    message = len(name).to_bytes(8, "big") + name + value.encode("utf-8", "surrogatepass")
    digest = hmac.new(key, message, hashlib.sha256).digest()
    return base64.b32encode(digest).decode("ascii")[:length]


@dataclass(frozen=True, kw_only=True)
class Pseudonymize:
    """
    Replace every value of some columns by a keyed pseudonym.

    Equal values get equal pseudonyms, so records of one person stay linked: this hides names and
    protects nobody from being singled out. Missing cells stay missing.

    Parameters
    ----------
    columns : tuple of str
        At least one.
    length : int
        Letters of a pseudonym, 4 to 52; each holds 5 bits.

    References
    ----------
    ENISA (2019), Pseudonymisation techniques and best practices, section 5.2.4.
    """

    name: ClassVar[str] = "pseudonymize"
    title: ClassVar[str] = "Replace by pseudonyms"
    keeps_rule: ClassVar[bool] = True

    columns: tuple[str, ...]
    length: int = 12

    def __post_init__(self) -> None:
        if not self.columns or len(set(self.columns)) != len(self.columns):
            raise PrivacyToolError(
                "The step 'pseudonymize' must name at least one column, and each only once."
            )
        whole = isinstance(self.length, int) and not isinstance(self.length, bool)
        if not whole or not SHORTEST <= self.length <= LONGEST:
            raise PrivacyToolError(
                f"In the step 'pseudonymize' 'length' must be a whole number from {SHORTEST} to "
                f"{LONGEST}."
            )

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        return (
            f"Replace every value of {named(self.columns)} by a keyed pseudonym of {self.length} "
            "letters (HMAC-SHA-256; the key is not kept in the recipe)."
        )

    def to_json(self) -> dict[str, Any]:
        """Return the step as it stands in a recipe file; the key is never part of it."""
        return {"step": self.name, "columns": list(self.columns), "length": self.length}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Pseudonymize:
        """Read the step from a recipe file."""
        check_keys(data, {"columns", "length"}, step=cls.name)
        columns = column_names(data.get("columns"), step=cls.name)
        return cls(columns=columns, length=data.get("length", 12))

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
        labels = [pseudonym(key, column.name, label, self.length) for label in nodes.labels]
        clashes = len(labels) - len(set(labels))
        if clashes:
            raise PrivacyToolError(
                f"In the column {column.name!r}, {clashes} values would share a pseudonym with "
                f"another value at a length of {self.length}. Choose a longer pseudonym."
            )
        # In the order of the pseudonyms, so that a code says nothing of the value's order.
        order = sorted(range(len(labels)), key=labels.__getitem__)
        members = [nodes.leaves(node) for node in order]
        offsets = np.zeros(len(order) + 1, np.int64)
        np.cumsum([leaves.size for leaves in members], out=offsets[1:])
        renamed = Nodes(
            tuple(labels[node] for node in order),
            offsets,
            np.concatenate([*members, np.empty(0, np.int32)]).astype(np.int32),
        )
        position = np.empty(len(order) + 3, np.int32)
        position[order] = np.arange(len(order), dtype=np.int32)
        # Missing and suppressed keep their codes; the last entry serves the code -1.
        position[len(order) :] = [column.missing, column.suppressed, -1]
        return replace(
            column,
            nodes=renamed,
            renamed=True,
            lookup=None if column.lookup is None else position[column.lookup],
            explicit=None if column.explicit is None else position[column.explicit],
        )
