"""The published list of checks is the one that the code and the catalogue make."""

from workshop.analysis.readiness import CHECKS
from workshop.views.checks_page import markdown


def test_the_published_page_is_up_to_date(root):
    published = (root / "docs" / "checks.md").read_text("utf-8")
    assert published == markdown(), "run: make docs"


def test_every_check_stands_on_the_page_with_two_ways_out():
    page = markdown()
    for code in CHECKS:
        part = page.split(f"\n## {code}\n")[1].split("\n## ")[0]
        assert part.count("\n- ") == 2, code
