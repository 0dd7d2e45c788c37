"""The only cache of the screen: by content digest, for one session, and small."""

from __future__ import annotations

import streamlit as st

from microdata.encoding import EncodedTable
from microdata.evidence import Detected
from microdata.measure import NotComputed
from microdata.memory import return_memory
from microdata.release import Release
from reports.answered import with_answers
from reports.assessment import Assessment, assess, examined_columns
from reports.attacks import AttackReport, carry_out
from reports.case import Case
from reports.headline import policy_size
from reports.measuring import INTERACTIVE, MEASURES, evaluate, interactive_suffices
from reports.questionnaire import judge
from reports.stage import Stage
from risk.attacks.composition import Composition, compose
from risk.attacks.plan import AttackPlan
from risk.failing import Failing, failing
from risk.models import PrivacyModel
from risk.policy import Verdict
from risk.second_opinion import Running, start
from risk.special_uniques import SinglingOut, SubsetTable, smallest_singling_out, subset_table
from transforms.search.lattice import OnProgress
from transforms.search.problem import SearchProblem
from transforms.search.profile import LatticeProfile, profile_lattice
from ui import state, target
from ui.background import Background
from ui.documents import AtWork, Made, make_documents
from ui.exercises import Exercise, Lesson
from ui.state import Session
from utility import ON_DEMAND_MEASURES

# Frames are never hashed: the key is a digest, and what it stands for is passed as `_name`.


PROFILE_SECONDS = 30.0
SECOND_RELEASE = "second-release-table"
"""Where the state of a tab keeps a second release: the digest of its original, and the table."""
_TRAINED = "trained for"


def source(session: Session) -> EncodedTable:
    """Return the encoded table."""
    _drop_former(session.require_dataset().digest)
    return _source(session.source_key(), session.case())


def release(session: Session) -> Release | None:
    """Return the table that would be shared, or None where it is the original."""
    return _release(session.figures_key(), session.case(), source(session))


def before(session: Session) -> Stage:
    """Return the figures of the original."""
    return _before(session.original_key(), session.case(), source(session))


def after(session: Session) -> Stage | None:
    """Return the interactive figures of the table that would be shared."""
    return _after(session.figures_key(), session.case(), release(session))


def complete(session: Session) -> Stage | None:
    """Return all figures of the table that would be shared; None where it is the original."""
    return _complete(session.figures_key(), session.case(), release(session))


def verdicts(session: Session, stage: Stage) -> tuple[Verdict, ...]:
    """Return the verdicts on the table that would be shared, whose figures these are."""
    columns = _columns(session.figures_key(), session.case(), source(session), release(session))
    return judge(session.policy, stage.figures, columns, session.answers)


def assessment(session: Session) -> Assessment:
    """Return the complete assessment; an answer measures nothing again."""
    measured = _assessment(session.measured_key(), session.case(), source(session))
    return with_answers(measured, session.answers)


def attack(session: Session, plan: AttackPlan) -> Background[AttackReport]:
    """Return whom one attacker finds before and after, simulated behind the page."""
    key = f"{session.figures_key()} {plan.digest}"
    return _attack(key, plan, session.case(), source(session), release(session))


def at_work(session: Session) -> AtWork:
    """Return what is still at work on the assessment, started at once."""
    running = [attack(session, plan) for plan in session.attacks]
    return AtWork(plans=session.attacks, running=running, opinion=second_opinion(session))


def documents(session: Session, attempt: int) -> Background[Made]:
    """Return every document, made behind the page; another attempt makes them anew."""
    key = f"{session.assessment_key()} {attempt}"
    return _documents(key, assessment(session), at_work(session))


def second_opinion(session: Session) -> Running:
    """Return what another program says of the table that would be shared, started at once."""
    return _second_opinion(session.figures_key(), session.case(), source(session), release(session))


def failing_rows(session: Session, model: PrivacyModel) -> Failing:
    """Return which groups and rows of the table that would be shared fail a model."""
    key = f"{session.figures_key()} {model.text()}"
    return _failing(key, session.case(), source(session), release(session), model)


def subsets(session: Session) -> SubsetTable:
    """Return what every combination of columns tells in the table that would be shared."""
    return _subsets(session.figures_key(), session.case(), source(session), release(session))


def stages(session: Session, others: tuple[Session, ...]) -> tuple[Stage, ...]:
    """Return the interactive figures of the same table under other recipes."""
    keys = [other.figures_key() for other in others]
    return _stages(" ".join(keys), tuple(other.case() for other in others), source(session))


def trained(session: Session) -> Background[Stage]:
    """Return how well models trained on the table that would be shared do, behind the page."""
    return _trained(session.figures_key(), session.case(), source(session), release(session))


def was_trained(session: Session) -> bool:
    """Return whether the user has asked for models of the table that would be shared."""
    return bool(st.session_state.get(_TRAINED) == session.figures_key())


def train(session: Session) -> None:
    """Ask for models of the table that would be shared."""
    st.session_state[_TRAINED] = session.figures_key()


def profile(session: Session) -> Background[LatticeProfile | NotComputed]:
    """Return what every choice of levels would come to, counted behind the page."""
    problem = target.sizes_problem(session)
    models = sorted(model.text() for model in problem.models)
    key = f"{session.source_key()} {problem.roles.to_json()} {models}"
    return _profile(key, problem, session.case(), source(session))


def singling_out(session: Session) -> SinglingOut:
    """Return the smallest combination of columns that singles people out in the original."""
    return _singling_out(session.original_key(), session.case(), source(session))


def lesson(exercise: Exercise) -> Lesson:
    """Return an exercise with its figures; they are of a demo table and of nobody's data."""
    return _lesson(exercise.id, exercise)


def composition(
    session: Session, other: Session, *, same_order: bool = False
) -> Composition | NotComputed:
    """Return what two releases of the same table give away together."""
    key = f"{session.figures_key()} {other.figures_key()} {same_order}"
    cases, releases = (session.case(), other.case()), (release(session), release(other))
    return _composition(key, cases, releases, source(session), same_order)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _source(key: str, _case: Case) -> EncodedTable:
    return _case.encoded()


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _release(key: str, _case: Case, _source: EncodedTable) -> Release | None:
    return _case.release(_source)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _before(key: str, _case: Case, _source: EncodedTable) -> Stage:
    return evaluate(
        _case.context(Release.original(_source)),
        threshold=_threshold(_case),
        measures=MEASURES,
    )


@st.cache_resource(scope="session", max_entries=16, show_spinner=False)
def _after(key: str, _case: Case, _release: Release | None) -> Stage | None:
    if _release is None:
        return None
    stage = _measured(_case, _release)
    if interactive_suffices(_case.policy, stage.figures):
        return stage
    return _complete(key, _case, _release)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _complete(key: str, _case: Case, _release: Release | None) -> Stage | None:
    if _release is None:
        return None
    return evaluate(_case.context(_release), threshold=_threshold(_case), measures=MEASURES)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _trained(
    key: str, _case: Case, _source: EncodedTable, _release: Release | None
) -> Background[Stage]:
    context = _case.context(_release or Release.original(_source))

    def call(_: OnProgress) -> Stage:
        return evaluate(
            context,
            threshold=_threshold(_case),
            measures=ON_DEMAND_MEASURES,
            with_distributions=False,
        )

    return Background(call)


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _attack(
    key: str, _plan: AttackPlan, _case: Case, _source: EncodedTable, _release: Release | None
) -> Background[AttackReport]:
    return Background(lambda _: carry_out(_case, _source, _release, (_plan,))[0])


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _stages(key: str, _cases: tuple[Case, ...], _source: EncodedTable) -> tuple[Stage, ...]:
    original = Release.original(_source)
    return tuple(
        _measured(case, case.release(_source) or original, with_distributions=False)
        for case in _cases
    )


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _columns(
    key: str, _case: Case, _source: EncodedTable, _release: Release | None
) -> tuple[Detected, ...]:
    if _case.policy is None or not _case.policy.checks:
        return ()  # nothing of a move on the Reduce page depends on it
    return examined_columns(_case, _release or Release.original(_source))


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _assessment(key: str, _case: Case, _source: EncodedTable) -> Assessment:
    return assess(_case, source=_source)


@st.cache_resource(
    scope="session", max_entries=1, show_spinner=False, on_release=lambda made: made.stop()
)
def _documents(key: str, _assessment: Assessment, _at_work: AtWork) -> Background[Made]:
    return Background(lambda told: make_documents(_assessment, _at_work, told))


@st.cache_resource(
    scope="session", max_entries=2, show_spinner=False, on_release=lambda running: running.stop()
)
def _second_opinion(
    key: str, _case: Case, _source: EncodedTable, _release: Release | None
) -> Running:
    shown = _release or Release.original(_source)
    return start(shown, _case.roles, missing=_case.missing)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _subsets(key: str, _case: Case, _source: EncodedTable, _release: Release | None) -> SubsetTable:
    return subset_table(_case.context(_release or Release.original(_source)))


@st.cache_resource(
    scope="session", max_entries=2, show_spinner=False, on_release=lambda running: running.stop()
)
def _profile(
    key: str, _problem: SearchProblem, _case: Case, _source: EncodedTable
) -> Background[LatticeProfile | NotComputed]:
    def count(on_progress: OnProgress) -> LatticeProfile | NotComputed:
        return profile_lattice(
            _problem, _source, _case.population, seconds=PROFILE_SECONDS, on_progress=on_progress
        )

    return Background(count)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _failing(
    key: str,
    _case: Case,
    _source: EncodedTable,
    _release: Release | None,
    _model: PrivacyModel,
) -> Failing:
    return failing(_case.context(_release or Release.original(_source)), _model)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _singling_out(key: str, _case: Case, _source: EncodedTable) -> SinglingOut:
    return smallest_singling_out(_case.context(Release.original(_source)))


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _lesson(key: str, _exercise: Exercise) -> Lesson:
    return _exercise.make()


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _composition(
    key: str,
    _cases: tuple[Case, Case],
    _releases: tuple[Release | None, Release | None],
    _source: EncodedTable,
    _same_order: bool,  # noqa: FBT001 -- part of the key; the cache takes no keyword-only ones
) -> Composition | NotComputed:
    original = Release.original(_source)
    first, second = (
        case.context(made or original) for case, made in zip(_cases, _releases, strict=True)
    )
    return compose(first, second, threshold=policy_size(_cases[0].policy), same_order=_same_order)


def _measured(case: Case, release: Release, *, with_distributions: bool = True) -> Stage:
    """Return the interactive figures of one table."""
    return evaluate(
        case.context(release),
        threshold=_threshold(case),
        measures=INTERACTIVE,
        with_distributions=with_distributions,
    )


def _threshold(case: Case) -> int:
    return case.policy.disclosure_threshold if case.policy else 5


def forget() -> None:
    """Drop the data of this session, its caches included."""
    _clear()
    state.forget()
    return_memory()


def _clear() -> None:
    for cached in (
        _source,
        _release,
        _before,
        _after,
        _columns,
        _assessment,
        _attack,
        _documents,
        _failing,
        _singling_out,
        _subsets,
        _second_opinion,
        _profile,
        _stages,
        _complete,
        _trained,
        _lesson,
        _composition,
    ):
        cached.clear()
    st.session_state.pop(SECOND_RELEASE, None)


def _drop_former(digest: str) -> None:
    """Let go of the table that was here before another one was loaded."""
    if st.session_state.get("source-of", digest) != digest:
        _clear()
        return_memory()
    st.session_state["source-of"] = digest
