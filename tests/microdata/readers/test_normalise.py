from __future__ import annotations

import pytest

from microdata.dataset import ColumnKind
from microdata.errors import PrivacyToolError


def rows(dataset, name):
    values = dataset.values(name)
    return [None if code < 0 else values[code] for code in dataset.codes(name)]


def issues(dataset, code):
    return [issue for issue in dataset.issues if issue.code == code]


def column(read_here, *values, name="a", **options):
    dataset = read_here("\n".join([f"{name},other", *(f'"{v}",x' for v in values)]), **options)
    return dataset, dataset.column(dataset.column_names[0])


@pytest.mark.parametrize(
    ("values", "kind", "order"),
    [
        (["10", "9", "-1", "+2"], ColumnKind.INTEGER, ("-1", "+2", "9", "10")),
        (["10", "9.5", ".5", "1e2"], ColumnKind.DECIMAL, (".5", "9.5", "10", "1e2")),
        (["1,5", "10,25", "2"], ColumnKind.DECIMAL, ("1,5", "2", "10,25")),
        (["1,234", "2,500"], ColumnKind.TEXT, ("1,234", "2,500")),
        (["01234", "90210"], ColumnKind.CODE, ("01234", "90210")),
        (["12345678", "99345678"], ColumnKind.CODE, ("12345678", "99345678")),
        (["1" * 400, "2"], ColumnKind.CODE, ("1" * 400, "2")),
        (["1e999", "2.5"], ColumnKind.TEXT, ("1e999", "2.5")),
        (["0", "10", "9"], ColumnKind.INTEGER, ("0", "9", "10")),
        (["b", "a", "B"], ColumnKind.TEXT, ("B", "a", "b")),
        (["é", "z", "中"], ColumnKind.TEXT, ("z", "é", "中")),
        (["2021-03-04", "1999-12-31"], ColumnKind.DATE, ("1999-12-31", "2021-03-04")),
        (["4.3.2021", "31.12.1999"], ColumnKind.DATE, ("31.12.1999", "4.3.2021")),
        (["20210304", "19991231"], ColumnKind.DATE, ("19991231", "20210304")),
        (["20210304", "20211331"], ColumnKind.CODE, ("20210304", "20211331")),
        (["2021-02-30", "2021-01-01"], ColumnKind.TEXT, ("2021-01-01", "2021-02-30")),
        (["same", "same"], ColumnKind.TEXT, ("same",)),
    ],
)
def test_the_distinct_values_decide_kind_and_order(read_here, values, kind, order):
    dataset, understood = column(read_here, *values)
    assert understood.kind is kind
    assert dataset.values("a") == order
    assert rows(dataset, "a") == values


def test_a_postcode_without_leading_zero_stays_text_by_its_name(read_here):
    assert column(read_here, "90210", "10001", name="ZIP")[1].kind is ColumnKind.CODE
    assert column(read_here, "90210", "10001", name="steps")[1].kind is ColumnKind.INTEGER


def test_the_user_can_flip_codes_and_numbers(read_here):
    assert column(read_here, "01", "02", number_columns=("a",))[1].kind is ColumnKind.INTEGER
    assert column(read_here, "1", "2", text_columns=("a",))[1].kind is ColumnKind.CODE
    assert column(read_here, "x", "2", text_columns=("a",))[1].kind is ColumnKind.TEXT


def test_a_number_column_that_holds_text_is_told(read_here):
    dataset, understood = column(read_here, "x", "y", "2", number_columns=("a",))
    assert understood.kind is ColumnKind.TEXT
    assert issues(dataset, "not-all-numbers")[0].count == 2


def test_options_that_name_no_column_or_both_kinds_are_refused(read_here):
    with pytest.raises(PrivacyToolError, match="'b', which the table does not have"):
        column(read_here, "1", text_columns=("b",))
    with pytest.raises(PrivacyToolError, match="Keep one"):
        column(read_here, "1", text_columns=("a",), number_columns=("a",))
    with pytest.raises(PrivacyToolError, match="decimal mark"):
        column(read_here, "1", decimal="'")


def test_day_and_month_that_could_be_swapped_are_told(read_here):
    dataset, understood = column(read_here, "01/02/2020", "03/04/2020")
    assert understood.kind is ColumnKind.DATE
    assert issues(dataset, "ambiguous-dates")
    assert not issues(column(read_here, "01/02/2020", "13/04/2020")[0], "ambiguous-dates")
    dataset, _ = column(read_here, "12/31/2019", "01/02/2020", "01/01/2019")
    assert dataset.values("a") == ("01/01/2019", "12/31/2019", "01/02/2020")
    assert not issues(dataset, "ambiguous-dates")


def test_blanks_around_values_are_stripped_and_values_merged(read_here):
    dataset, _ = column(read_here, " x", "x ", "x", "  ")
    assert rows(dataset, "a") == ["x", "x", "x", None]


@pytest.mark.parametrize("marker", ["?", "NA", "N/A", "NULL", ".", "-", "nan"])
def test_a_marker_that_is_seen_means_missing_and_is_told(read_here, marker):
    dataset, understood = column(read_here, "1", marker, "2", marker)
    assert rows(dataset, "a") == ["1", None, "2", None]
    assert understood.kind is ColumnKind.INTEGER
    assert dataset.read.missing == (marker,)
    assert issues(dataset, "missing-marker")[0].count == 2


def test_given_markers_replace_the_guess(read_here):
    dataset, _ = column(read_here, "?", "-99", "", missing=("-99",))
    assert rows(dataset, "a") == ["?", None, None]
    assert rows(column(read_here, "?", "", missing=())[0], "a") == ["?", None]


def test_a_number_that_may_mean_missing_is_kept_and_told(read_here):
    dataset, _ = column(read_here, "1", "5", "-99")
    assert rows(dataset, "a") == ["1", "5", "-99"]
    assert issues(dataset, "missing-hint")
    assert not issues(column(read_here, "-100", "5", "-99")[0], "missing-hint")


def test_a_column_without_values_is_empty(read_here):
    dataset, understood = column(read_here, "", " ", "")
    assert understood.kind is ColumnKind.EMPTY
    assert dataset.values("a") == ()
    assert rows(dataset, "a") == [None] * 3


def test_free_text_is_told_as_not_assessed(read_here):
    notes = [f"Patient number {i} came in the morning and felt unwell" for i in range(5)]
    dataset, understood = column(read_here, *notes)
    assert understood.kind is ColumnKind.FREE_TEXT
    assert "not assessed" in issues(dataset, "free-text")[0].message
    assert column(read_here, *notes[:1] * 9)[1].kind is ColumnKind.TEXT


def test_headers_are_repaired_and_the_original_is_kept(read_here):
    dataset = read_here('a,,a,"x\ny", b ,a (2),a\n1,2,3,4,5,6,7\n')
    assert dataset.column_names == ("a", "column 2", "a (3)", "x y", "b", "a (2)", "a (4)")
    assert [c.original_name for c in dataset.columns][:5] == ["a", "", "a", "x\ny", " b "]
    assert issues(dataset, "blank-header")[0].count == 1
    assert issues(dataset, "duplicate-header")[0].count == 2


def test_control_and_direction_characters_leave_a_header_and_long_ones_are_cut(read_here):
    dataset = read_here(f"a\u202eb\u200b\x1b,{'n' * 500},{'n' * 500}\n1,2,3\n")
    assert dataset.column_names[0] == "ab"
    assert [len(name) for name in dataset.column_names] == [2, 200, 200]
    assert len(set(dataset.column_names)) == 3


def test_a_header_of_numbers_is_told(read_here):
    assert issues(read_here("1,2\n3,4\n"), "header-looks-like-data")


def test_repeated_rows_are_counted(read_here):
    dataset = read_here("a,b\n1,x\n1,x\n1,y\n1,x\n,\n,\n")
    assert issues(dataset, "duplicate-rows")[0].count == 3
    assert not issues(read_here("a,b\n1,2\n2,1\n"), "duplicate-rows")


def test_no_issue_holds_a_cell_value(read_here):
    value = "Zanzibar77"
    dataset = read_here(f"a,b\n{value},1\n,?\n{value},x\n01,{value} is a long story to be told\n")
    assert dataset.issues
    assert not any(value in issue.message for issue in dataset.issues)


def test_the_options_that_were_used_read_the_same_again(read_here):
    raw = "Größe;b\n1,5;?\n2,25;x\n"
    first = read_here(raw.encode("latin_1"))
    used = first.read.to_json()
    again = read_here(
        raw.encode("latin_1"),
        **{k: tuple(v) if isinstance(v, list) else v for k, v in used.items()},
    )
    assert (first.read.decimal, first.read.delimiter, first.read.missing) == (",", ";", ("?",))
    assert again.digest == first.digest
    assert again.read == first.read
