"""Attacks that are carried out against a release, and what they find."""

from risk.attacks.errors import ErrorModel, Redraw, Shift, TransposedDigits
from risk.attacks.intervals import Interval, percentile_interval, wilson_interval
from risk.attacks.linkage import LinkageAttack
from risk.attacks.register import Register
from risk.attacks.result import AttackResult, CurvePoint, SubsetResult

__all__ = [
    "AttackResult",
    "CurvePoint",
    "ErrorModel",
    "Interval",
    "LinkageAttack",
    "Redraw",
    "Register",
    "Shift",
    "SubsetResult",
    "TransposedDigits",
    "percentile_interval",
    "wilson_interval",
]
