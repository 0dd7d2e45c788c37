import pytest

from microdata.errors import PrivacyToolError
from microdata.measure import Estimate
from risk.own_policy import class_size_policy
from risk.policy import Policy


@pytest.mark.parametrize(("k", "verdict"), [(6, "not met"), (7, "met"), (8, "met")])
def test_the_size_that_was_picked_is_the_rule(k, verdict):
    policy = class_size_policy(7)
    (said,) = policy.judge({("models", "k-anonymity"): Estimate(value=k)})
    assert said.verdict == verdict
    assert policy.class_size == 7
    assert policy.disclosure_threshold == 7


def test_it_survives_json_and_claims_no_source():
    policy = class_size_policy(2)
    assert Policy.from_json(policy.to_json()) == policy
    assert (policy.status, policy.verified_on) == ("convention", None)
    assert "1 look-alike " in policy.requirements[0].title


def test_a_size_of_zero_is_refused():
    with pytest.raises(PrivacyToolError, match="class size of at least 1"):
        class_size_policy(0)
