from microdata.measure import NotComputed
from risk.persons import PATH, People

VISITS = {"zip": ["A", "A", "B", "B"], "pid": ["1", "1", "1", "2"]}


def test_a_person_in_two_groups_is_one_person_counted_twice(context_of):
    result = People().evaluate(context_of(VISITS, quasi=["zip"], person="pid"))
    assert result.figures[PATH].value == 2
    (finding,) = result.findings
    assert "2 people are counted 3 times" in finding.message


def test_without_a_person_column_nothing_is_said(context_of):
    result = People().evaluate(context_of(VISITS, quasi=["zip"]))
    assert isinstance(result.figures[PATH], NotComputed)
    assert result.findings == ()


def test_persons_in_one_group_each_need_no_finding(context_of):
    result = People().evaluate(
        context_of({"zip": ["A", "A", "B"], "pid": ["1", "1", "2"]}, quasi=["zip"], person="pid")
    )
    assert result.figures[PATH].value == 2
    assert result.findings == ()
