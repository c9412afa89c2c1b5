"""Ten people in a row are filled exactly as far as the share goes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from workshop.record.values import Number
from workshop.views.strip import WIDE, people_strip
from workshop.views.style import ROLES

SHARES = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted)


def error(lo: float, value: float, hi: float) -> Number:
    return Number(id="error", value=value, lo=lo, hi=hi, unit="share", rows="all")


def widths(svg: str) -> dict[str, float]:
    """Return how far each colour reaches over the ten, from the left."""
    rects = ET.fromstring(svg).iterfind(".//{*}g/{*}rect")
    return {r.attrib["fill"]: float(r.attrib["width"]) for r in rects}


@given(SHARES)
def test_colours_reach_as_far_as_the_lower_end_and_the_estimate(ends):
    found = widths(people_strip(error(*ends)))
    assert abs(found[ROLES["false_alarm"]] - WIDE * ends[0]) <= 0.05 + 1e-9
    assert abs(max(found.values()) - WIDE) == 0
    assert any(abs(one - WIDE * ends[1]) <= 0.05 + 1e-9 for one in found.values())


@given(SHARES)
def test_the_picture_stays_small_and_has_no_style_of_its_own(ends):
    svg = people_strip(error(*ends))
    assert len(svg) < 3_000
    assert not re.search(r"style|<script|\son\w+=", svg)


def test_the_same_share_gives_the_same_bytes():
    assert people_strip(error(0.2, 0.3, 0.4)) == people_strip(error(0.2, 0.3, 0.4))
