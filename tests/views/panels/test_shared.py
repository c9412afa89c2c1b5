"""Parts that look alike share one layout and one style; none changes another's."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import pytest

from workshop.views.panels import looks
from workshop.views.panels.shared import make, own_layout


def test_parts_that_look_alike_share_their_layout_and_their_style():
    one, other = make(w.HTML, "one"), make(w.HTML, "other")
    assert one.layout is other.layout
    assert one.style is other.style
    assert make(w.Text, wide=True).layout.width == "100%"
    assert one.layout.width is None


@pytest.mark.parametrize("wide", [True, False])
def test_hiding_one_hides_no_other_and_keeps_its_width(wide: bool):
    one, other = make(w.Text, wide=wide), make(w.Text, wide=wide)
    looks.show_if(one, False)
    assert one.layout.display == "none"
    assert other.layout.display != "none"
    assert one.layout.width == other.layout.width
    looks.show_if(one, True)
    assert one.layout.display != "none"


def test_what_is_shown_already_needs_no_layout_of_its_own():
    one, other = make(w.HTML), make(w.HTML)
    looks.show_if(one, True)
    assert one.layout is other.layout


def test_a_layout_of_ones_own_stays_ones_own():
    one = make(w.HTML)
    assert own_layout(one) is own_layout(one)
    assert own_layout(one) is not make(w.HTML).layout


def test_closing_everything_leaves_nothing_closed_for_the_next_page():
    before: Any = make(w.HTML)
    w.Widget.close_all()
    after = make(w.HTML)
    assert after.layout is not before.layout
    assert after.layout.comm is not None
    assert after.style.comm is not None


def test_fifty_lines_make_far_fewer_models_than_parts_of_their_own_would():
    w.Widget.close_all()
    looks.column(*(looks.words(str(n)) for n in range(50)))
    kinds = [type(one).__name__ for one in w.widgets.widget._instances.values()]
    assert kinds.count("HTML") == 50
    assert len(kinds) == 53, "a box, one layout and one style besides"
