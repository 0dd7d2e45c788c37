"""Numbers and verdicts as they are printed everywhere: on screen, in documents, on the terminal."""

from __future__ import annotations

import math

from microdata.measure import Figure, NotComputed
from reports.figure_names import Unit

NOT_MEASURED = "not part of this assessment"
LONGEST_NAME = 60


def _significant(value: float, digits: int = 3) -> str:
    """Return a number with significant digits and thousands separators, never in powers of ten."""
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    decimals = max(0, digits - 1 - magnitude)
    rounded = round(value, digits - 1 - magnitude)
    if abs(rounded) >= 10.0 ** (magnitude + 1):
        decimals = max(0, decimals - 1)
    return f"{rounded:,.{decimals}f}"


def format_count(value: float) -> str:
    """Return a count with thousands separators; a broken one with three significant digits."""
    if math.isinf(value):
        return "infinite"
    return f"{int(value):,}" if float(value).is_integer() else _significant(value)


def format_number(value: float) -> str:
    """Return a whole number in full and any other with three significant digits."""
    if 0 < abs(value) < 0.0005:
        return "<0.001" if value > 0 else ">-0.001"
    return format_count(value)


def format_share(share: float) -> str:
    """Return a share as per cent; tiny ones and near-whole ones are never rounded to 0 or 100."""
    if math.isinf(share):
        return "infinite"
    if share == 0:
        return "0 %"
    if share == 1:
        return "100 %"
    if 0 < share < 0.001:
        return "<0.1 %"
    if 0.9995 <= share < 1:
        return ">99.9 %"
    return f"{_significant(share * 100)} %"


def format_risk(risk: float) -> str:
    """Return a risk as "1 in 5 (20.0 %)"; "about" where it is not one over a whole number."""
    if risk == 0:
        return "none (0 %)"
    if risk >= 1:
        return "certain (100 %)"
    share = format_share(risk)
    people = 1 / risk
    whole = round(people)
    if abs(people - whole) <= 1e-6 * people:
        return f"1 in {whole:,} ({share})"
    if risk > 0.9:
        return f"about {min(99, round(risk * 100))} in 100 ({share})"
    if risk > 0.5:
        return f"about {min(9, round(risk * 10))} in 10 ({share})"
    return f"about 1 in {whole:,} ({share})"


def format_value(value: float, unit: Unit = "number") -> str:
    """Return a number in its unit."""
    if math.isinf(value):
        return "infinite"
    if unit == "risk":
        return format_risk(value)
    if unit in {"share", "quality"}:
        return format_share(value)
    if unit == "people":
        return f"{format_count(value)} {'person' if value == 1 else 'people'}"
    if unit == "bits":
        return f"{format_number(value)} bits"
    return format_number(value)


def format_range(low: float, high: float, unit: Unit) -> str:
    """Return "3.00-22.0 %", with the unit written once."""
    if unit in {"share", "quality", "risk"}:
        first, last = format_share(low), format_share(high)
        return first if first == last else f"{first.removesuffix(' %')}–{last}"
    first, last = format_number(low), format_number(high)
    text = first if first == last else f"{first}–{last}"
    return text + {"people": " people", "bits": " bits"}.get(unit, "")


def format_figure(figure: Figure, unit: Unit = "number") -> str:
    """Return a figure as it is printed: an estimate as its range first, a gap with its reason."""
    if isinstance(figure, NotComputed):
        return f"not computed, because {as_clause(figure.reason)}"
    if figure.exact:
        return format_value(figure.value, unit)
    if figure.low is not None and figure.high is not None:
        return f"{format_range(figure.low, figure.high, unit)}, estimated"
    return f"{format_value(figure.value, unit)}, estimated"


def as_clause(sentence: str) -> str:
    """Return a sentence as part of another one."""
    text = sentence.strip().rstrip(".")
    if len(text) > 1 and text[0].isupper() and (text[1].islower() or text[1] == " "):
        return text[0].lower() + text[1:]
    return text


def shorten(name: str, most: int = LONGEST_NAME) -> str:
    """Return a name on one line and of bounded length; names come from the user's file."""
    clean = " ".join(name[: 4 * most].split())
    return clean if len(clean) <= most and len(name) <= 4 * most else f"{clean[: most - 1]}…"


def join_names(
    names: list[str] | tuple[str, ...], *, most: int = 8, longest: int = LONGEST_NAME
) -> str:
    """Return "age, sex and zip"; more than `most` names end in a count."""
    names = [shorten(name, longest) for name in names]
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def better_or_worse(before: float | None, now: float | None, better: str) -> str:
    """Return "better", "worse", "same", or "" where that cannot be said."""
    if before is None or now is None or not better:
        return ""
    if math.isclose(before, now, rel_tol=1e-9, abs_tol=1e-12):
        return "same"
    return "better" if (now > before) == (better == "higher") else "worse"
