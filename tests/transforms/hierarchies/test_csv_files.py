from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from transforms.hierarchies import csv_files
from transforms.hierarchies.csv_files import (
    column_of_file,
    read_hierarchies,
    read_hierarchy,
    to_csv,
    unmatched_files,
)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_delimiter_is_found_and_blank_lines_are_skipped(delimiter, end):
    lines = ["1", "0-4", "*"], ["2", "0-4", "*"], ["7", "5-9", "*"]
    text = end.join(["", delimiter.join(lines[0]), "", *map(delimiter.join, lines[1:]), "", ""])
    hierarchy = read_hierarchy(text.encode(), "age")
    assert hierarchy.rows() == [tuple(line) for line in lines]


def test_commas_inside_semicolon_files_are_text():
    raw = b"Doe, J;a, b;*\nRoe, R;a, b;*\n"
    assert read_hierarchy(raw, "name").rows()[0] == ("Doe, J", "a, b", "*")


def test_quotation_marks_hold_delimiters_and_line_ends():
    raw = b'"a;b";"x\ny";*\nc;"x\ny";*\n'
    assert read_hierarchy(raw, "q").rows() == [("a;b", "x\ny", "*"), ("c", "x\ny", "*")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_encodings(encoding):
    raw = "Zürich;Süd;*\nGenève;Süd;*\n".encode(encoding)
    assert read_hierarchy(raw, "city").leaves == ("Zürich", "Genève")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"\n\n;;\n", "empty"),
        (b"a;x;*\nb;*\n", "1 of 2 rows"),
        (b"a;x;*\na;x;*\n", "more than one row"),
        (
            b"a;x;1\nb;x;2\nc;y;2\n",
            "not a function from level 1 to level 2: 1 labels .* concerns 2 values",
        ),
        (b"a;x\0;*\n", "UTF-8"),
        ("a;x;*\n".encode("utf-16"), "UTF-8"),
        (b";".join(b"x" for _ in range(99)), "more than 64 levels"),
        (b'a;"' + b"x" * 20_000 + b'";*', "quotation marks"),
    ],
)
def test_what_is_wrong_is_told_without_a_value(raw, words):
    with pytest.raises(PrivacyToolError, match=words) as error:
        read_hierarchy(raw, "secret column")
    assert "secret column" in str(error.value)


def test_caps(monkeypatch):
    monkeypatch.setattr(csv_files, "MAX_ROWS", 2)
    with pytest.raises(PrivacyToolError, match="more than 2 rows"):
        read_hierarchy(b"a;*\nb;*\nc;*\n", "q")
    monkeypatch.setattr(csv_files, "MAX_BYTES", 3)
    with pytest.raises(PrivacyToolError, match="limit of 3"):
        read_hierarchy(b"a;*\n", "q")


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(values=st.lists(texts, min_size=1, max_size=6, unique=True), label=texts)
def test_what_is_written_is_read_again(values, label):
    hierarchy = Hierarchy.from_rows("q", [(value, label, "*") for value in values])
    again = read_hierarchy(to_csv(hierarchy), "q")
    assert again.rows() == hierarchy.rows()
    assert again.digest == hierarchy.digest


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("age.csv", "age"),
        ("AGE.csv", None),
        ("age.CSV", "age"),
        ("age.txt", "age"),
        ("adult_hierarchy_age.csv", "age"),
        ("adult_hierarchy_native-country.csv", "native-country"),
        ("country.csv", "country"),
        ("x_hierarchy_a_hierarchy_b.csv", "a_hierarchy_b"),
        ("hierarchy_age.csv", None),
        ("age.xlsx", None),
        ("a<b>,c.csv", "a<b>,c"),
        ("cafe\u0301.csv", "caf\u00e9"),
    ],
)
def test_which_column_a_file_belongs_to(name, expected):
    columns = ["age", "b", "a_hierarchy_b", "country", "native-country", "a<b>,c", "caf\u00e9"]
    assert column_of_file(name, columns) == expected


def test_a_folder_is_read_and_what_fits_no_column_is_told(tmp_path):
    (tmp_path / "age.csv").write_bytes(b"1;*\n2;*\n")
    (tmp_path / "x_hierarchy_sex.csv").write_bytes(b"f;*\nm;*\n")
    (tmp_path / "data.csv").write_bytes(b"age;sex\n1;f\n")
    (tmp_path / "README.md").write_bytes(b"hello")
    found = read_hierarchies(tmp_path, ["sex", "age", "zip"])
    assert list(found) == ["sex", "age"]
    assert found["age"].column == "age"
    issues = unmatched_files(tmp_path, ["sex", "age"])
    assert len(issues) == 1
    assert "'data.csv'" in issues[0].message
    assert str(tmp_path) not in issues[0].message


def test_folders_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(PrivacyToolError, match="does not exist"):
        read_hierarchies(tmp_path / "nowhere", ["age"])
    with pytest.raises(PrivacyToolError, match="No file"):
        read_hierarchies(tmp_path, ["age"])
    (tmp_path / "age.csv").write_bytes(b"1;*\n")
    (tmp_path / "x_hierarchy_age.csv").write_bytes(b"1;*\n")
    with pytest.raises(PrivacyToolError, match="both the hierarchy"):
        read_hierarchies(tmp_path, ["age"])


def test_adult_is_read(adult_folder):
    names = ["age", "sex", "native-country", "salary-class"]
    found = read_hierarchies(adult_folder, names)
    assert list(found) == names
    assert (found["age"].height, len(found["age"].leaves)) == (4, 100)
