"""The page around the sections: one self-contained HTML file, and one cell's worth.

Nothing here knows a number; it sets what it is given. No address outside the file; no
script but the explorer's, and that only where a section holds one. A browser is told to
run that script and to use this style sheet, each by its digest, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from workshop.views.explorer.static import (
    explorer_css,
    explorer_script,
    lean,
    script_hash,
)
from workshop.views.style import CSS, PAGE_CSS, policy_hash
from workshop.views.wording import Said, language, phrase, say

_EXPLORER = 'class="cgx-host"'
_POLICY = (
    "default-src 'none'; style-src '{style}'; {script}img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def fragment(html: str) -> str:
    """Wrap some HTML for one notebook cell, with the house's style."""
    now = language()
    own = "" if now.is_house else f' lang="{escape(now.tag)}"'
    return f'<style>{CSS}</style><div class="cg"{own}>{html}</div>'


def page(
    *,
    title: str,
    subtitle: Said,
    verdict: Said | None,
    contents: Sequence[tuple[str, str]],
    body: str,
    foot: Sequence[Said],
    partial: Said | None = None,
    digest: Mapping[str, str] | None = None,
) -> str:
    """Set a whole page.

    ``contents`` pairs a section's id with its title; ``body`` is the sections' HTML,
    already escaped where it was made. ``partial`` heads a page that is not whole. A
    page of one step has no ``verdict`` and no ``contents``. ``digest`` holds those of
    the record, the data and the report, as far as there are any.
    """
    style, script = _style(body), _script(body)
    warning = f'<p class="cg-warn" role="alert">{partial.html}</p>' if partial else ""
    top = escape(phrase("page.top"))
    badge = f'<p class="cg-badge">{verdict.html}</p>' if verdict else ""
    feet = "".join(
        f'<p class="cg-quiet">{said.html}</p>' for said in (*foot, *_digests(digest))
    )
    return (
        f'<!doctype html>\n<html lang="{escape(language().tag)}">'
        f"{_head(title, style=style, policy=_policy(style, script))}"
        f'<body class="cg cg-page" id="top"><div class="cg-frame">'
        f"<header>{warning}<h1>{escape(title)}</h1>"
        f'<p class="cg-quiet">{subtitle.html}</p>{badge}</header>'
        f"{_contents(contents)}<main>{linked(body)}</main>"
        f'<footer>{feet}<p class="cg-top"><a href="#top">{top}</a></p>'
        f"</footer></div>{_element(script)}</body></html>\n"
    )


def _head(title: str, *, style: str, policy: str) -> str:
    return (
        '<head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
    )


def _contents(sections: Sequence[tuple[str, str]]) -> str:
    """Links to the sections; nothing where there is one only."""
    if not sections:
        return ""
    links = "".join(
        f'<li><a href="#{escape(anchor)}">{escape(name)}</a></li>'
        for anchor, name in (*sections, ("top", phrase("page.top")))
    )
    label = escape(say("page.contents").text)
    return f'<nav aria-label="{label}"><ol>{links}</ol></nav>'


def _digests(digest: Mapping[str, str] | None) -> list[Said]:
    """What page, record and data can be told by, each with how to check it."""
    return [
        say(f"page.digest_{name}", mark=value)
        for name, value in (digest or {}).items()
        if value
    ]


# --- links to every place -------------------------------------------------------------

_SECTION = re.compile(r'(<section [^>]*?id="([^"]+)"[^>]*><h2>.*?)(</h2>)', re.DOTALL)
_HEADING = re.compile(r'(<h3 id="([^"]+)">.*?)(</h3>)', re.DOTALL)


def linked(body: str) -> str:
    """Let every heading of a section and in it carry a link to itself.

    Cards and pictures have names to link to as well. Only what the house wrote can
    match: what people wrote is escaped by now.
    """
    for pattern in (_SECTION, _HEADING):
        body = pattern.sub(_with_link, body)
    return body


def _with_link(found: re.Match[str]) -> str:
    before, name, end = found.groups()
    label = escape(phrase("page.link"))
    return f'{before} <a class=cg-a href="#{name}" aria-label="{label}"></a>{end}'


# --- what a browser may do ------------------------------------------------------------


def _policy(style: str, script: str) -> str:
    """Say what a browser may use: this style sheet, this script, pictures as data."""
    allowed = f"script-src '{script_hash()}'; " if script else ""
    return _POLICY.format(style=policy_hash(style), script=allowed)


def _style(body: str) -> str:
    """The house's style sheet and the page's; the explorer's where there is one."""
    own = lean(f"{CSS}{PAGE_CSS}")
    return f"{explorer_css()}{own}" if _EXPLORER in body else own


def _script(body: str) -> str:
    return explorer_script() if _EXPLORER in body else ""


def _element(script: str) -> str:
    return f'<script type="module">{script}</script>' if script else ""
