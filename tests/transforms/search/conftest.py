"""Small tables whose whole lattice a slow twin can look at."""

import contextlib
import itertools
import math
from collections import Counter, defaultdict

import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.hierarchy import Hierarchy
from microdata.readers import dataset_from_frame
from microdata.roles import Role, Roles
from risk.models import parse_model
from transforms.search import SearchProblem, lattice, parse_measure
from transforms.search import nodes as search_nodes


class Slow:
    """Appendix A's definitions row by row, over the labels of a table with hierarchies."""

    def __init__(self, columns, hierarchies, sensitive=None, person=None):
        self.columns, self.rows = columns, hierarchies
        self.names = list(hierarchies)
        self.n = len(columns[self.names[0]])
        self.sensitive = None if sensitive is None else columns[sensitive]
        self.person = None if person is None else columns[person]
        self.heights = {name: len(hierarchies[name][0]) - 1 for name in self.names}

    def nodes(self):
        return itertools.product(*(range(self.heights[name] + 1) for name in self.names))

    def label(self, name, value, level):
        return next(row[level] for row in self.rows[name] if row[0] == value)

    def released(self, node):
        labels = [
            [self.label(name, value, level) for value in self.columns[name]]
            for name, level in zip(self.names, node, strict=True)
        ]
        return list(zip(*labels, strict=True))

    def leaves(self, name, label, level):
        return sum(row[level] == label for row in self.rows[name])

    def suppressed(self, node, holds):
        """Which rows are left out: those of a class that does not hold."""
        released = self.released(node)
        classes = defaultdict(list)
        for i, key in enumerate(released):
            classes[key].append(i)
        out = set()
        for members in classes.values():
            values = [self.sensitive[i] for i in members] if self.sensitive else []
            people = {self.person[i] for i in members} if self.person else members
            if not holds(len(people), values):
                out |= set(members)
        return out

    def score(self, node, out, name, *, aggregate="geometric", gs=0.5, weights=None):
        released, n = self.released(node), self.n
        sizes = Counter(released)
        kept = [key for i, key in enumerate(released) if i not in out]
        if name == "height":
            return float(sum(node))
        if name == "discernibility":
            return float(sum(sizes[key] for key in kept) + len(out) * n)
        if name == "discernibility-monotonic":
            return float(sum(size**2 for size in sizes.values()))
        if name == "average-class-size":
            return n / (len(set(kept)) + bool(out))
        if name == "ambiguity":
            every = math.prod(len(self.rows[q]) for q in self.names)
            total = len(out) * every
            for key in kept:
                total += math.prod(
                    self.leaves(q, label, level)
                    for q, label, level in zip(self.names, key, node, strict=True)
                )
            return float(total)
        given = weights or {}
        largest = max(given.get(q, 0.5) for q in self.names)
        values = [
            self.column(i, node[i], released, out, name=name, gs=gs)
            * given.get(self.names[i], 0.5)
            / largest
            for i in range(len(node))
        ]
        if name.startswith("precision"):
            return sum(values) / len(values)
        if name.startswith("entropy"):
            return sum(values)
        return {
            "geometric": lambda: math.prod(v + 1 for v in values) ** (1 / len(values)) - 1,
            "rank": lambda: tuple(sorted(values, reverse=True)),
            "max": lambda: max(values),
            "sum": lambda: sum(values),
            "arithmetic": lambda: sum(values) / len(values),
        }[aggregate]()

    def column(self, i, level, released, out, *, name, gs):
        q, n = self.names[i], self.n
        if name.startswith("precision"):
            share = level / max(1, self.heights[q])
            lost = len(out) if name == "precision" else 0
            return ((n - lost) * share + lost) / n
        if name == "loss":
            size = len(self.rows[q])
            left_out = 2 * gs if gs < 0.5 else 1
            generalized = 1 if gs <= 0.5 else 1 - 2 * (gs - 0.5)
            raw = 0.0
            for row, key in enumerate(released):
                share = self.leaves(q, key[i], level) / size
                raw += share + left_out * (1 - share) if row in out else generalized * share
            low = generalized * n / size
            if n - low <= 0:
                return 0.0
            return math.floor(max(0.0, (raw - low) / (n - low)) * 1e10) / 1e10
        counts = Counter(self.columns[q])
        group = defaultdict(int)
        for value, number in counts.items():
            group[self.label(q, value, level)] += number
        bits = sum(
            c * math.log2(group[self.label(q, value, level)] / c) for value, c in counts.items()
        )
        if name != "entropy-monotonic":
            lost = Counter(released[row][i] for row in out)
            bits += sum(c * math.log2(len(out) / c) for c in lost.values())
        if name == "entropy-normalised":
            most = sum(c * math.log2(n / c) for c in counts.values())
            return bits / most if most else 0.0
        return bits

    def best(self, limit, holds, *measure, **more):
        """Look at every node; None where no one is admissible."""
        found = []
        for node in self.nodes():
            out = self.suppressed(node, holds)
            if len(out) <= math.floor(limit * self.n + 1e-9) and len(out) < self.n:
                found.append(self.score(node, out, *measure, **more))
        return min(found, default=None)


@pytest.fixture(scope="session")
def slow():
    return Slow


@pytest.fixture(scope="session")
def ask():
    """A table as the search reads it, and the request."""

    def _ask(columns, hierarchies, require, limit, minimize, *, sensitive=(), person=None, **more):
        dataset = dataset_from_frame(pd.DataFrame(columns, dtype="object"), "table")
        made = {name: Hierarchy.from_rows(name, rows) for name, rows in hierarchies.items()}
        roles = Roles(
            by_column=dict.fromkeys(hierarchies, Role.QUASI_IDENTIFIER)
            | dict.fromkeys(sensitive, Role.SENSITIVE)
            | ({} if person is None else {person: Role.PERSON})
        )
        problem = SearchProblem(
            roles=roles,
            models=tuple(parse_model(text) for text in require),
            suppression_limit=limit,
            measure=parse_measure(minimize),
            **more,
        )
        return problem, encode(dataset, made)

    return _ask


@pytest.fixture(scope="session")
def monkeypatch_limit():
    """Another number of nodes up to which a lattice is listed, for a while."""

    @contextlib.contextmanager
    def _limit(nodes):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lattice, "MAX_LISTED", nodes)
            patch.setattr(search_nodes, "MAX_LISTED", nodes)
            yield

    return _limit
