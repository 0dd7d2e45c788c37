from hypothesis import given
from hypothesis import strategies as st

from ui.exercises import EXERCISES
from ui.learning import Learning

NAMES = [exercise.id for exercise in EXERCISES]


def test_nothing_is_revealed_before_it_was_predicted():
    assert Learning().revealing("linkage") == Learning()


def test_a_revealed_prediction_stays_as_it_is():
    learnt = Learning().predicting("linkage", 0.2).predicting("linkage", 0.3).revealing("linkage")
    assert learnt.predicting("linkage", 0.9) == learnt
    assert learnt.predicted == {"linkage": 0.3}
    assert learnt.done == 1


def test_predicting_again_forgets_one_exercise_only():
    learnt = Learning()
    for name in NAMES[:2]:
        learnt = learnt.predicting(name, 0.2).revealing(name)
    again = learnt.again(NAMES[0])
    assert (again.done, set(again.predicted)) == (1, {NAMES[1]})


def test_the_next_exercise_is_the_first_that_is_not_done_from_the_open_one_on():
    learnt = Learning().opening(NAMES[3]).predicting(NAMES[4], 0).revealing(NAMES[4])
    assert learnt.following == NAMES[0]
    for name in NAMES:
        learnt = learnt.predicting(name, 0).revealing(name)
    assert learnt.following is None


moves = st.lists(
    st.tuples(
        st.sampled_from(["opening", "predicting", "revealing", "again"]), st.sampled_from(NAMES)
    ),
    max_size=20,
)


@given(moves)
def test_whatever_is_done_only_predicted_exercises_are_revealed(done):
    learnt = Learning()
    for move, name in done:
        learnt = getattr(learnt, move)(name, *([0.5] if move == "predicting" else []))
    assert learnt.revealed <= set(learnt.predicted) <= set(NAMES)
    assert learnt.following not in learnt.revealed
    assert learnt.opened in NAMES
