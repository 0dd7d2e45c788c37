"""The time at which an assessment was made, for files that hold times."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(made_at: str) -> datetime | None:
    """Return the time of an assessment in UTC; None where a saved one says something else."""
    try:
        read = datetime.fromisoformat(made_at)
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None
