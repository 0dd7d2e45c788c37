"""The scoreboard: a few figures that stay in view, before and now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figure_names import name_figure
from reports.stage import Stage
from reports.wording import better_or_worse, format_count, format_figure, format_share

if TYPE_CHECKING:
    from risk.policy import Policy


@dataclass(frozen=True, kw_only=True)
class HeadlineRow:
    """One tile of the scoreboard: a figure before and now, and whether that is better."""

    id: str
    name: str
    term: str
    before: str
    now: str
    change: str
    arrow: str


def people_in(stage: Stage) -> int:
    """Return how many people are in the classes of a stage."""
    return sum(stage.people_by_size.values())


def people_below(stage: Stage, size: int) -> int:
    """Return how many people are in a class of fewer than `size` people."""
    return sum(people for held, people in stage.people_by_size.items() if held < size)


def policy_size(policy: Policy | None) -> int:
    """Return the class size that a policy asks for; 5 without a policy or without such a rule."""
    return (policy.class_size if policy else None) or 5


def headline_rows(
    before: Stage, after: Stage | None = None, *, size: int = 5
) -> tuple[HeadlineRow, ...]:
    """
    Return the five tiles of the scoreboard.

    Parameters
    ----------
    before : Stage
    after : Stage, optional
        Without one, "now" is the original and nothing is better or worse.
    size : int
        The policy's class size, `policy_size`.
    """
    now = after or before

    def at_risk(stage: Stage) -> tuple[float, str]:
        count, people = people_below(stage, size), people_in(stage)
        share = format_share(count / people) if people else "none left"
        return count, f"{format_count(count)} ({share})"

    def left_out(stage: Stage) -> tuple[float | None, str]:
        count = stage.value("classes", "suppressed_records")
        if count is None:
            return None, format_figure(stage.figure("classes", "suppressed_records"))
        share = stage.value("utility", "suppression", "records")
        if share is None:
            share = count / max(1.0, count + people_in(stage))
        return count, f"{format_count(count)} ({format_share(share)})"

    def smallest(stage: Stage) -> tuple[float | None, str]:
        held = [held for held, people in stage.people_by_size.items() if people]
        return (min(held), format_count(min(held))) if held else (None, "nobody left")

    def plain(stage: Stage, *path: str) -> tuple[float | None, str]:
        return stage.value(*path), format_figure(stage.figure(*path), name_figure(path).unit)

    # Rows are left out; they are people only where one row is one person.
    counted = "People" if before.value("classes", "people") is None else "Rows"
    highest = ("reidentification", "prosecutor", "highest")
    detail = ("utility", "granularity")
    tiles = (
        ("smallest", "Smallest group", "k", "higher", smallest(before), smallest(now)),
        ("highest", "Highest risk", "prosecutor", "lower",
         plain(before, *highest), plain(now, *highest)),
        ("at-risk", f"People in groups below {size}", "records at risk", "lower",
         at_risk(before), at_risk(now)),
        ("left-out", f"{counted} left out", "suppressed", "lower", left_out(before), left_out(now)),
        ("detail", "Detail kept", "granularity", "higher",
         plain(before, *detail), plain(now, *detail)),
    )  # fmt: skip
    rows = []
    for key, name, term, better, (was, was_text), (is_, is_text) in tiles:
        change = better_or_worse(was, is_, better) if after else ""
        arrow = ""
        if change in {"better", "worse"} and was is not None and is_ is not None:
            arrow = "▲" if is_ > was else "▼"
        rows.append(
            HeadlineRow(
                id=key,
                name=name,
                term=term,
                before=was_text,
                now=is_text,
                change=change,
                arrow=arrow,
            )
        )
    return tuple(rows)
