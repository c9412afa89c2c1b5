"""Make the moving picture of the explorer that stands in the README.

    python docs/pictures/explorer.py [explorer.webp]

It writes the shipped example's report, opens its step 03 in a Chromium, moves the line
by arrow keys as a pair would, and puts what is then on the screen into one small file.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OUT = Path(__file__).with_name("explorer.webp")
WIDE, HIGH = 920, 640
STEPS, KEYS_A_STEP = 11, 6
SHOWN_MS, RESTS_MS = 180, 1500
QUALITY = 55


def main() -> int:
    """Write the picture; say how large it is."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    with tempfile.TemporaryDirectory() as folder:
        page = _report(Path(folder))
        frames = _frames(page)
    first, *rest = frames
    times = [SHOWN_MS] * len(frames)
    times[0] = times[STEPS - 1] = RESTS_MS
    moving = {"save_all": True, "append_images": rest, "duration": times, "loop": 0}
    first.save(out, "WEBP", quality=QUALITY, method=6, **moving)
    size = out.stat().st_size / 1000
    sys.stdout.write(f"{out.name}: {len(frames)} pictures, {size:,.0f} kB\n")
    return 0


def _report(folder: Path) -> Path:
    from workshop.data.catalog import find_target
    from workshop.report import write_report

    return write_report(find_target("privacy-assistant"), folder).page


def _frames(page: Path) -> list[Any]:
    """Move there and back; what comes back is what went, so that it has no seam."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_chromium())
        window = browser.new_page(viewport={"width": WIDE, "height": HIGH})
        window.goto(page.as_uri())
        explorer = window.locator(".cgx").first
        explorer.scroll_into_view_if_needed()
        grip = window.locator(".cgx-handle-act").first
        grip.focus()
        frames = []
        for _ in range(STEPS):
            shot = explorer.screenshot()
            frames.append(Image.open(io.BytesIO(shot)).convert("RGB"))
            for _ in range(KEYS_A_STEP):
                window.keyboard.press("ArrowRight")
            window.wait_for_timeout(60)
        browser.close()
    return [*frames, *frames[-2:0:-1]]


def _chromium() -> str:
    from workshop.report.pdf import find_chromium

    return find_chromium()


if __name__ == "__main__":
    sys.exit(main())
