"""The page around the sections: one self-contained HTML file, and one cell's worth.

Nothing here knows a number; it sets what it is given. No address outside the file; no
script but the explorer's, and that only where a section holds one.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workshop.views.explorer.static import explorer_css, explorer_script, script_hash
from workshop.views.style import CSS
from workshop.views.wording import Said, say

_EXPLORER = 'class="cgx-host"'
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def fragment(html: str) -> str:
    """Wrap some HTML for one notebook cell, with the house's style."""
    return f'<style>{CSS}</style><div class="cg">{html}</div>'


def page(
    *,
    title: str,
    subtitle: Said,
    verdict: Said | None,
    contents: Sequence[tuple[str, str]],
    body: str,
    foot: Sequence[Said],
    partial: Said | None = None,
) -> str:
    """Set a whole page.

    ``contents`` pairs a section's id with its title; ``body`` is the sections' HTML,
    already escaped where it was made. ``partial`` heads a page that is not whole. A
    page of one step has no ``verdict`` and no ``contents``.
    """
    warning = f'<p class="cg-warn" role="alert">{partial.html}</p>' if partial else ""
    badge = f'<p><span class="cg-badge">{verdict.html}</span></p>' if verdict else ""
    feet = "".join(f'<p class="cg-quiet">{said.html}</p>' for said in foot)
    policy, style, script = _with_explorer(body)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f'<body><main class="cg">{warning}<header><h1>{escape(title)}</h1>'
        f'<p class="cg-quiet">{subtitle.html}</p>{badge}</header>'
        f"{_contents(contents)}{body}"
        f'<footer class="cg-section">{feet}</footer></main>{script}</body></html>\n'
    )


def _contents(sections: Sequence[tuple[str, str]]) -> str:
    """Links to the sections; nothing where there is one only."""
    if not sections:
        return ""
    links = "".join(
        f'<li><a href="#{escape(anchor)}">{escape(name)}</a></li>'
        for anchor, name in sections
    )
    label = escape(say("page.contents").text)
    return f'<nav aria-label="{label}"><ol>{links}</ol></nav>'


def _with_explorer(body: str) -> tuple[str, str, str]:
    """Policy, style sheet and script: the explorer's own only where there is one."""
    style = f"{_SHEET}{CSS}"
    if _EXPLORER not in body:
        return _POLICY, style, ""
    policy = f"{_POLICY}; script-src '{script_hash()}'"
    script = f'<script type="module">{explorer_script()}</script>'
    return policy, f"{style}{explorer_css()}", script


_SHEET = (
    "html{background:#fff}body{margin:0;padding:2.5rem 1.25rem 4rem}"
    "main.cg{margin:0 auto}"
)
