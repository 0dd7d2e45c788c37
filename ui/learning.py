"""How far a learner has come: kept beside the data of the tab, and never mixed with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import streamlit as st

from ui.exercises import EXERCISES

_KEY = "learning"


@dataclass(frozen=True, kw_only=True)
class Learning:
    """
    Which exercise is open, what was predicted, and what has been revealed.

    Parameters
    ----------
    opened : str
        Id of an exercise.
    predicted : mapping of str to float
        The predicted share by exercise.
    revealed : frozenset of str
        The exercises whose figure was shown; only predicted ones are.
    """

    opened: str = EXERCISES[0].id
    predicted: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    revealed: frozenset[str] = frozenset()

    @property
    def done(self) -> int:
        """How many exercises were revealed."""
        return len(self.revealed)

    @property
    def following(self) -> str | None:
        """The next exercise that is not done, from the open one on and then from the start."""
        names = [exercise.id for exercise in EXERCISES]
        place = names.index(self.opened)
        rest = [*names[place + 1 :], *names[:place]]
        return next((name for name in rest if name not in self.revealed), None)

    def opening(self, exercise: str) -> Learning:
        """Open another exercise."""
        return replace(self, opened=exercise)

    def predicting(self, exercise: str, share: float) -> Learning:
        """Predict; once the figure was revealed a prediction stays as it is."""
        if exercise in self.revealed:
            return self
        return replace(self, predicted=MappingProxyType({**self.predicted, exercise: share}))

    def revealing(self, exercise: str) -> Learning:
        """Reveal the figure of an exercise that was predicted; of another one nothing."""
        if exercise not in self.predicted:
            return self
        return replace(self, revealed=self.revealed | {exercise})

    def again(self, exercise: str) -> Learning:
        """Forget what was predicted of one exercise."""
        kept = {name: share for name, share in self.predicted.items() if name != exercise}
        return replace(self, predicted=MappingProxyType(kept), revealed=self.revealed - {exercise})


def current() -> Learning:
    """Return how far the learner of this tab has come."""
    learning: Learning = st.session_state.setdefault(_KEY, Learning())
    return learning


def put(learning: Learning) -> None:
    """Replace how far the learner of this tab has come."""
    st.session_state[_KEY] = learning
