from reports.document.metric_tables import metric_sections
from reports.document.stand_out_tables import is_pivoted, stand_out_tables
from reports.narrative import figure_rows


def tables_of(assessment):
    rows = [row for row in figure_rows(assessment) if row.obtained != "not computed"]
    return dict(stand_out_tables(rows, assessment))


def test_what_few_columns_tell_is_a_line_for_each_number_of_columns(released):
    (title, table), *_ = tables_of(released).items()
    assert "unicity" in title
    assert [row[0] for row in table.rows] == ["1", "2"]
    assert table.rows[1][-1] == "age, town"
    assert len(table.head) == len(table.widths) == 8
    assert abs(sum(table.widths) - 1) < 1e-9


def test_without_a_release_there_is_one_column_a_figure(original_only):
    (_, table), *_ = tables_of(original_only).items()
    assert len(table.head) == 5
    assert not any(name.endswith(", now") for name in table.head)


def test_a_figure_stands_in_a_table_or_in_a_line_and_never_in_both(released):
    section = next(s for s in metric_sections(released) if s.title == "People who stand out")
    lines = [row[0] for row in section.blocks[0].rows]
    pivoted = [row for row in figure_rows(released) if is_pivoted(row)]
    assert pivoted
    assert not {row.name for row in pivoted} & set(lines)
    assert not any("Knowing" in line or "part in making" in line for line in lines)
    assert {row.path[0] for row in pivoted} == {"unicity", "special_uniques"}
    titles = [s.title for s in metric_sections(released)]
    assert all(title in titles for title in tables_of(released))
