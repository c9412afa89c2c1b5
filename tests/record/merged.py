"""A text with some sections changed, as a save changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workshop.record import yaml_io


def merge(text: str, values: Mapping[str, Any], **more: Any) -> str:
    root = yaml_io.compose(text, file="record.yaml")
    return yaml_io.merge_composed(text, root, values, **more)[0]
