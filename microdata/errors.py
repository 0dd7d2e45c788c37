"""The one error root of the product: every sentence says what, which column, and what to do."""

from __future__ import annotations


class PrivacyToolError(ValueError):
    """A mistake in a call or in the data, told in a sentence that never holds a cell value."""

    @classmethod
    def unknown_column(cls, column: str, *, where: str) -> PrivacyToolError:
        """Build the error for a column that the table does not have."""
        return cls(f"{where} names the column {column!r}, which the table does not have. Check it.")

    @classmethod
    def unknown_keys(cls, keys: set[str], *, where: str) -> PrivacyToolError:
        """Build the error for keys that a JSON file should not hold."""
        names = ", ".join(repr(key) for key in sorted(keys))
        return cls(f"{where} holds unknown keys: {names}. Remove them or check their spelling.")
