"""What an upload may cost before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from microdata.errors import PrivacyToolError

MAX_UPLOAD_BYTES = 250 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """
    The caps under which a file is read.

    Parameters
    ----------
    max_bytes : int
        Size of the file.
    max_rows, max_columns, max_cells : int
        Size of the table; checked against what the file declares, then against what was read.
    max_unpacked_bytes : int
        Size of a compressed file once it is unpacked.
    memory_bytes, cpu_seconds : int
        What the reading process may use.
    """

    max_bytes: int = MAX_UPLOAD_BYTES
    max_rows: int = 20_000_000
    max_columns: int = 2_000
    max_cells: int = 200_000_000
    max_unpacked_bytes: int = 2 * 1024**3
    memory_bytes: int = 6 * 1024**3
    cpu_seconds: int = 120

    @property
    def wall_seconds(self) -> float:
        """Longest time to wait for the reading process, which may have to share a processor."""
        return 2.0 * self.cpu_seconds + 10.0

    def check_shape(self, rows: int, columns: int, *, what: str) -> None:
        """
        Refuse a table that is larger than the caps.

        Parameters
        ----------
        rows, columns : int
            What the file declares or holds.
        what : str
            The file in words, such as "This workbook".
        """
        for count, cap, noun in (
            (columns, self.max_columns, "columns"),
            (rows, self.max_rows, "rows"),
            (rows * columns, self.max_cells, "cells"),
        ):
            if count > cap:
                raise PrivacyToolError(
                    f"{what} declares {count:,} {noun}, more than the limit of {cap:,}. "
                    "Nothing was read; save only the part that holds the data and try again."
                )

    def check_unpacked(self, size: int, *, what: str) -> None:
        """Refuse a compressed file that unpacks to more than the cap."""
        if size > self.max_unpacked_bytes:
            raise PrivacyToolError(
                f"{what} unpacks to {size:,} bytes, more than the limit of "
                f"{self.max_unpacked_bytes:,}. Nothing was read; split the file and try again."
            )
