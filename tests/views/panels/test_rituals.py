"""The meetings: proposed, edited, and whatever else was planned stays."""

from __future__ import annotations

from workshop.record.agreed import Ritual

READY = Ritual(what="readiness_review", on="2027-02-08")
METRICS = Ritual(what="metric_review", on="2027-01-04", every_weeks=4)


def test_proposals_stand_filled_in_and_nothing_is_asked(make, notes):
    panel = make("rituals")
    assert panel.required == 0
    assert panel.optional
    assert panel.save()
    assert notes.of("save") == [((READY, METRICS),)]


def test_a_meeting_without_a_date_is_not_planned(make, notes):
    panel = make("rituals")
    panel.fill({"readiness_review": ""})
    assert panel.save()
    assert notes.of("save") == [((METRICS,),)]


def test_what_was_planned_is_read_back_with_all_that_is_not_shown(make, notes):
    planned = (
        Ritual(what="readiness_review", on="2027-05", who="Ilir"),
        Ritual(what="metric_review", on="2027-05", every_weeks=2, who="both"),
        Ritual(what="metric_review", on="2027-06-30", who="the board"),
        Ritual(what="retrospective", on="2027-07", who="support"),
    )
    panel = make("rituals", args=(planned,))
    assert panel.controls["readiness_review"].value == "2027-05"
    assert panel.save()
    assert notes.of("save") == [(planned,)]


def test_a_day_that_has_passed_is_refused_unless_it_stood_there_before(make, notes):
    panel = make("rituals")
    panel.fill({"metric_review": "2026-11-30"})
    assert not panel.save()
    assert "has passed" in panel.rows["metric_review"].note.value
    old = (METRICS.model_copy(update={"on": "2026-01-05"}),)
    again = make("rituals", args=(old,))
    assert again.save()
    assert notes.of("save")[0][0][1] == old[0]


def test_the_day_of_the_retrospective_is_said_and_follows(make, page):
    days = ["2027-03"]
    panel = make("rituals", telling=lambda: f"<p>{days[0]}</p>")
    assert "2027-03" in page(panel)
    days[0] = "2027-04"
    panel.refresh()
    assert "<p>2027-03</p>" not in page(panel)
