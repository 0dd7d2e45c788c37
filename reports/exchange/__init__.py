"""Exchange with other tools: the CNIL PIA software, spreadsheets, the EDPB template, a schema."""

from reports.exchange.action_plan import ActionRow, action_plan_csv, action_plan_xlsx, action_rows
from reports.exchange.cnil_export import cnil_bytes, cnil_json
from reports.exchange.cnil_import import ImportedPia, answers_from_cnil
from reports.exchange.edpb import EDPB, EdpbRow, edpb_rows
from reports.exchange.schema import assessment_schema

__all__ = [
    "EDPB",
    "ActionRow",
    "EdpbRow",
    "ImportedPia",
    "action_plan_csv",
    "action_plan_xlsx",
    "action_rows",
    "answers_from_cnil",
    "assessment_schema",
    "cnil_bytes",
    "cnil_json",
    "edpb_rows",
]
