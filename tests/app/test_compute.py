import ast
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from microdata.dataset import content_digest

ROOT = Path(__file__).resolve().parents[2]
SCREEN = [ROOT / "app.py", *sorted((ROOT / "ui").rglob("*.py"))]
CACHES = {"cache_data", "cache_resource"}


def names_of(node):
    return [n.attr if isinstance(n, ast.Attribute) else n.id for n in ast.walk(node)
            if isinstance(n, ast.Attribute | ast.Name)]  # fmt: skip


def cached_functions():
    tree = ast.parse((ROOT / "ui" / "compute.py").read_text("utf-8"))
    return [
        (function, decorator)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        if CACHES & set(names_of(decorator))
    ]


@pytest.mark.parametrize("path", SCREEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_one_module_caches(path):
    tree = ast.parse(path.read_text("utf-8"))
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    used = CACHES & (set(names_of(tree)) | imported)
    assert not used or path == ROOT / "ui" / "compute.py"


@pytest.mark.parametrize("found", cached_functions(), ids=lambda found: found[0].name)
def test_a_cache_belongs_to_one_session_is_small_and_hashes_only_a_digest(found):
    function, decorator = found
    assert isinstance(decorator, ast.Call)
    options = {word.arg: word.value for word in decorator.keywords}
    assert isinstance(options["scope"], ast.Constant)
    assert options["scope"].value == "session"
    assert 1 <= options["max_entries"].value <= 32
    first, *rest = function.args.args
    assert first.arg == "key"
    assert rest
    assert all(argument.arg.startswith("_") for argument in rest)
    assert not function.args.kwonlyargs


def test_there_are_caches_to_read():
    assert len(cached_functions()) >= 5


def test_forgetting_clears_every_cache():
    source = (ROOT / "ui" / "compute.py").read_text("utf-8")
    clear = next(
        n for n in ast.walk(ast.parse(source))
        if isinstance(n, ast.FunctionDef) and n.name == "_clear"
    )  # fmt: skip
    assert {function.name for function, _ in cached_functions()} <= set(names_of(clear))


def test_one_edited_cell_changes_the_figures(inpatients):
    # A sampled hash of the frame once gave the figures of the table before the edit.
    dataset = inpatients.require_dataset()
    name = inpatients.roles.quasi_identifiers[0]
    codes = dataset.frame[name].cat.codes.to_numpy().copy()
    codes[0] = (codes[0] + 1) % len(dataset.frame[name].cat.categories)
    frame = dataset.frame.assign(
        **{name: pd.Categorical.from_codes(codes, dtype=dataset.frame[name].dtype)}
    )
    edited = replace(dataset, frame=frame, digest=content_digest(frame, dataset.columns))
    assert replace(inpatients, dataset=edited).source_key() != inpatients.source_key()
