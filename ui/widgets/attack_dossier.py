"""
What an attacker learns of one person: shown for the made-up people of the demos, of nobody else.

On any other table no cell value is shown, here or elsewhere on the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from microdata.measure import Context
from microdata.release import Release
from risk.attacks.candidates import Matching, candidates
from risk.attacks.people import classes_by, persons_of, units_of
from risk.attacks.plan import AttackPlan
from risk.attacks.register import Register
from risk.columns import released_class
from ui import compute
from ui.demos import demo_of, is_demo_register
from ui.state import Session
from ui.widgets.text import plain

_MOST_TRIED = 2_000
_EMPTY = "(empty)"
Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """
    One found person: what was known before, and what the table adds.

    Parameters
    ----------
    knew : tuple of (str, str)
        Columns with their true values; the attacker's file first, where there is one.
    learns : tuple of (str, str)
        Sensitive columns, as the table tells them.
    """

    knew: Lines
    learns: Lines


def dossier_section(session: Session, plan: AttackPlan) -> None:
    """Show the card of one found person of a demo."""
    release = compute.release(session) or Release.original(compute.source(session))
    found = dossier(session, plan, release)
    if found is None:
        return
    st.subheader("What this attacker learns about one person")
    left, right = st.columns(2, gap="medium")
    with left:
        _card("The attacker knew", found.knew)
    with right:
        _card("The table tells", found.learns)
    st.caption(
        "A made-up person of the demo, for whom what is known is right and one person alone fits. "
        "On your own tables no value is shown."
    )


def _card(title: str, lines: Lines) -> None:
    with st.container(border=True):
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left;font-weight:400;color:#4a5563;'
            f'padding:2px 14px 2px 0">{escape(plain(name))}</th>'
            f'<td style="font-weight:600">{escape(plain(text))}</td></tr>'
            for name, text in lines
        )
        st.html(f'<p style="margin:0 0 4px 0"><strong>{title}</strong></p><table>{rows}</table>')


def dossier(session: Session, plan: AttackPlan, release: Release) -> Dossier | None:
    """Return one person of a demo whom an attacker finds for certain, or None."""
    register = plan.attack.register
    made_up = register is None or is_demo_register(register.table)
    if demo_of(session.dataset) is None or session.elsewhere is not None or not made_up:
        return None
    told = [name for name in session.roles.sensitive if name in release.columns]
    roles = plan.roles(session.roles)
    context = replace(session.case().context(release), roles=roles)
    columns = plan.attack.columns(context)
    told = [name for name in told if name not in columns]
    if not columns or not told or not release.released_records:
        return None
    rows = _alone(context, columns, knows_rule=plan.attack.knows_rule)
    known: Lines = ()
    if register is None:
        row = next(iter(rows.tolist()), None)
    else:
        row, known = _in_file(context, columns, register, rows)
    if row is None:
        return None
    return Dossier(
        knew=(*known, *((name, _original(context, name, row)) for name in columns)),
        learns=tuple((name, _released(context, name, row)) for name in told),
    )


def _alone(context: Context, columns: tuple[str, ...], *, knows_rule: bool) -> NDArray[np.int64]:
    """Return released records of people whom alone what is known of them fits."""
    release = context.release
    classes = classes_by(context, columns)
    rows = np.flatnonzero(classes.count[released_class(classes)] == 1)[:_MOST_TRIED]
    by_rule = all(release.columns[name].lookup is not None for name in columns)
    if (knows_rule and by_rule) or not rows.size:
        return rows
    # Without the rule a value fits every label it is below, also those of other groups.
    matchings = {
        name: Matching.by_containment(release.columns[name], release.domain(name), wildcard=False)
        for name in columns
    }
    original = release.record_index[rows]
    known = {name: release.source.codes[name][original].astype(np.int64) for name in columns}
    fitting = candidates(units_of(classes, persons_of(context)), matchings, known)
    right = fitting == 1
    for name in columns:
        # Where values were changed at random, the one who fits may be somebody else.
        right &= matchings[name].fits(release.codes(name)[rows].astype(np.int64), known[name])
    alone: NDArray[np.int64] = rows[right]
    return alone


def _in_file(
    context: Context, columns: tuple[str, ...], register: Register, rows: NDArray[np.int64]
) -> tuple[int | None, Lines]:
    """Return the first of some records whose person is in the file as the table has them."""
    identity = register.identity(context.roles)
    if not identity:
        return None, ()
    theirs = {ours: theirs for theirs, ours in register.columns.items()}
    compared = (*identity.values(), *columns)
    in_file = np.stack(
        [register.codes(theirs[ours], context.release.domain(ours), -1) for ours in compared]
    )
    people = {tuple(person): place for place, person in enumerate(in_file.T.tolist())}
    source = context.release.source
    for row in rows.tolist():
        original = context.release.record_index[row]
        place = people.get(tuple(int(source.codes[ours][original]) for ours in compared))
        if place is not None:
            frame = register.table.frame
            said = tuple((name, str(frame[name].iloc[place])) for name in identity)
            return row, said
    return None, ()


def _original(context: Context, name: str, row: int) -> str:
    domain, source = context.release.domain(name), context.release.source
    code = int(source.codes[name][context.release.record_index[row]])
    return domain.leaves[code] if code < len(domain.leaves) else _EMPTY


def _released(context: Context, name: str, row: int) -> str:
    return context.release.columns[name].texts[int(context.release.codes(name)[row])] or _EMPTY
