"""The parts of the desk: clock, run sheet, nudges, the reveal, and a row for a pair.

Rows are templates that the desk's script copies; every label stands in them.
"""

from __future__ import annotations

from html import escape

from workshop.views.room.reports_parts import reports_part
from workshop.views.wording import phrase

_COLUMNS = ("pair", "people", "step", "bets", "outcome", "seats")


def desk_main(title: str) -> str:
    """Return all of the desk but the page around it; ``title`` is the scenario's."""
    return (
        f'<main class="cgr-desk"><header><div><p class="cg-quiet">{escape(title)}</p>'
        f'<h1>{_say("title")}</h1><p class="cg-quiet">{_say("lead")} '
        f'<a href="stage" target="_blank" rel="noopener">{_say("open_stage")}</a></p>'
        f"</div>{_clock()}</header>"
        '<p id="told" class="cgr-told" role="status"></p>'
        f'<div class="cgr-top">{_sheet()}{_nudges()}<div>{_reveal()}{reports_part()}'
        "</div></div>"
        f"{_pairs()}{_watch()}</main>{_full_screen()}{_sure()}{_templates()}"
    )


def _clock() -> str:
    return (
        f'<section class="cgr-clockbox" aria-label="{_say("clock")}">'
        '<p class="cgr-big"><span id="step-left"></span> '
        f"<small>{_room('left_in_step')}</small></p>"
        f'<p><span id="left"></span> <small>{_room("left_in_all")}</small> · '
        '<span id="state"></span></p><p>'
        f'<button id="start" data-act="start">{_say("start")}</button> '
        f'<button id="go-on" data-act="start" hidden>{_say("go_on")}</button> '
        f'<button id="pause" data-act="pause" hidden>{_say("pause")}</button></p>'
        "</section>"
    )


def _sheet() -> str:
    heads = "".join(
        f'<th scope="col">{_say(name)}</th>' for name in ("step", "from_to", "minutes")
    )
    return (
        f'<section><h2>{_say("sheet")}</h2><table class="cgr-sheet"><thead><tr>{heads}'
        f'<th scope="col"><span class="cgr-unseen">{_say("jump")}</span></th>'
        '</tr></thead><tbody id="sheet"></tbody></table></section>'
    )


def _nudges() -> str:
    return (
        f'<section><h2>{_say("nudges")}</h2><p class="cg-quiet">{_say("nudge_help")}'
        f'</p><p><label for="to">{_say("nudge_to")}</label> <select id="to">'
        f'<option value="">{_say("everyone")}</option></select></p>'
        '<div id="nudges" class="cgr-nudges"></div><form id="own">'
        f'<label for="own-text">{_say("nudge_own")}</label>'
        '<span class="cgr-line"><input id="own-text" maxlength="200">'
        f"<button>{_say('send')}</button></span></form></section>"
    )


def _reveal() -> str:
    return (
        f'<section><h2>{_say("reveal")}</h2><div id="reveal-lines"></div>'
        f'<p><button id="reveal" data-again="{_say("reveal_again")}">'
        f"{_say('reveal_open')}</button></p>"
        '<ul id="counts" class="cgr-plain cg-quiet"></ul></section>'
    )


def _pairs() -> str:
    heads = "".join(
        f'<th role="columnheader" scope="col">{_column(name)}</th>' for name in _COLUMNS
    )
    return (
        f'<section><h2 id="pairs-title">{_say("pairs")}</h2>'
        '<div class="cg-scroll" tabindex="0" role="region" '
        'aria-labelledby="pairs-title"><table role="table" class="cgr-pairs">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        '<tbody role="rowgroup" id="pairs"></tbody></table></div>'
        f'<p class="cg-quiet">{_say("apart_order")}</p></section>'
    )


def _watch() -> str:
    return (
        f"<section><h2>{_say('watch_link')}</h2>"
        f'<p><button data-act="watch_link">{_say("watch_new")}</button></p></section>'
    )


def _full_screen() -> str:
    return (
        '<div id="full" class="cgr-full" role="alertdialog" '
        'aria-labelledby="full-text" hidden>'
        f'<p id="full-text">{_say("full_screen")}</p>'
        f'<button id="full-anyway">{_say("show_anyway")}</button></div>'
    )


def _sure() -> str:
    """The question before something that cannot be taken back."""
    return (
        '<dialog id="sure" class="cg" aria-labelledby="sure-text">'
        '<p id="sure-text"></p><form method="dialog" class="cgr-line">'
        f'<button value="no">{_say("no")}</button>'
        f'<button value="yes" class="cgr-main">{_say("yes")}</button></form></dialog>'
    )


def _templates() -> str:
    row = "".join(
        f'<td role="cell" data-label="{_column(name)}" data-cell="{name}"></td>'
        for name in _COLUMNS[1:]
    )
    return (
        '<template id="sheet-row"><tr><th scope="row"></th><td></td><td></td><td>'
        f'<button class="cgr-small">{_say("jump")}</button></td></tr></template>'
        '<template id="pair-row"><tr role="row"><th role="rowheader" scope="row"></th>'
        f"{row}</tr></template>"
        '<template id="half"><fieldset><legend></legend><div class="cgr-people"></div>'
        f'<p class="cgr-line"><button class="cgr-small" data-do="add">{_say("add")}'
        '</button> <button class="cgr-small" data-do="free">'
        f'{_say("release_free")}</button></p><p class="cgr-line">'
        f'<select><option value="">{_say("choose_person")}</option></select>'
        f'<button class="cgr-small" data-do="hand_on">{_say("hand_on")}</button></p>'
        '</fieldset></template><template id="person"><p class="cgr-line">'
        f'<span></span> <button class="cgr-small">{_say("release")}</button></p>'
        "</template>"
    )


def _column(name: str) -> str:
    return escape(phrase(f"room.desk.col_{name}"))


def _say(name: str) -> str:
    return escape(phrase(f"room.desk.{name}"))


def _room(name: str) -> str:
    return escape(phrase(f"room.{name}"))
