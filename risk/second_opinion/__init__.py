"""The main figures recomputed by a program of other people, pycanon, and shown beside ours."""

from __future__ import annotations

from risk.second_opinion.comparison import Comparison
from risk.second_opinion.running import Running, second_opinion, start

__all__ = ["Comparison", "Running", "second_opinion", "start"]
