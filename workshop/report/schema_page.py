"""docs/schema.md: every key of the files beside a report, made from their shapes."""

from __future__ import annotations

from typing import Any

from workshop.report import index, schema

HEAD = """# The JSON schema

Every key of the files that a program reads beside a report, with what may stand there.
How a report is read, and when the version in `schema` changes, says
[the report](report.md#reportjson).

Every key is always there, and no other one. What stands in a list of words is one of
these words. This page is made by `make docs` from the same shapes that write the files.
"""
FILES = (
    ("report.json", "report.schema.json", schema.json_schema),
    ("index.json", "index.schema.json", index.json_schema),
)
WORDS = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "`true` or `false`",
    "null": "`null`",
}


def markdown() -> str:
    """Return the page: a table for each file, and one for each part of it."""
    told: set[str] = set()
    text = HEAD
    for file, published, made in FILES:
        shape = made()
        text += f"\n## {file}\n\n{_about(shape)} As JSON Schema: "
        text += f"[{published}]({published}).\n{_table(shape)}"
        for name, part in shape["$defs"].items():
            if name not in told:
                text += f"\n### {_title(name)}\n\n{_about(part)}\n{_table(part)}"
                told.add(name)
    return text


def _about(shape: dict[str, Any]) -> str:
    """What the shape's docstring says, with code as Markdown has it."""
    parts = shape.get("description", "").replace("``", "`").split("\n\n")
    return "\n\n".join(" ".join(part.split()) for part in parts)


def _table(shape: dict[str, Any]) -> str:
    rows = "".join(
        f"| `{key}` | {_what(value)} |\n" for key, value in shape["properties"].items()
    )
    return f"\n| key | what stands there |\n|---|---|\n{rows}"


def _what(value: dict[str, Any]) -> str:
    """One value in words: its kind, the words it may be, or the part it is."""
    if "$ref" in value:
        name = _title(value["$ref"].rsplit("/", 1)[1])
        return f"[{name}](#{name.lower()})"
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return ", ".join(f"`{word}`" for word in value["enum"])
    if "anyOf" in value:
        return " or ".join(_what(one) for one in value["anyOf"])
    if "items" in value:
        return f"list of: {_what(value['items'])}"
    if "additionalProperties" in value:
        return f"by name: {_what(value['additionalProperties'])}"
    if "pattern" in value:
        return "day or month, as `2027-01-31` or `2027-01`"
    return WORDS[value["type"]]


def _title(name: str) -> str:
    return name.removesuffix("Json")
