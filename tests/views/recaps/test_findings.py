"""What the table's own database cannot count is said beside what was found."""

from workshop.analysis.readiness import ReadinessReport
from workshop.views.recaps.findings import findings_view
from workshop.views.section import Paragraph
from workshop.views.wording import say


def test_what_an_engine_cannot_count_is_said_quietly_on_the_findings_page():
    told = findings_view(ReadinessReport(()), not_done=("copies",)).blocks
    silent = findings_view(ReadinessReport(())).blocks
    (extra,) = [block for block in told if block not in silent]
    assert extra == Paragraph(say("data.not_done_copies"), "quiet")
