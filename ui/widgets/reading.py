"""From bytes to the state of a tab, and the ways to change how a file was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import streamlit as st

from demo_data import Demo
from microdata.dataset import ColumnKind, Dataset, ReadOptions
from microdata.elsewhere import release_elsewhere
from microdata.errors import PrivacyToolError
from microdata.population import Population
from microdata.profile import profile, suggested_roles
from microdata.readers import read_dataset
from microdata.roles import Role, Roles
from reports.case import people_of
from reports.project import Project
from transforms.hierarchies.csv_files import read_hierarchies
from ui import compute, state
from ui.state import Session
from ui.widgets.guard import guard
from ui.widgets.upload import announce

ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "cp1252", "latin_1", "iso8859_15", "cp1250", "iso8859_2",
    "cp1251", "cp1253", "cp1254", "cp932", "gb18030", "big5", "cp949", "mac_roman", "cp850",
)  # fmt: skip
DELIMITERS: Mapping[str, str] = MappingProxyType(
    {",": "comma ,", ";": "semicolon ;", "\t": "tab", "|": "bar |", " ": "blank"}
)
DECIMALS: Mapping[str, str] = MappingProxyType({".": "full stop 1.5", ",": "comma 1,5"})
LARGEST_POPULATION = 10**12
DEMO_REASON = "Given with the demo."
_HELD_BY_ONE = (Role.PERSON, Role.HOUSEHOLD, Role.WEIGHT)
_NOT_TEXT = (ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.DATE)


def opened(session: Session, raw: bytes, name: str) -> Session:
    """Return the state with a table read from a file, and the suggested roles."""
    dataset = read_dataset(raw, name)
    known = profile(dataset)
    fresh = session.with_dataset(dataset, known, raw)
    return fresh.with_roles(suggested_roles(known), {})


def demo_opened(session: Session, demo: Demo) -> Session:
    """Return the state with a demo: its table, its roles and its hierarchies."""
    raw = demo.data.read_bytes()
    dataset = read_dataset(raw, demo.data.name)
    known = profile(dataset)
    roles = Roles.from_json(json.loads(demo.roles.read_bytes()))
    reasons = {
        column.name: DEMO_REASON
        for column in known.columns
        if roles.role_of(column.name) is not column.role
    }
    fresh = session.with_dataset(dataset, known, raw).with_roles(roles, reasons)
    return fresh.with_hierarchies(read_hierarchies(demo.hierarchies, dataset.column_names))


def read_again(session: Session, options: ReadOptions) -> Session:
    """
    Return the state with the same bytes read otherwise.

    What was decided stays for the columns that are still there; the recipe starts over.
    """
    former = session.require_dataset()
    dataset = read_dataset(session.raw, former.name, options)
    known = profile(dataset)
    guessed = session.profile.columns if session.profile else ()
    decided = {
        column.name: role
        for column in guessed
        if column.name in dataset.column_names
        and (role := session.roles.role_of(column.name)) is not column.role
    }
    # A suggestion must not compete with a decision for a role that only one column can have.
    taken = {role for role in decided.values() if role in _HELD_BY_ONE}
    roles = {
        name: decided.get(name, Role.INSENSITIVE if role in taken else role)
        for name, role in suggested_roles(known).by_column.items()
    }
    reasons = {name: why for name, why in session.overruled.items() if name in decided}
    kinds = {column.name: column.kind for column in former.columns}
    kept = {
        column.name: session.hierarchies[column.name]
        for column in dataset.columns
        if column.name in session.hierarchies and column.kind is kinds.get(column.name)
    }
    fresh = session.with_dataset(dataset, known, session.raw)
    fresh = fresh.with_roles(Roles(by_column=roles), reasons).with_hierarchies(kept)
    session.population.check_size(people_of(dataset, fresh.roles))
    return replace(fresh, population=session.population, seed=session.seed)


def continued(session: Session, raw: bytes) -> tuple[Session, str]:
    """
    Return the state with the decisions of a project file, and what there is to say about it.

    Raises
    ------
    PrivacyToolError
        No table is loaded, not a project file, or one that does not fit the table.
    """
    if session.dataset is None:
        raise PrivacyToolError(
            "A project file holds decisions and no data. Load its table first, then this file."
        )
    project = Project.from_bytes(raw)
    names = session.dataset.column_names
    project.roles.check_columns(names)
    for where, columns in (
        ("A hierarchy of the project file", project.hierarchies),
        ("The recipe of the project file", [c for s in project.recipe.steps for c in s.columns]),
    ):
        for column in columns:
            if column not in names:
                raise PrivacyToolError.unknown_column(column, where=where)
    for scenario in project.scenarios:
        scenario.roles(project.roles).check_columns(names)
    for plan in project.attacks:
        plan.roles(project.roles).check_columns(names)
    restored = session.restored(project)
    check_population(restored.population, session.dataset, restored.roles)
    if project.content_sha256 == session.dataset.digest:
        return restored, "The decisions of the project file are in force again."
    return restored, (
        "The decisions of the project file are in force, but the file was saved for a table with "
        "another content, or one that was read otherwise. Check the roles and the hierarchies."
    )


def check_population(population: Population, dataset: Dataset, roles: Roles) -> None:
    """Refuse a population that the table cannot come from, or that no country has."""
    population.check_size(people_of(dataset, roles))
    if population.size is not None and population.size > LARGEST_POPULATION:
        raise PrivacyToolError(
            f"The population size is above {LARGEST_POPULATION:,}. Check the number."
        )


def with_elsewhere(session: Session, raw: bytes, name: str) -> Session:
    """Return the state with a release made elsewhere; refuse one that does not fit the table."""
    table = read_dataset(raw, name)
    release_elsewhere(compute.source(session), table)
    return replace(session, elsewhere=table)


def with_population_table(session: Session, raw: bytes, name: str) -> Session:
    """Return the state with a table of the population; refuse one that lacks a column."""
    table = read_dataset(raw, name)
    dataset = session.require_dataset()
    if not set(table.column_names) & set(dataset.column_names):
        raise PrivacyToolError(
            "The population table has no column name in common with the table, so nobody can be "
            "looked up in it. Name the columns alike."
        )
    for column in session.roles.quasi_identifiers:
        if column not in table.column_names:
            raise PrivacyToolError(
                f"The population table has no column {column!r}, which is a quasi-identifier. "
                "Add the column or choose another population."
            )
    population = Population(table=table)
    check_population(population, dataset, session.roles)
    return replace(session, population=population)


def reading_form(session: Session) -> None:
    """Show how the file was read, with a way to change each part of it."""
    dataset = session.require_dataset()
    read = dataset.read
    generation = state.generation()
    changed = read
    with st.form(f"reading-{generation}", border=False):
        left, right = st.columns(2)
        with left:
            st.text(f"Format: {read.format or 'unknown'}")
            if read.format == "csv":
                encoding = _choice("Encoding", read.encoding, ENCODINGS, key="encoding")
                delimiter = _choice(
                    "Delimiter", read.delimiter, tuple(DELIMITERS), key="delimiter", says=DELIMITERS
                )
                changed = replace(changed, encoding=encoding, delimiter=delimiter)
            if read.format == "excel":
                sheet = st.text_input("Sheet", read.sheet or "", key=f"sheet-{generation}")
                changed = replace(changed, sheet=sheet.strip() or None)
            decimal = _choice(
                "Decimal mark", read.decimal, (".", ","), key="decimal", says=DECIMALS
            )
        with right:
            missing = st.text_input(
                "Texts that mean “missing”, separated by commas",
                ", ".join(read.missing or ()),
                key=f"missing-{generation}",
                help="The empty cell always means missing.",
            )
            text_columns = st.multiselect(
                "Columns to keep as text (codes such as 01234)",
                _of_kind(dataset, read.text_columns, _NOT_TEXT),
                read.text_columns,
                key=f"text-columns-{generation}",
                placeholder="Read as numbers or dates",
            )
            number_columns = st.multiselect(
                "Codes that are numbers after all",
                _of_kind(dataset, read.number_columns, (ColumnKind.CODE,)),
                read.number_columns,
                key=f"number-columns-{generation}",
                placeholder="Kept as text",
            )
        changed = replace(
            changed,
            decimal=decimal,
            missing=markers_of(missing),
            text_columns=tuple(text_columns),
            number_columns=tuple(number_columns),
        )
        st.caption(
            "Reading again keeps your roles and hierarchies where the columns stay; the steps on "
            "the page Reduce start over."
        )
        again = st.form_submit_button("Read again", key=f"read-again-{generation}")
    if again:
        with st.spinner("Reading the file …"), guard():
            state.put(read_again(session, changed))
            state.renew_widgets()
            announce("data", "The file was read again.")
            st.rerun()


def markers_of(text: str) -> tuple[str, ...]:
    """
    Return the missing markers that a line of text lists.

    Examples
    --------
    >>> markers_of("NA, -99,,NA")
    ('NA', '-99')
    """
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _choice(
    label: str,
    current: str | None,
    known: tuple[str, ...],
    *,
    key: str,
    says: Mapping[str, str] = MappingProxyType({}),
) -> str | None:
    options = tuple(dict.fromkeys([current, *known])) if current is not None else known
    chosen: str | None = st.selectbox(
        label,
        options,
        index=0 if current is not None else None,
        format_func=lambda option: says.get(option, option),
        key=f"{key}-{state.generation()}",
    )
    return chosen


def _of_kind(dataset: Dataset, chosen: tuple[str, ...], kinds: tuple[ColumnKind, ...]) -> list[str]:
    return [c.name for c in dataset.columns if c.kind in kinds or c.name in chosen]
