"""The room's pages as HTML: shells that a script fills with what the room says.

No style and no script stands in a page, so that the browser may be told to take both
from the room only. Scripts have no sentences: those stand here, in the page and in
templates, and what changes comes said from the room.
"""

from __future__ import annotations

from html import escape

from workshop.views.room.desk_parts import desk_main
from workshop.views.room.reports_parts import allows_part
from workshop.views.wording import phrase, tongue_of

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""What a browser may do on these pages: their Content-Security-Policy."""


def join_page(*, xsrf: str, title: str, told: str = "", name: str = "") -> str:
    """Return the page at which a code is claimed; a link's code is read by a script.

    Parameters
    ----------
    xsrf : str
        The token that every request of the page carries.
    title : str
        What the workshop is about, the scenario's title.
    told : str
        A sentence above the form, such as why somebody is here again.
    name : str
        Who this is, where that is known and not to be chosen.
    """
    said = f'<p class="cg-warn">{escape(told)}</p>' if told else ""
    main = (
        f'<main class="cgr-narrow"><p class="cg-quiet">{escape(title)}</p>'
        f"<h1>{_say('room.join.title')}</h1>{said}"
        f'<p class="cg-lead" id="lead">{_say("room.join.lead")}</p>'
        f'<p class="cg-lead" id="lead-link" hidden>{_say("room.join.watch")}</p>'
        '<form id="join" novalidate>'
        f"{_field('code', autocomplete='off')}"
        f"{_field('name', autocomplete='given-name', given=name)}"
        f'<button class="cgr-main" id="go">{_say("room.join.go")}</button>'
        f'<p id="busy" class="cg-quiet" hidden>{_say("room.join.busy")}</p>'
        '<p id="told" class="cgr-told" role="alert"></p></form></main>'
    )
    texts = {"come-in": phrase("room.join.come_in")}
    return _page(
        _say("room.join.title"), main, xsrf=xsrf, script="join.js", texts=texts
    )


def waiting_page(*, xsrf: str, title: str) -> str:
    """Return the page of a seat: who is here, and the way to the table once it starts.

    ``title`` is the scenario's.
    """
    main = (
        f'<main class="cgr-narrow"><p class="cg-quiet">{escape(title)}</p>'
        f'<h1>{_say("room.wait.title")}</h1><p class="cg-lead" id="you"></p>'
        '<p id="partner"></p><p id="wait" role="status"></p>'
        f'<p id="way" hidden><a class="cgr-main" id="go" href="step/00">'
        f"{_say('room.wait.go')}</a></p>"
        '<ul id="nudges" class="cgr-plain" aria-live="polite"></ul>'
        f"{allows_part()}</main>"
    )
    return _page(_say("room.wait.title"), main, xsrf=xsrf, script="seat.js")


def stage_page(
    *, xsrf: str, title: str, address: str = "", qr: str = "", watching: bool = False
) -> str:
    """Return the wall: the step, the clock, the counts, and the dots after the reveal.

    Parameters
    ----------
    xsrf, title : str
        As of `join_page`.
    address : str
        What people type to come here.
    qr : str
        The same as an SVG element of the room's own making; put in as it is.
    watching : bool
        A spectator's page: without the way to join.
    """
    side = _watching() if watching else _join_box(address, qr)
    main = (
        '<main class="cgr-stage"><header><p class="cgr-over">'
        f'{escape(title)}</p><p id="state" class="cgr-over"></p></header>'
        '<section class="cgr-now" aria-live="polite"><p id="step" class="cgr-over"></p>'
        '<h1 id="name"></h1><p id="task"></p></section>'
        '<section class="cgr-clock" role="timer"><p><span id="step-left"></span> '
        f"<small>{_say('room.left_in_step')}</small></p>"
        f'<p><span id="left"></span> <small>{_say("room.left_in_all")}</small></p>'
        f'</section>{side}<ul id="counts" class="cgr-counts" aria-live="polite"></ul>'
        '<p id="nudge" class="cgr-nudge" role="status"></p>'
        f'<section id="dots" hidden><h2>{_say("room.stage.dots_title")}</h2>'
        '<p id="dots-note" class="cg-quiet"></p><p class="cgr-key">'
        '<span class="cgr-dot-product"></span>'
        f"{_say('room.role_product')} "
        '<span class="cgr-dot-engineering"></span>'
        f"{_say('room.role_engineering')}</p>"
        '<div id="questions"></div></section></main>'
    )
    texts = {
        "before": phrase("room.stage.before"),
        "over": phrase("room.stage.over"),
    }
    return _page(escape(title), main, xsrf=xsrf, script="stage.js", texts=texts)


def desk_page(*, xsrf: str, title: str) -> str:
    """Return the facilitator's own page; ``title`` is the scenario's."""
    return _page(_say("room.desk.title"), desk_main(title), xsrf=xsrf, script="desk.js")


# --- parts ----------------------------------------------------------------------------


def _page(
    title: str,
    main: str,
    *,
    xsrf: str,
    script: str,
    texts: dict[str, str] | None = None,
) -> str:
    """Set a page; ``main`` is escaped where it was made, ``texts`` are for the script.

    Addresses are relative, so that the room may stand below any path.
    """
    metas = "".join(
        f'<meta name="text-{name}" content="{escape(text)}">'
        for name, text in (texts or {}).items()
    )
    return (
        f'<!doctype html>\n<html lang="{escape(tongue_of("room.title"))}">'
        '<head><meta charset="utf-8">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="xsrf" content="{escape(xsrf)}">{metas}'
        f"<title>{title} · {_say('room.title')}</title>"
        '<link rel="stylesheet" href="room/room.css">'
        '<link rel="icon" href="data:,">'
        f'<script type="module" src="room/{script}"></script></head>'
        '<body class="cg cg-page cgr">'
        '<p id="lost" class="cgr-lost" role="alert" hidden>'
        f"{_say('room.connection')}</p>"
        f'<noscript><p class="cgr-lost">{_say("room.no_script")}</p></noscript>'
        f"{main}</body></html>\n"
    )


def _say(key: str) -> str:
    return escape(phrase(key))


def _field(name: str, *, autocomplete: str, given: str = "") -> str:
    known = f' value="{escape(given)}" readonly' if given else ""
    return (
        f'<p id="{name}-field"><label for="{name}">{_say(f"room.join.{name}")}</label>'
        f'<input id="{name}" name="{name}" maxlength="80" required{known}'
        f' autocomplete="{autocomplete}" spellcheck="false" aria-describedby="{name}-'
        f'help"><small id="{name}-help">'
        f"{_say(f'room.join.{name}_help')}</small></p>"
    )


def _join_box(address: str, qr: str) -> str:
    label = escape(phrase("room.stage.qr"))
    # a narrow wall breaks the address where people pause
    shown = escape(address).replace("//", "//<wbr>")
    return (
        f'<aside class="cgr-join"><div class="cgr-qr" role="img" aria-label="{label}">'
        f"{qr}</div><div><h2>{_say('room.stage.join')}</h2>"
        f'<p class="cgr-address">{shown}</p>'
        f'<p class="cg-quiet">{_say("room.stage.join_help")}</p></div></aside>'
    )


def _watching() -> str:
    return f'<aside class="cgr-join"><p>{_say("room.stage.watching")}</p></aside>'
