"""The published schema is the one the models make, and a real report follows it."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.helpers import report_of_the_example
from workshop.report.schema import ReportJson, json_schema

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "report.schema.json"


def test_the_published_schema_is_made_from_the_models():
    assert json.loads(PUBLISHED.read_text("utf-8")) == json_schema()


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_a_report_without_a_verdict_is_refused():
    with pytest.raises(jsonschema.ValidationError, match="verdict"):
        jsonschema.validate({"schema": "common-ground/report-1"}, json_schema())


@pytest.mark.slow
def test_a_real_report_follows_the_schema():
    folder = report_of_the_example()
    report = json.loads((folder / "report.json").read_text("utf-8"))
    jsonschema.validate(report, json_schema())
    assert ReportJson.model_validate(report).failed == ()
