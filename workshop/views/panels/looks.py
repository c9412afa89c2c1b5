"""How panels look: one style, and the few parts that every panel is put together from.

Calm and roomy, labels above their fields, one colour for the main button, readable
at 390 pixels. What people wrote reaches these functions escaped; `words` takes HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, Literal, Protocol, runtime_checkable

import ipywidgets as w

from workshop.errors import WorkshopError
from workshop.views.panels.shared import make, own_layout
from workshop.views.wording import phrase, say

Tone = Literal["plain", "title", "quiet", "good", "bad", "banner"]

_TAGS = {"title": "h3", "plain": "div"}
_ROLES = {"good": ' role="status"', "bad": ' role="alert"'}

STYLE = """<style>
.cgp-panel { --cgp-accent:#1f5f8b; --cgp-on-accent:#fff; --cgp-bad:#a4262c;
  --cgp-line:var(--jp-border-color2,#d5d9de);
  --cgp-soft:var(--jp-layout-color2,#f4f6f8);
  --cgp-ink:var(--jp-ui-font-color1,#1f2328);
  --cgp-quiet:#57606a;
  box-sizing:border-box; width:100%; max-width:720px; margin:12px 0; padding:24px 28px;
  border:1px solid var(--cgp-line); border-radius:12px; color:var(--cgp-ink);
  background:var(--jp-layout-color1,#fff) }
.cgp-panel.cgp-wide { max-width:none; padding:8px 12px; border:0 }
.cgp-panel.cgp-line { padding:0; margin:0 0 12px; border:0 }
.cgp-panel:not(.cgp-wide):has(.cg-scroll) { max-width:768px }
.cgp-panel .widget-box, .cgp-panel .jupyter-widget-box { overflow:visible }
.cgp-panel .widget-html, .cgp-panel .widget-html-content {
  height:auto; min-width:0; max-width:100%; margin:0; line-height:1.5; font-size:15px;
  white-space:normal; overflow-wrap:anywhere; color:var(--cgp-ink) }
.cgp-panel .widget-html-content { width:100% }
.cgp-panel .widget-html:has(> .widget-html-content:empty) { display:none }
.cgp-panel .widget-box > :is(.cgp-buttons, .cgp-field) ~ .widget-html {
  margin-top:14px }
.cgp-panel h3 { margin:0 0 6px; font-size:20px; line-height:1.3; font-weight:650 }
.cgp-panel p { margin:0 0 8px }
.cgp-panel .cgp-quiet { color:var(--cgp-quiet); font-size:14px }
.cgp-panel .cgp-good { color:var(--cgp-ink); font-size:14px; padding-left:10px;
  border-left:3px solid var(--cgp-accent) }
.cgp-panel .cgp-bad { color:var(--cgp-bad); font-size:14px; padding-left:10px;
  border-left:3px solid var(--cgp-bad) }
[data-jp-theme-light="false"] .cgp-panel { --cgp-bad:#ff9b93; --cgp-accent:#2f7db3;
  --cgp-quiet:#bac2ca }
.cgp-panel .cgp-banner { padding:12px 16px; border-radius:8px;
  background:var(--cgp-soft) }
.cgp-panel .cgp-field { margin:18px 0 0 }
.cgp-panel .widget-html.cgp-message { margin-top:12px }
.cgp-panel .cgp-field > .widget-html { margin-top:4px }
.cgp-panel .widget-inline-hbox, .cgp-panel .jupyter-widget-inline-hbox {
  flex-direction:column; align-items:stretch; width:100%; height:auto; margin:0 }
.cgp-panel .widget-label, .cgp-panel .jupyter-widget-label {
  width:auto; max-width:none; height:auto; margin:0 0 6px; text-align:left;
  white-space:normal; overflow:visible; line-height:1.4; font-size:15px;
  font-weight:600; color:var(--cgp-ink) }
.cgp-panel input:is([type=text], [type=password]), .cgp-panel textarea,
.cgp-panel select {
  box-sizing:border-box; width:100%; min-height:44px; padding:9px 12px; font-size:16px;
  line-height:1.4; border:1px solid #8a929b; border-radius:8px; color:var(--cgp-ink);
  background-color:var(--jp-layout-color1,#fff) }
.cgp-panel textarea { min-height:76px; font-family:inherit }
.cgp-panel .widget-dropdown > select { flex:none; padding-right:32px }
.cgp-panel .cgp-wrong input, .cgp-panel .cgp-wrong textarea,
.cgp-panel .cgp-wrong select { border-color:var(--cgp-bad); border-width:2px }
.cgp-panel .widget-radio, .cgp-panel .widget-radio-box { width:100%; height:auto }
.cgp-panel .widget-radio-box { gap:8px; margin:0 }
.cgp-panel .widget-radio-box label { display:flex; flex-direction:row-reverse;
  justify-content:flex-end; align-items:center; gap:10px; height:auto; min-height:44px;
  width:100%; box-sizing:border-box; margin:0; padding:8px 12px; font-size:15px;
  line-height:1.4; border:1px solid var(--cgp-line); border-radius:8px; cursor:pointer }
.cgp-panel .widget-radio-box label:has(input:checked) {
  border-color:var(--cgp-accent); background:var(--cgp-soft) }
.cgp-panel .widget-radio-box input { flex:none; position:static; margin:0;
  width:18px; height:18px; accent-color:var(--cgp-accent) }
.cgp-panel .cgp-tick { height:auto; margin:0 0 6px }
.cgp-panel .cgp-tick .widget-label-basic { display:flex; gap:10px; height:auto;
  width:100%; align-items:flex-start; white-space:normal; line-height:1.45;
  font-size:15px; font-weight:400; padding:10px 12px; box-sizing:border-box;
  border:1px solid var(--cgp-line); border-radius:8px; cursor:pointer }
.cgp-panel .cgp-tick .widget-label-basic:has(input:checked) {
  border-color:var(--cgp-accent); background:var(--cgp-soft) }
.cgp-panel .cgp-tick input { flex:none; width:18px; height:18px; margin:2px 0 0;
  accent-color:var(--cgp-accent) }
.cgp-panel .cgp-buttons { flex-flow:row wrap; gap:10px; margin-top:20px }
.cgp-panel > .widget-vbox > .cgp-buttons:first-child { margin-top:0 }
.cgp-panel .cgp-buttons .jupyter-button { width:auto; max-width:100%; height:auto;
  min-height:44px; margin:0; padding:9px 18px; font-size:15px; line-height:1.4;
  white-space:normal; border-radius:8px; border:1px solid #8a929b; box-shadow:none;
  color:var(--cgp-ink); background:var(--jp-layout-color1,#fff) }
.cgp-panel .cgp-buttons .cgp-primary { border-color:var(--cgp-accent);
  color:var(--cgp-on-accent); background:var(--cgp-accent); font-weight:600 }
.cgp-panel .cgp-buttons .cgp-light { border-color:transparent; padding:9px 0;
  text-align:left; color:var(--cgp-quiet); text-decoration:underline;
  text-underline-offset:3px; background:none }
.cgp-panel .jupyter-button:disabled { opacity:.55 }
.cgp-panel .cgp-inset { margin:16px 0 0; padding:16px 18px;
  border:1px solid var(--cgp-line); border-radius:8px; background:var(--cgp-soft) }
.cgp-panel .cgp-open { padding-left:14px; border-left:3px solid var(--cgp-line) }
.cgp-panel :is(input, textarea, select, button):focus-visible,
.cgp-panel .noUi-handle:focus-visible {
  outline:3px solid var(--cgp-accent) !important; outline-offset:2px }
.cgp-panel .widget-slider { width:100%; height:auto; margin:0 }
.cgp-panel .widget-slider .slider-container { flex:none; margin:14px 14px 18px;
  height:auto }
.cgp-panel .widget-slider .noUi-handle { width:28px; height:28px; top:-12px;
  right:-14px; border:3px solid var(--cgp-accent); background:#fff }
.cgp-panel dl { margin:8px 0 0 }
.cgp-panel dl dt { float:none; width:auto; margin:10px 0 0; font-weight:600 }
.cgp-panel dl dt::first-letter { text-transform:uppercase }
.cgp-panel dl dd { float:none; width:auto; margin:2px 0 0; white-space:pre-line }
.cgp-panel ul { margin:4px 0; padding-left:20px }
.cgp-panel summary { min-height:24px }
.cgp-panel .cg-section { padding:0; border:0 }
.cgp-panel .cgp-part + .cgp-part { margin-top:36px; padding-top:28px;
  border-top:1px solid var(--cgp-line) }
.jp-Notebook:has(.cgp-panel) :is(.jp-Notebook-footer,
  .jp-Cell-inputWrapper:has(> .jp-InputPlaceholder)) { display:none }
.jp-Notebook:has(.cgp-panel) .jp-Cell-inputWrapper:has(> .jp-InputPlaceholder)
  ~ .jp-Cell-outputWrapper .jp-OutputPrompt { visibility:hidden }
.jp-Notebook:has(.cgp-panel) .jp-Cell-inputWrapper:has(> .jp-InputPlaceholder)
  ~ .jp-Cell-outputWrapper .jp-RenderedText pre { padding:0 6px; font-size:15px;
  font-family:var(--jp-ui-font-family); word-break:normal; overflow-wrap:anywhere }
@media (max-width:480px) { .cgp-panel { padding:16px 14px; border-radius:8px }
  .cgp-panel .cgp-buttons .jupyter-button { flex:1 1 100% } }
</style>"""


@runtime_checkable
class HasHtml(Protocol):
    """A sentence or a view: something that knows itself as HTML."""

    html: str


Html = str | HasHtml
"""What a callable hands over to be shown as HTML, already escaped where needed."""


def as_html(given: Html | None) -> str:
    """Return the HTML of what a callable handed over."""
    if given is None:
        return ""
    return given if isinstance(given, str) else given.html


def said_html(given: Html | None) -> str:
    """Return a message as HTML: a plain string is text, whatever it contains."""
    return escape(given, quote=False) if isinstance(given, str) else as_html(given)


def trouble_html(error: WorkshopError | OSError) -> str:
    """Say why something was not kept: an error of ours in its own words, as text.

    What a system says of its disk is for nobody at the table; that has plain words.
    """
    if isinstance(error, WorkshopError):
        return said_html(str(error))
    return say("ui.cannot_write").html


def toned(html: str, tone: Tone = "plain") -> str:
    """Wrap HTML in the element of its tone; nothing stays nothing."""
    if not html:
        return ""
    tag = _TAGS.get(tone, "p")
    role = _ROLES.get(tone, "")
    return f'<{tag} class="cgp-{tone} mathjax_ignore"{role}>{html}</{tag}>'


def words(html: str = "", tone: Tone = "plain") -> w.HTML:
    """Make a place for words."""
    return make(w.HTML, toned(html, tone))


def announced(html: str) -> w.HTML:
    """Make a banner that is read out when it appears."""
    return make(w.HTML, f'<div aria-live="polite">{toned(html, "banner")}</div>')


def column(*children: w.Widget, kind: str = "") -> w.VBox:
    """Put parts under each other."""
    box = make(w.VBox, children)
    if kind:
        box.add_class(f"cgp-{kind}")
    return box


def buttons(*children: w.Button) -> w.HBox:
    """Put buttons in a row that wraps on a narrow page."""
    row = make(w.HBox, children)
    row.add_class("cgp-buttons")
    return row


def button(
    label: str,
    on_click: Callable[[], Any],
    *,
    kind: Literal["primary", "light", ""] = "",
) -> w.Button:
    """Make a button that calls ``on_click`` without arguments."""
    made = make(w.Button, description=label)
    if kind:
        made.add_class(f"cgp-{kind}")
    made.on_click(lambda _: on_click())
    return made


def show_if(widget: w.Widget, visible: bool) -> None:
    """Show or hide a part; what is in it stays."""
    if (widget.layout.display != "none") is not visible:
        own_layout(widget).display = "" if visible else "none"


def close_all(widget: w.Widget) -> None:
    """Close a part and all that is in it; nothing of it stays with the page."""
    for child in getattr(widget, "children", ()):
        close_all(child)
    widget.close()


class Drawer:
    """A part that is closed until somebody opens it, by mouse or by keyboard."""

    def __init__(self, label: str, *children: w.Widget, opened: bool = False):
        self.toggle = button(label, self._turn, kind="light")
        self.inside = column(*children, kind="open")
        self.widget = column(buttons(self.toggle), self.inside)
        self._label = label
        self._set(opened)

    @property
    def opened(self) -> bool:
        """Whether its content is visible."""
        return self._opened

    def open(self) -> None:
        """Show its content."""
        self._set(True)

    def _turn(self) -> None:
        self._set(not self._opened)

    def _set(self, opened: bool) -> None:
        self._opened = opened
        self.toggle.description = f"{'▾' if opened else '▸'} {self._label}"
        show_if(self.inside, opened)


class Panel:
    """Base of all panels: shows itself as a cell's last line.

    Attributes
    ----------
    body
        The parts without frame and style, to be put into another panel.
    required
        How many answers the journey asks for here.
    controls, buttons
        What a person can change and press, by name.
    """

    required: int = 0
    optional: bool = False

    def __init__(self) -> None:
        self.controls: dict[str, w.Widget] = {}
        self.buttons: dict[str, w.Button] = {}
        self.body = column()
        self._widget: w.VBox | None = None

    @property
    def widget(self) -> w.VBox:
        """The panel with its frame and style, made once."""
        if self._widget is None:
            self._widget = column(make(w.HTML, STYLE), self.body, kind="panel")
        return self._widget

    def _repr_mimebundle_(self, include=None, exclude=None) -> Any:
        """Hand over the widget, with plain words where no widget can be drawn."""
        bundle = self.widget._repr_mimebundle_(include=include, exclude=exclude)
        return bundle | {"text/plain": phrase("ui.needs_notebook")}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
