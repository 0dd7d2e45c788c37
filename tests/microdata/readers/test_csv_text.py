from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdata.dataset import ColumnKind
from microdata.errors import PrivacyToolError
from microdata.readers import Limits


def rows(dataset, name):
    values = dataset.values(name)
    return [None if code < 0 else values[code] for code in dataset.codes(name)]


def issue_codes(dataset):
    return {issue.code: issue.count for issue in dataset.issues}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_gives_each_record_as_many_fields(read_here, delimiter):
    other = "," if delimiter != "," else ";"
    text = "\n".join(
        delimiter.join(fields)
        for fields in [["a", "b", "c"], [f"x{other}y", "1", "p"], ["z", "2", f"q{other}{other}"]]
    )
    dataset = read_here(text)
    assert dataset.read.delimiter == delimiter
    assert rows(dataset, "a") == [f"x{other}y", "z"]


def test_delimiters_inside_quotes_do_not_count(read_here):
    dataset = read_here('name;place\n"a;b";"x, y"\n"c;d";"z, w"\n')
    assert dataset.read.delimiter == ";"
    assert rows(dataset, "name") == ["a;b", "c;d"]


def test_a_given_delimiter_is_used(read_here):
    assert read_here("a;b,c\n1;2,3\n", delimiter=",").column_names == ("a;b", "c")


def test_excels_delimiter_line_is_understood(read_here):
    dataset = read_here("sep=;\r\na;b\r\n1;2\r\n")
    assert dataset.column_names == ("a", "b")
    assert dataset.records == 1


@pytest.mark.parametrize("delimiter", ["", ";;", ';"', '"', "\n", "§"])
def test_an_impossible_delimiter_is_refused(read_here, delimiter):
    with pytest.raises(PrivacyToolError, match="one character"):
        read_here("a,b\n1,2\n", delimiter=delimiter)


def test_a_single_column_is_read_and_told(read_here):
    dataset = read_here("age\n39\n50\n")
    assert rows(dataset, "age") == ["39", "50"]
    assert "single-column" in issue_codes(dataset)


def test_an_empty_line_of_a_single_column_is_a_person_without_a_value(read_here):
    assert rows(read_here("age\n39\n\n50\n"), "age") == ["39", None, "50"]


def test_blank_lines_are_skipped_and_counted(read_here):
    dataset = read_here("a,b\n1,2\n\n3,4\n\n\n")
    assert dataset.records == 2
    assert issue_codes(dataset)["blank-lines"] == 3


def test_a_few_ragged_lines_are_left_out_and_counted(read_here):
    dataset = read_here("a,b\n" + "1,2\n" * 30 + "1,2,3\n" + "4\n")
    assert dataset.records == 30
    assert issue_codes(dataset)["ragged-rows"] == 2


def test_many_ragged_lines_are_refused_with_their_count(read_here):
    with pytest.raises(PrivacyToolError, match="10 of 11 lines"):
        read_here("a,b\n1,2\n" + "1,2,3\n" * 10, delimiter=",")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_understood(read_here, end):
    dataset = read_here(end.join(["a,b", "1,x", "2,y", ""]))
    assert rows(dataset, "a") == ["1", "2"]
    assert rows(dataset, "b") == ["x", "y"]


def test_line_breaks_delimiters_and_quotes_may_stand_inside_quotes(read_here):
    dataset = read_here('a,"b\nc"\r\n"1\r\n2","say ""x"", y"\r\n3,4\r\n')
    assert dataset.column_names == ("a", "b c")
    assert rows(dataset, "a") == ["1\r\n2", "3"]
    assert rows(dataset, "b c") == ['say "x", y', "4"]


@pytest.mark.parametrize("text", ["a\n" + '"open\n' + "x\n" * 100, 'a,b\nx,1\ny,"2\nz,3\n'])
def test_a_quotation_mark_left_open_is_refused_because_records_would_be_lost(read_here, text):
    with pytest.raises(PrivacyToolError, match=r"quotation mark"):
        read_here(text)


def test_values_of_several_lines_are_told(read_here):
    dataset = read_here('a,b\n"1\n2",x\n"3\n4",y\n5,z\n')
    assert issue_codes(dataset)["line-breaks-in-values"] == 2


def test_a_single_quotation_mark_inside_a_value_is_a_character(read_here):
    assert rows(read_here('a,b\n5" pipe,1\nrod,2\n'), "a") == ['5" pipe', "rod"]


def test_the_blocks_of_a_large_file_share_their_values(read_here):
    # Three blocks, each with values of its own in another order.
    lines = [f"{'abc'[i // 400_000]}{i % 7},{'x' * 10}" for i in range(1_200_000)]
    dataset = read_here("a,b\n" + "\n".join(lines) + "\n")
    assert dataset.records == 1_200_000
    assert dataset.values("a") == tuple(f"{letter}{i}" for letter in "abc" for i in range(7))
    for row in (0, 399_999, 400_000, 1_199_999):
        assert dataset.values("a")[dataset.codes("a")[row]] == lines[row].split(",")[0]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Größe,naïve\nJosé,Łódź\n"),
        ("utf-8-sig", "Größe,naïve\nJosé,Łódź\n"),
        ("utf-16", "Größe,naïve\nJosé,Łódź\n"),
        ("utf-16-le", "name,place\nJosé,Paris and more\n"),
        ("latin_1", "prénom,ville\nJosé,Orléans\nZoé,Besançon\nHélène,Nîmes\nFrançois,Angoulême\n"),
        ("utf-8", "الاسم,المدينة\nأحمد,القاهرة\n"),
        ("utf-8", "姓名,城市\n王伟,北京\n"),
        ("gb18030", "姓名,城市\n王伟,北京\n李娜,上海\n张敏,广州\n刘洋,深圳\n陈静,成都\n"),
        ("cp1251", "имя,город\nИван,Москва\nАнна,Казань\nОльга,Самара\nПётр,Тверь\n"),
    ],
)
def test_the_encoding_is_guessed(read_here, encoding, text):
    dataset = read_here(text.encode(encoding))
    header, *records = [line.split(",") for line in text.splitlines()]
    assert dataset.column_names == tuple(header)
    assert rows(dataset, header[0]) == [record[0] for record in records]
    told = "encoding-guessed" in issue_codes(dataset)
    assert told == (encoding in {"latin_1", "gb18030", "cp1251"})


def test_a_given_encoding_must_fit(read_here):
    with pytest.raises(PrivacyToolError, match="does not fit"):
        read_here("é,b\n1,2\n".encode("latin_1"), encoding="utf-8")
    with pytest.raises(PrivacyToolError, match="not known"):
        read_here("a,b\n1,2\n", encoding="klingon")


def test_nul_bytes_are_left_out_and_told(read_here):
    dataset = read_here(b"name,b\nsome\0one,xxxxxxxxxxxxxxxxxxxxxxxxxx\n")
    assert rows(dataset, "name") == ["someone"]
    assert issue_codes(dataset)["nul-bytes"] == 1


def test_binary_data_is_refused(read_here):
    with pytest.raises(PrivacyToolError, match="not a text table"):
        read_here(bytes([1, 0, 0, 0, 200, 0, 0, 0]) * 40)


@pytest.mark.parametrize("text", ["a,b\n", "a,b", "a,b\r\n\r\n", "a\n"])
def test_a_header_without_records_is_refused(read_here, text):
    with pytest.raises(PrivacyToolError, match="no records"):
        read_here(text)


def test_a_file_without_header_is_refused(read_here):
    with pytest.raises(PrivacyToolError, match="no header"):
        read_here(",,\n")


def test_two_million_columns_are_refused_from_the_header_line(read_here):
    raw = b",".join(b"c%d" % i for i in range(2_000_000)) + b"\n" + b"1," * 1_999_999 + b"1\n"
    with pytest.raises(PrivacyToolError, match="2,000,000 columns, more than the limit of 2,000"):
        read_here(raw)


def test_three_hundred_columns_are_read(read_here):
    names = [f"c{i}" for i in range(300)]
    dataset = read_here(",".join(names) + "\n" + ",".join(map(str, range(300))) + "\n")
    assert dataset.column_names == tuple(names)
    assert rows(dataset, "c299") == ["299"]


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(max_rows=2), "3 rows, more than the limit of 2"),
        (Limits(max_columns=1), "2 columns, more than the limit of 1"),
        (Limits(max_cells=5), "6 cells, more than the limit of 5"),
    ],
)
def test_caps_hold(read_here, limits, message):
    with pytest.raises(PrivacyToolError, match=message):
        read_here("a,b\n1,2\n3,4\n5,6\n", limits=limits)


def test_formulas_and_html_stay_text(read_here):
    dataset = read_here("<b>x</b>,b\n=1+1,<img src=x>\n@cmd,+49\n")
    assert dataset.column_names == ("<b>x</b>", "b")
    assert rows(dataset, "<b>x</b>") == ["=1+1", "@cmd"]
    assert rows(dataset, "b") == ["<img src=x>", "+49"]


def test_a_value_longer_than_a_block_is_read(read_here, monkeypatch):
    monkeypatch.setattr("microdata.readers.csv_text._BLOCK_BYTES", 1 << 10)
    long = "x" * (1 << 14)
    dataset = read_here(f"a,b\nw,1\n{long},1\ny,2\n" + "z,3\n" * 1000)
    assert dataset.values("a") == ("w", long, "y", "z")
    assert dataset.records == 1003


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=1, max_size=80))
def test_any_bytes_are_read_or_refused_in_words(read_here, raw):
    with contextlib.suppress(PrivacyToolError):
        assert read_here(raw).records > 0


CELL = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\ufeff"), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=12))
def test_whatever_is_written_is_read_back(read_here, records):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerows([("first", "second"), *records])
    dataset = read_here(buffer.getvalue(), delimiter=",", encoding="utf-8", missing=())
    for position, name in enumerate(("first", "second")):
        # Blanks around a value are stripped; what is then empty is missing.
        written = [record[position].strip() or None for record in records]
        read = [None if v is None else v.strip() or None for v in rows(dataset, name)]
        assert read == written


def test_kinds_are_not_decided_by_the_first_rows_alone(read_here):
    dataset = read_here("a,b\n" + "1,x\n" * 100 + "n,x\n")
    assert dataset.column("a").kind is ColumnKind.TEXT
    assert issue_codes(dataset)["not-all-numbers"] == 1
