"""The house: which package may import which, and that the README says what is there."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = {
    "microdata": set(),
    "risk": {"microdata"},
    "utility": {"microdata"},
    "transforms": {"microdata", "risk", "utility"},
    "reports": {"microdata", "risk", "utility", "transforms"},
    "ui": {"microdata", "risk", "utility", "transforms", "reports", "demo_data"},
}
OURS = {*ALLOWED, "app", "cli", "demo_data"}
MODULES = sorted(p for package in ALLOWED for p in (ROOT / package).rglob("*.py"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path):
    package = path.relative_to(ROOT).parts[0]
    for name in imported(path):
        top = name.split(".")[0]
        if top in OURS and top != package:
            assert top in ALLOWED[package], f"{package} must not import {name}"
        if package != "ui":
            assert top != "streamlit", "nothing below ui imports streamlit"


def test_the_walk_found_the_packages():
    assert {p.relative_to(ROOT).parts[0] for p in MODULES} == set(ALLOWED)


def readme_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    return re.findall(
        r"^    (make \w+|privascope \w+|python -m [\w.]+|streamlit run \S+)", text, re.MULTILINE
    )


def test_the_readme_shows_the_two_commands():
    assert {"make run", "make test"} <= set(readme_commands())


@pytest.mark.parametrize("command", sorted(set(readme_commands())) or ["none"])
def test_every_command_of_the_readme_exists(command):
    tool, *rest = command.split()
    if tool == "make":
        assert re.search(rf"^{rest[0]}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    elif tool == "privascope":
        run = subprocess.run(
            [sys.executable, "-m", "cli", rest[0], "--help"],
            cwd=ROOT,
            capture_output=True,
            check=False,
            text=True,
        )
        assert run.returncode == 0, run.stderr
    elif tool == "python":
        module = rest[1].replace(".", "/")
        assert (ROOT / f"{module}.py").exists() or (ROOT / module / "__main__.py").exists()
    else:
        assert (ROOT / rest[1]).exists()


def test_the_readme_names_every_folder_of_the_layout():
    text = (ROOT / "README.md").read_text("utf-8")
    for folder in (*ALLOWED, "demo_data", "benchmarks", "tests"):
        assert f"`{folder}/`" in text


def test_the_lock_names_no_index_and_has_a_hash_for_every_package():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "http" not in lock
    assert "index-url" not in lock
    pinned = re.findall(r"^[a-zA-Z0-9_.-]+==", lock, re.MULTILINE)
    assert len(pinned) > 50
    blocks = re.split(r"^(?=[a-zA-Z0-9_.-]+==)", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    for peer in ("pycanon", "anjana"):
        assert re.search(rf"^{peer}==\S+ ; python_full_version < '3.13'", lock, re.MULTILINE)
