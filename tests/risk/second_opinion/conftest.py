from __future__ import annotations

import importlib.util

import pytest

from risk.second_opinion.child import answer
from risk.second_opinion.comparison import Comparison
from risk.second_opinion.question import questions, table


@pytest.fixture(scope="session")
def opinion_here():
    """Give the second opinion in the tests' own process, without the seconds of another one."""
    if importlib.util.find_spec("pycanon") is None:
        pytest.skip("pycanon is not installed")

    def compare(context):
        codes = table(context).astype("<i4")
        shape = {"columns": codes.shape[0], "records": codes.shape[1]}
        shape["quasi"] = max(1, len(context.classes.columns))
        compared = []
        for question in questions(context):
            if question.hindrance:
                compared.append(Comparison.impossible(question, question.hindrance))
                continue
            told = answer(codes.tobytes(), shape, vars(question))
            assert "error" not in told, (question, told)
            compared.append(Comparison.of(question, told["value"]))
        return {".".join(c.figure): c for c in compared}

    return compare
