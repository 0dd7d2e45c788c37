import json
from dataclasses import replace

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id

from microdata.roles import Role, Roles
from risk.own_policy import class_size_policy
from transforms.search import SearchProblem
from transforms.search.profile import OVER, SAFE, WITHIN, profile_lattice
from transforms.steps.round_values import RoundValues
from ui import compute, recipes, target
from ui.widgets import choices, frontier, lattice, suggest
from ui.widgets.levels import level_labels
from ui.widgets.text import option_md

K = 3


@pytest.fixture
def session(inpatients):
    return replace(inpatients, policy=class_size_policy(K))


@pytest.fixture
def source(session):
    return session.case().encoded()


@pytest.fixture
def profile(session, source):
    return profile_lattice(target.sizes_problem(session), source)


@pytest.fixture
def page(open_app, session):
    at = open_app("reduce", session)
    # Opened: what they hold is made only then.
    at.session_state["frontier-table"] = at.session_state["next-table"] = True
    for _ in range(50):
        if any(box.key == "frontier-choice" for box in at.selectbox):
            return at
        at.run()
    raise AssertionError("the choices of levels were never counted")


def recipe_of(at):
    return at.session_state["session"].recipe


def test_a_point_of_the_best_trade_is_put_in_force_with_its_group_size(page, profile):
    points = profile.frontier(0.05)
    assert len(points) > 1
    page.selectbox(key="frontier-choice").set_value(len(points) - 1).run()
    page.button(key="frontier-go").click().run()
    recipe = recipe_of(page)
    assert recipes.levels(recipe) == {n: v for n, v in points[-1].levels.items() if v}
    assert recipes.smallest_group(recipe) == points[-1].k
    after = compute_after(page)
    assert after.value("classes", "suppressed_records") == points[-1].suppressed
    assert min(after.sizes) == points[-1].smallest


def compute_after(at):
    session = at.session_state["session"]
    source = session.case().encoded()
    return compute._measured(session.case(), session.case().release(source))


def test_the_trade_says_what_the_policy_costs_and_where_the_recipe_stands(session, profile):
    best = profile.best(K, 0.05)
    nowhere = frontier.message(profile, 0.05, K, None)
    assert nowhere.startswith(f"With one level for each column, groups of {K} cost at least")
    there = frontier.message(profile, 0.05, K, best)
    assert there.startswith(f"Groups of {K} cost at least")
    assert there.endswith(": you are there")
    raw = profile.at(profile.node_of(dict.fromkeys(profile.columns, 0)), 1)
    assert "you lose 0 % for groups of 1" in frontier.message(profile, 0.05, K, raw)
    gone = profile.at(raw.node, K)
    assert gone.suppressed > 0
    assert "more rows than the limit" in frontier.message(profile, 0.0, K, gone)
    assert "No choice of levels" in frontier.message(profile, 0.0, 50, None)


def test_a_recipe_stands_where_its_levels_and_group_size_are(session, profile):
    levels = dict(profile.best(K, 0.05).levels)
    recipe = recipes.with_smallest_group(recipes.with_levels(session.recipe, levels), K)
    standing = choices.here(session.with_recipe(recipe), profile)
    assert (standing.levels, standing.k) == (levels, K)


def test_a_recipe_that_does_more_stands_nowhere(session, profile):
    step = RoundValues(columns=("age",), base=10)
    assert choices.here(session.with_recipe(session.recipe.with_step(step)), profile) is None
    varied = recipes.with_requirements(
        session.recipe, ["k-anonymity=3", "distinct-l-diversity(condition)=2"]
    )
    assert choices.here(session.with_recipe(varied), profile) is None


def test_the_figure_shows_every_point_the_place_and_the_policy(profile):
    points = profile.frontier(0.05)
    drawn = frontier.laid_out(profile, points, K, points[0])
    lost, height, said = zip(*drawn["points"], strict=True)
    assert [round(lost[-1] / x, 9) for x in lost if x] == [
        round(points[-1].score / p.score, 9) for p in points if p.score
    ]
    # Nearer to "certain" is higher, and everything is within the chart.
    assert sorted(height, reverse=True) == list(height)
    assert all(0 <= place <= 1 for place in (*lost, *height))
    assert drawn["here"] == [lost[0], height[0]]
    ((policy, label),) = drawn["lines"]
    assert label == f"policy: 1 in {K}"
    places = {p.smallest: at for p, at in zip(points, height, strict=True)}
    assert all((at >= policy) == (size <= K) for size, at in places.items())
    assert all("of the detail lost" in text for text in said)


def test_the_lattice_counts_the_safe_choices_and_draws_each_where_it_belongs(profile):
    states = profile.states(K, 0.05)
    safe, within = (states == SAFE).sum(), (states == WITHIN).sum()
    said = lattice.message(states, K, 0.05)
    assert said.startswith(f"{safe} of {profile.nodes} choices")
    assert f"{within} more do if up to 5 % of the rows" in said
    nodes = list(range(profile.nodes))
    drawn = lattice.figure(profile, nodes, states, 0, whole=True)
    named = {trace.name: len(trace.x) for trace in drawn.data if trace.name}
    assert sum(named.values()) == profile.nodes
    assert named.get("too many rows would be left out", 0) == (states == OVER).sum()
    heights = [sum(profile.levels_of(node).values()) for node in nodes]
    assert max(drawn.layout.yaxis.range) > max(heights)


def test_a_neighbour_is_named_by_what_it_changes(profile):
    at = profile.node_of(dict.fromkeys(profile.columns, 0))
    labels = [lattice.label(profile, node, at, whole=False) for node in profile.neighbours(at)]
    assert labels == [f"{name}<br>0 → 1" for name in profile.columns]
    assert lattice.label(profile, at, at, whole=False) == "in force"


def test_why_not_finer_tells_what_each_column_would_cost(session, profile):
    best = profile.best(K, 0.05)
    chosen = session.with_recipe(
        recipes.with_smallest_group(recipes.with_levels(session.recipe, best.levels), K)
    )
    said = suggest.reasons(profile, best.levels, chosen, 0.05)
    raised = [name for name, level in best.levels.items() if level]
    assert len(said) == len(raised)
    for name, line in zip(raised, said, strict=True):
        finer = profile.at(
            profile.node_of({**best.levels, name: best.levels[name] - 1}), K
        )  # fmt: skip
        assert line.startswith(f"{name} one level finer")
        assert ("would have to be" in line) == (finer.suppressed > 0.05 * profile.records)


def test_the_next_best_is_put_in_force(page):
    page.button(key="suggest").click().run()
    first = recipes.levels(recipe_of(page))
    page.button(key="next-best-go").click().run()
    assert recipes.levels(recipe_of(page)) != first
    assert recipes.smallest_group(recipe_of(page)) == K
    assert not page.exception


def test_the_lattice_view_goes_to_a_neighbour(page):
    page.segmented_control(key="view").set_value("Lattice").run()
    before = recipe_of(page)
    page.button(key="lattice-go").click().run()
    assert recipe_of(page) != before
    assert not page.exception


def test_a_policy_on_more_than_sizes_is_shown_by_its_sizes(session):
    problem = target.sizes_problem(session)
    assert isinstance(problem, SearchProblem)
    assert [model.text() for model in problem.models] == [f"k-anonymity={K}"]


def test_without_quasi_identifiers_left_there_is_nothing_to_count(open_app, session):
    first, *_ = session.roles.quasi_identifiers
    only = Roles(by_column={first: Role.QUASI_IDENTIFIER})
    at = open_app("reduce", replace(session, roles=only))
    at.multiselect(key="dropped").set_value([]).run()
    assert not at.exception


def test_a_finer_level_that_loses_less_is_not_said_to_lose_more(session, profile):
    coarse = {
        name: low + number - 1
        for name, low, number in zip(profile.columns, profile.lowest, profile.shape, strict=True)
    }
    chosen = session.with_recipe(
        recipes.with_smallest_group(recipes.with_levels(session.recipe, coarse), K)
    )
    score = profile.at(profile.node_of(coarse), K).score
    less = set()
    for line, name in zip(
        suggest.reasons(profile, coarse, chosen, 1.0), profile.columns, strict=True
    ):
        finer = profile.at(profile.node_of({**coarse, name: coarse[name] - 1}), K)
        assert ("no less detail lost in all" in line) == (finer.score >= score)
        assert ("by the sizes of groups alone" in line) == (finer.score < score)
        less.add(finer.score < score)
    assert less == {True, False}


def test_what_was_suggested_is_no_longer_said_under_another_policy(page):
    page.button(key="suggest").click().run()
    assert any("In force now" in text.value for text in page.caption)
    session = page.session_state["session"]
    page.session_state["session"] = replace(session, policy=class_size_policy(2))
    page.run()
    assert recipe_of(page) == session.recipe
    assert not any("In force now" in text.value for text in page.caption)


def test_a_list_goes_where_the_chosen_option_leads(show, session):
    def one():
        import streamlit as st

        from ui.widgets.choices import put_in_force

        put_in_force(
            "Where", ["a", "b"], str.upper, lambda to: st.session_state.update(gone=to), key="to"
        )

    at = show(one, session)
    assert at.selectbox(key="to-choice").options == ["A", "B"]
    at.selectbox(key="to-choice").set_value(1).run()
    at.button(key="to-go").click().run()
    assert at.session_state["gone"] == "b"


def test_many_neighbours_have_their_names_at_two_heights(profile):
    at = profile.node_of(dict.fromkeys(profile.columns, 0))
    states = profile.states(K, 0.05)
    nodes = [at, *profile.neighbours(at)]

    def higher():
        drawn = lattice.figure(profile, nodes, states, at, whole=False)
        texts = [text for trace in drawn.data if trace.name for text in trace.text]
        return sum(text.endswith("<br> ") for text in texts)

    assert higher() == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lattice, "MOST_ABREAST", len(nodes) - 2)
        assert higher() == (len(nodes) - 1) // 2


def test_a_level_is_shown_by_its_label_only_if_enough_records_get_it(source):
    hierarchy = source.domain("zip").hierarchy
    held = [
        max(
            sum(
                count
                for node, count in zip(level.lookup, source.counts("zip"), strict=False)
                if node == label
            )
            for label in range(len(level.labels))
        )
        for level in hierarchy.levels
    ]
    for least in (1, max(held), max(held) + 1):
        labels = level_labels(source, "zip", least)
        for text, level, count in zip(labels, hierarchy.levels, held, strict=True):
            shown = any(text.split(": ")[1] == option_md(label) for label in level.labels)
            assert shown == (count >= least)


def test_a_click_on_a_point_is_heard_unless_the_points_have_become_others(page, profile):
    def drawn():
        return next(
            component.proto
            for component in page.get("bidi_component")
            if json.loads(component.proto.json).get("kind") == "points"
        )

    def click(version, place):
        states = page._tree.get_widget_states()
        clicked = states.widgets.add()
        clicked.id = _make_trigger_id(drawn().id, "events")
        event = {"event": "chosen", "value": [version, place]}
        clicked.json_trigger_value = json.dumps([event])
        page._run(states)

    before, place = recipe_of(page), len(profile.frontier(0.05)) - 1
    version = json.loads(drawn().json)["version"]
    first, *_ = page.session_state["session"].roles.quasi_identifiers
    for stale, outside in ((f"{version}0", place), (version, place + 1), (version, -1)):
        click(stale, outside)
        assert recipe_of(page) == before
    click(version, place)
    assert recipes.smallest_group(recipe_of(page)) == profile.frontier(0.05)[-1].k
    session = page.session_state["session"]
    others = {**session.roles.by_column, first: Role.SENSITIVE}
    page.session_state["session"] = session.with_roles(Roles(by_column=others), {})
    for _ in range(50):
        page.run()
        if any(box.key == "frontier-choice" for box in page.selectbox):
            break
    assert json.loads(drawn().json)["version"] != version
    assert not page.exception
