"""A QR code of an address: a picture for the wall, and signs for a terminal."""

from __future__ import annotations

from io import StringIO

import segno


def svg(address: str) -> str:
    """Return a QR code as an SVG element, black; the white around it is the page's."""
    drawn = segno.make(address, micro=False, error="m").svg_inline(
        dark="#000", border=0, omitsize=True, svgclass="cg-qr", lineclass=None
    )
    return str(drawn)


def for_terminal(address: str) -> str:
    """Return a QR code in half blocks, with no control characters."""
    out = StringIO()
    segno.make(address, micro=False, error="l").terminal(out, border=2, compact=True)
    return out.getvalue()
