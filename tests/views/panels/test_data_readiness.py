"""Accepted risks pile up in a list, and each is ready for the next one."""

from __future__ import annotations

from workshop.record.choices import AcceptedRisk, Assumption


def test_an_accepted_risk_joins_the_list_and_the_form_is_free_again(make, notes, page):
    panel = make("risk")
    panel.form.fill({"finding": "DR002", "reason": "we know it"})
    panel.buttons["save"].click()
    assert notes.of("save") == [(AcceptedRisk(finding="DR002", reason="we know it"),)]
    assert "<li>Few sources: we know it</li>" in page(panel)
    assert panel.controls["finding"].value is None
    assert panel.controls["reason"].value == ""
    assert "Saved." in page(panel)


def test_accepting_the_same_finding_again_replaces_its_line(make, page):
    before = [AcceptedRisk(finding="DR002", reason="old reason")]
    panel = make("risk", args=([("DR002", "Few sources")], before))
    assert "old reason" in page(panel)
    panel.form.fill({"finding": "DR002", "reason": "new reason"})
    panel.buttons["save"].click()
    assert "new reason" in page(panel)
    assert "old reason" not in page(panel)


def test_a_risk_that_could_not_be_kept_is_not_on_the_list(make, notes, page):
    panel = make("risk")
    panel.form.fill({"finding": "DR002", "reason": "we know it"})
    notes.error = OSError()
    panel.buttons["save"].click()
    assert "<li>" not in page(panel)


def test_without_findings_there_is_nothing_to_accept(make, page):
    panel = make("risk", args=([], []))
    assert panel.required == 0
    assert "You can go on." in page(panel)


def test_reasons_and_titles_are_shown_as_text(make, page, hostile):
    before = [AcceptedRisk(finding="DR002", reason=hostile)]
    panel = make("risk", args=([("DR002", hostile)], before))
    assert "<script>" not in page(panel)
    assert page(panel).count("&lt;script&gt;") == 2


def test_an_assumption_is_offered_behind_a_door_and_never_required(make, notes, page):
    panel = make("assumption", args=([Assumption(says="users read it")],))
    assert "users read it" in page(panel)
    assert panel.optional
    assert panel.required == 0
    drawer = panel.body.children[1].children[1]
    assert drawer.layout.display == "none"
    panel.buttons["open"].click()
    assert drawer.layout.display == ""
    panel.form.fill({"says": "users trust it"})
    panel.buttons["save"].click()
    assert notes.of("save") == [(Assumption(says="users trust it"),)]
    assert "users trust it" in page(panel)
