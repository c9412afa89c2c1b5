"""What did the executed notebook hand on, as a page and as its JSON twin?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from workshop.data.catalog import Target
from workshop.record.choices import Record
from workshop.record.digest import canonical, text_digest
from workshop.views.page import page
from workshop.views.section import MIME
from workshop.views.wording import Said, say

SCHEMA = "common-ground/report-1"


@dataclass(frozen=True, slots=True)
class Gathered:
    """A page and its twin, and whether they are whole; ``why`` says why not."""

    html: str
    twin: dict[str, Any]
    headline: str
    failed: tuple[str, ...]
    why: str
    input_was_wrong: bool
    stops: dict[str, tuple[str, ...]]


def gather(executed: Path, *, target: Target, as_of: date, died: str) -> Gathered:
    """Put page and twin together from the Sections that a run left in its notebook.

    ``died`` says why the run ended early; empty when it did not.
    """
    bundles = list(_outputs(executed))
    sections = [bundle[MIME] for bundle in bundles]
    bodies = {b[MIME]["id"]: b["text/html"] for b in bundles}
    failed = [s for s in sections if s["status"] == "failed"]
    partial = _why_partial(died, sections)
    twin = report_json(sections, target=target, as_of=as_of, died=died)
    return Gathered(
        html=_page_of(sections, bodies, twin, partial),
        twin=twin,
        headline=twin["headline"] or (sections[0]["headline"] if sections else ""),
        failed=tuple(s["id"] for s in failed),
        why=partial.text if partial else "",
        input_was_wrong=bool(failed) and all(s.get("input_was_wrong") for s in failed),
        stops=stops(twin, target.record),
    )


def stops(twin: dict[str, Any], record: Record) -> dict[str, tuple[str, ...]]:
    """Return the reasons why each gate is not met, one line each.

    A blocker that somebody accepted, and the verdict that only it caused, stop nothing.
    """
    review = record.data_review
    accepted = {risk.finding for risk in review.accepted} if review else set()
    return {
        "blocker": tuple(
            f"{f['code']}: {f['says']}"
            for f in twin["findings"]
            if f["severity"] == "blocker" and f["code"] not in accepted
        ),
        "broken": tuple(
            f"{c['id']}: {c['says']}" for c in twin["clauses"] if c["state"] == "broken"
        ),
        "gap": tuple(gap["says"] for gap in twin["gaps"]),
    }


def _outputs(executed: Path) -> Iterator[dict[str, Any]]:
    """Every Section of an executed notebook: its HTML and its JSON."""
    if not executed.is_file():
        return
    notebook = json.loads(executed.read_text("utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if MIME in data:
                html = data.get("text/html", "")
                yield {MIME: data[MIME], "text/html": _inner(html)}


def _inner(html: str | list[str]) -> str:
    """A section's own HTML without the wrapper that one cell needs."""
    text = html if isinstance(html, str) else "".join(html)
    start, end = text.find("<section"), text.rfind("</section>")
    return text[start : end + len("</section>")] if start >= 0 else ""


def _why_partial(died: str, sections: list[dict[str, Any]]) -> Said | None:
    if died:
        return say("page.partial", why=_sentence(died))
    broken = [s for s in sections if s["status"] == "failed"]
    if broken:
        return say("page.partial", why=_sentence(broken[0].get("why", "")))
    if not sections:
        return say("page.partial", why=say("cli.no_sections"))
    return None


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def report_json(
    sections: list[dict[str, Any]], *, target: Target, as_of: date, died: str = ""
) -> dict[str, Any]:
    """Put the JSON twin together; its shape is `ReportJson` in `report.schema`."""
    by_id = {section["id"]: section for section in sections}
    head = by_id.get("overview", {})
    twin = {
        "schema": SCHEMA,
        "scenario": target.scenario.id,
        "title": target.scenario.title,
        "digest": head.get("digest", {"record": "", "data": ""}),
        "as_of": as_of.isoformat(),
        "verdict": head.get("verdict", "cannot_tell"),
        "rule": head.get("rule", ""),
        "headline": head.get("headline", ""),
        "limits": head.get("limits", []),
        "borrowed": head.get("borrowed", []),
        "outside": head.get("outside") or None,
        "sections": {
            name: {
                "title": section["title"],
                "status": section["status"],
                "headline": section["headline"],
                "numbers": section["numbers"],
            }
            for name, section in by_id.items()
        },
        "findings": by_id.get("data_readiness", {}).get("findings", []),
        "clauses": by_id.get("agreement", {}).get("clauses", []),
        "gaps": head.get("gaps", []),
        "failed": [
            {"section": s["id"], "why": s.get("why", "")}
            for s in sections
            if s["status"] == "failed"
        ]
        + ([{"section": "run", "why": died}] if died else []),
    }
    return twin | {"digest": twin["digest"] | {"report": report_digest(twin)}}


def report_digest(twin: dict[str, Any]) -> str:
    """Return the digest of all that a twin holds but its digests.

    The same record, rows, day and program give the same, on any machine.
    """
    return text_digest(canonical({k: v for k, v in twin.items() if k != "digest"}))


def _page_of(
    sections: list[dict[str, Any]],
    bodies: dict[str, str],
    twin: dict[str, Any],
    partial: Said | None,
) -> str:
    by_id = {section["id"]: section for section in sections}
    head = by_id.get("overview", {})
    # the overview is computed last, because it sums up the others, and read first
    order = sorted(by_id, key=lambda name: name != "overview")
    if len(order) == 1 and not head:
        return _page_of_step(order[0], bodies, twin, partial)
    return page(
        title=say("page.title", title=twin["title"]).text,
        subtitle=say(
            "page.subtitle",
            participants=head.get("participants", say("page.nobody").text),
            scenario=twin["scenario"],
            as_of=twin["as_of"],
        ),
        verdict=say(f"verdict.{twin['verdict']}"),
        contents=[(name, by_id[name]["title"]) for name in order],
        body="".join(bodies[name] for name in order),
        foot=_feet(),
        digest=twin["digest"],
        partial=partial,
    )


def _feet() -> list[Said]:
    return [say("page.foot_rows"), say("page.foot_json", schema=SCHEMA)]


def _page_of_step(
    name: str, bodies: dict[str, str], twin: dict[str, Any], partial: Said | None
) -> str:
    """A page of one step needs no contents, and reaches no verdict."""
    given = {"scenario": twin["scenario"], "as_of": twin["as_of"]}
    return page(
        title=twin["title"],
        subtitle=say("page.subtitle_step", **given),
        verdict=None,
        contents=(),
        body=bodies[name],
        foot=_feet(),
        digest=twin["digest"],
        partial=partial,
    )
