"""A policy of one's own: a class size that the user picked on screen."""

from __future__ import annotations

from risk.policy import Policy, Source
from risk.requirement import K_ANONYMITY, Requirement


def class_size_policy(size: int) -> Policy:
    """
    Return a policy that asks for classes of at least some people, and for nothing else.

    Raises
    ------
    PrivacyToolError
        A size below 1.
    """
    others = "1 look-alike" if size == 2 else f"{size - 1} look-alikes"
    return Policy(
        id="own",
        title=f"Your own class size {size}",
        setting="A class size that was chosen on screen",
        source=Source(title="Chosen by the user"),
        status="convention",
        note="No law and no guidance stands behind this number unless you name one.",
        requirements=(
            Requirement(
                figure=K_ANONYMITY,
                at_least=size,
                title=f"Every person has at least {others} (k = {size})",
                why=f"Chosen by the user: a highest risk of 1/{size}.",
            ),
        ),
    )
