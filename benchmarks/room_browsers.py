"""Pairs of a room at real browsers: they open steps, park lines, and look for them."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

from benchmarks.browsers import find_chromium

STEPS = ("00", "01", "02", "03", "04")
"""Those at which a line can be parked: in 05 what was parked is taken up."""
PATIENCE = 120_000


async def play(
    address: str, pairs: list[list[str]], end: float, think: float
) -> list[dict[str, float]]:
    """Let pairs, by their two codes, play until a moment; return figures of each."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox"]
        )
        try:
            return list(
                await asyncio.gather(
                    *(_pair(browser, address, codes, end, think) for codes in pairs)
                )
            )
        finally:
            await browser.close()


async def _pair(
    browser: Any, address: str, codes: list[str], end: float, think: float
) -> dict[str, float]:
    pages = [await _come_in(browser, address, code) for code in codes]
    opened: list[float] = []
    seen: list[float] = []
    failed = 0
    length = (end - time.perf_counter()) / len(STEPS)
    number = 0
    for place, step in enumerate(STEPS):
        opened += await asyncio.gather(*(_open(page, address, step) for page in pages))
        while time.perf_counter() < end - length * (len(STEPS) - 1 - place):
            await asyncio.sleep(think)
            number += 1
            one, other = pages if number % 2 else pages[::-1]
            took = await _park(one, other, f"{codes[0][:4]}-line-{number}")
            if took is None:
                failed += 1
            else:
                seen.append(took)
    opened += await asyncio.gather(*(_open(page, address, "05") for page in pages))
    ordered = sorted(seen) or [0.0]
    return {
        "lines": len(seen),
        "not seen": failed,
        "seen p50": ordered[len(ordered) // 2],
        "seen p95": ordered[int(0.95 * (len(ordered) - 1))],
        "page ready longest": max(opened),
    }


async def _come_in(browser: Any, address: str, code: str) -> Any:
    context = await browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(f"{address}/join")
    await page.fill("#code", code)
    await page.fill("#name", code[:4])
    await page.click("#go")
    await page.wait_for_url("**/seat")
    return page


async def _open(page: Any, address: str, step: str) -> float:
    """Open a step; as a person does, once more while the server does not answer."""
    from playwright.async_api import Error

    began = time.perf_counter()
    while True:
        try:
            await page.goto(f"{address}/step/{step}", wait_until="commit")
            break
        except Error:
            if time.perf_counter() - began > PATIENCE / 1000:
                raise
            await asyncio.sleep(1)
    field = "rights-threshold" if step == "05" else "parking-text"
    await page.locator(f".cg-field-{field} input").first.wait_for()
    return time.perf_counter() - began


async def _park(one: Any, other: Any, line: str) -> float | None:
    """Park a line on one page; return after how long it stands on the other."""
    with suppress(Exception):
        for _ in range(3):
            await one.locator(".cg-field-parking-text input").fill(line)
            began = time.perf_counter()
            await one.get_by_role("button", name="Park it").click()
            with suppress(Exception):
                await other.get_by_text(line).first.wait_for(
                    timeout=20_000, state="attached"
                )
                return time.perf_counter() - began
    return None
