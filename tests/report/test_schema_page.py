"""The published page of the schemas is the one that the shapes make."""

import re

from workshop.report.index import json_schema as index_schema
from workshop.report.schema import json_schema
from workshop.report.schema_page import markdown


def test_the_published_page_is_up_to_date(root):
    published = (root / "docs" / "schema.md").read_text("utf-8")
    assert published == markdown(), "run: make docs"


def test_every_key_of_both_files_stands_on_the_page():
    page = markdown()
    for shape in (json_schema(), index_schema()):
        for name, part in [("", shape), *shape["$defs"].items()]:
            title = name.removesuffix("Json")
            block = page.split(f"\n### {title}\n")[1] if title else page
            rows = re.findall(r"(?m)^\| `(\w+)` \| .+ \|$", block)
            assert set(part["properties"]) <= set(rows), name


def test_every_word_of_a_closed_list_stands_on_the_page():
    page = markdown()
    text = str(json_schema()) + str(index_schema())
    words = set(
        re.findall(r"'(\w+)'", " ".join(re.findall(r"'enum': \[(.*?)\]", text)))
    )
    assert {"blocker", "kept", "cannot_tell"} <= words
    assert [word for word in words if f"`{word}`" not in page] == []
