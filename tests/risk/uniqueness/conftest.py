from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from risk.uniqueness.size_histogram import SizeHistogram

GOLDEN = Path(__file__).resolve().parents[2] / "golden/adult.json"


@pytest.fixture(scope="session")
def adult_facts():
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def adult_histogram(adult_facts):
    """Build the class sizes of Adult: "nine", "five" or one of the inputs."""

    def build(name):
        fact = adult_facts["inputs"].get(name) or adult_facts[name]
        return SizeHistogram.from_counts({int(i): c for i, c in fact["class_sizes"].items()})

    return build


@pytest.fixture(scope="session")
def sample_of():
    """Draw a sample without replacement from classes: (its histogram, its sizes by class)."""

    def draw(sizes, people, seed):
        rng = np.random.default_rng(seed)
        kept = rng.multivariate_hypergeometric(sizes, people, method="marginals")
        return SizeHistogram.of(kept[kept > 0]), kept

    return draw


def skewed_population(seed, people, cells, skew):
    """Return class sizes whose cells have log-normal weights."""
    rng = np.random.default_rng(seed)
    weights = rng.lognormal(0, skew, cells)
    sizes = rng.multinomial(people, weights / weights.sum())
    return sizes[sizes > 0]


@pytest.fixture(scope="session")
def populations():
    """Hold known populations, from hardly unique to highly unique."""
    return {
        "crowded": skewed_population(1, 40_000, 3_000, 1.5),
        "mixed": skewed_population(2, 40_000, 30_000, 2.0),
        "sparse": skewed_population(3, 40_000, 300_000, 2.0),
    }
