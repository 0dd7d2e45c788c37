"""Who attacks, what they know and how well: a role to start from, and a form to change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from microdata.dataset import Dataset
from microdata.roles import Roles
from risk.attacks.linkage import LinkageAttack
from risk.attacks.plan import AttackPlan, check_plans
from risk.attacks.presets import CONVENTION, FEW_KNOWN, PRESETS, AttackerPreset
from risk.scenario import MOST_LETTERS, NOT_KNOWN
from ui import state
from ui.state import Session
from ui.widgets.guard import guard
from ui.widgets.options import words_of
from ui.widgets.text import long_md

_SHOWN = "attack-shown"
_SOMEONE_ELSE = "Someone else"
_ELSE_STORY = (
    "Somebody whom only you can think of: an ex-partner, an insurer, a colleague, a rival. Say who "
    "it is and what they know."
)
MOST_WRONG = 50
MOST_TRIED = 4


def attack_form(session: Session) -> None:
    """Let the user choose who attacks, change what this attacker knows, and attack."""
    titles = {preset.title: preset for preset in PRESETS}
    chosen = st.segmented_control(
        "Who attacks?",
        [*titles, _SOMEONE_ELSE],
        default=PRESETS[0].title,
        required=True,
        key="attacker",
        wrap=True,
    )
    preset = titles.get(chosen)
    st.markdown(_ELSE_STORY if preset is None else preset.story)
    start, notes = _start(session, preset)
    for note in notes:
        st.caption(long_md(note))
    with st.form("attack-form", border=True):
        name, attack = _settings(session, preset, start)
        asked = st.form_submit_button("Attack", type="primary", key="attack")
    if asked:
        with guard():
            plan = AttackPlan(name=name.strip(), attack=attack)
            put_plan(session, plan)
            st.rerun()


def put_plan(session: Session, plan: AttackPlan) -> None:
    """
    Put an attack in the place of the one of its name, or after all others, and show it.

    Raises
    ------
    PrivacyToolError
        Too many attacks.
    """
    plans = session.attacks
    if any(held.name == plan.name for held in plans):
        plans = tuple(plan if held.name == plan.name else held for held in plans)
    else:
        plans = (*plans, plan)
    state.put(replace(session, attacks=check_plans(plans)))
    show_next(plan.name)


def show_next(name: str | None) -> None:
    """Show what this attacker finds, or the worst one, from the next run on."""
    st.session_state[_SHOWN] = (shown()[0] + 1, name)


def keep_shown(name: str) -> None:
    """Go on showing what this attacker finds, whatever the others turn out to find."""
    st.session_state[_SHOWN] = (shown()[0], name)


def shown() -> tuple[int, str | None]:
    """
    Return how often an attacker was put up to be shown, and which one is.

    The number is for the key of the widget that chooses: under a new key it cannot be set back by
    what the browser sent before it knew of the change.
    """
    number, name = st.session_state.get(_SHOWN, (0, None))
    return number, name


def knowable(dataset: Dataset, roles: Roles) -> tuple[str, ...]:
    """Return the columns that an attacker may know, the quasi-identifiers first."""
    quasi = roles.quasi_identifiers
    others = (
        name
        for name in dataset.column_names
        if name not in quasi and roles.role_of(name) not in NOT_KNOWN
    )
    return (*quasi, *others)


def _start(session: Session, preset: AttackerPreset | None) -> tuple[AttackPlan, tuple[str, ...]]:
    """Return the attack that the form starts from: the one carried out already, or the preset."""
    if preset is None:
        return AttackPlan(name=_SOMEONE_ELSE, attack=LinkageAttack(max_known=FEW_KNOWN)), ()
    held = next((plan for plan in session.attacks if plan.name == preset.title), None)
    if held is not None and held.attack.register is None:
        return held, ()
    kinds = {column.name: column.kind for column in session.require_dataset().columns}
    proposal = preset.proposal(
        session.roles, kinds, population=session.population.table is not None
    )
    return proposal.plan, (*proposal.notes, CONVENTION)


def _settings(
    session: Session, preset: AttackerPreset | None, start: AttackPlan
) -> tuple[str, LinkageAttack]:
    """Show the settings of an attack; return its name and what they are."""
    attack, name = start.attack, start.name
    key = f"{state.generation()}-{'' if preset is None else preset.id}-{start.digest[:12]}"
    if preset is None:
        name = st.text_input(
            "Who is it?",
            placeholder="Ex-partner, insurer, colleague",
            max_chars=MOST_LETTERS,
            key=f"attack-name-{key}",
        )
    columns = knowable(session.require_dataset(), session.roles)
    words = dict(zip(columns, words_of(columns), strict=True))
    known = st.multiselect(
        "What does this attacker know?",
        columns,
        [name for name in columns if name in attack.known],
        format_func=words.__getitem__,
        placeholder=f"every quasi-identifier ({len(session.roles.quasi_identifiers):,})",
        help="Any column that describes a person, whatever its role. Left empty, it is every "
        "quasi-identifier.",
        key=f"attack-known-{key}",
    )
    errors = attack.errors
    if isinstance(errors, Mapping) and errors:
        st.caption("How often a value is wrong was set for each column in a file, and stays.")
    else:
        rate = 0.0 if isinstance(errors, Mapping) else errors
        errors = _rate("How often is it wrong?", rate, f"attack-errors-{key}", _WRONG)
    absent = _rate("How often is it not known?", attack.missing, f"attack-missing-{key}", _UNKNOWN)
    with st.expander("How the attack is carried out"):
        carried_out = _procedure(session, attack, key)
    return name, replace(carried_out, known=tuple(known), errors=errors, missing=absent)


_WRONG = (
    "The share of values that are drawn anew from the values of the column. A drawn value may "
    "happen to be the right one."
)
_UNKNOWN = "The share of values that the attacker does not have. They fit everything."


def _rate(label: str, rate: float, key: str, help_: str) -> float:
    value = min(round(100 * rate), MOST_WRONG)
    return st.slider(label, 0, MOST_WRONG, value, format="%d %%", key=key, help=help_) / 100


def _procedure(session: Session, attack: LinkageAttack, key: str) -> LinkageAttack:
    """Show how the attack is carried out; return the attack with what was chosen."""
    records = session.require_dataset().records
    held = attack.n_targets
    knows_rule = st.checkbox(
        "Knows how values were made coarser",
        attack.knows_rule,
        key=f"attack-rule-{key}",
        help="Such an attacker makes what is known coarser in the same way, and compares.",
    )
    nearest = st.checkbox(
        "If nobody fits, takes who is nearest", attack.nearest, key=f"attack-nearest-{key}"
    )
    certain = attack.membership == "certain"
    if session.population.table is not None:
        certain = st.checkbox(
            "Knows that the person is in the table",
            certain,
            key=f"attack-certain-{key}",
            help="Otherwise people of the population are looked for, in the table or not.",
        )
    targets = st.number_input(
        "How many people are looked for",
        min_value=1,
        max_value=records,
        value=None if held is None else min(held, records),
        placeholder="everyone",
        key=f"attack-targets-{key}",
        help="Left empty, everyone. A number is drawn at random.",
    )
    most = st.slider(
        "Also try every combination of up to … columns",
        0,
        MOST_TRIED,
        min(attack.max_known, MOST_TRIED),
        key=f"attack-few-{key}",
        help="Shows which few columns are the worst to be known.",
    )
    return replace(
        attack,
        knows_rule=knows_rule,
        nearest=nearest,
        membership="certain" if certain else "unknown",
        n_targets=targets,
        max_known=most,
    )
