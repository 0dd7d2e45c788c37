from __future__ import annotations

import pytest

from risk.uniqueness.sample import UniqueInSample


def test_the_share_of_people_in_classes_of_one(context_of):
    figures = UniqueInSample().evaluate(context_of({"q": list("abbcd")}, quasi=["q"])).figures
    assert figures["uniqueness", "sample"].value == pytest.approx(3 / 5)
