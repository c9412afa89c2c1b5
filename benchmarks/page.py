"""What does a report's page weigh, and how soon is it there?

Every shipped scenario is reported, and with ``--rows`` a made one of as many rows. Each
page is opened from disk in Chromium a few times, every time in a fresh window, and
scrolled through; the medians of its first paint and of its longest task after that are
shown beside the goals.
"""

import argparse
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from report import program

SHIPPED = ("privacy-assistant", "deposit-calls", "flight-disruptions")
OUT = Path(__file__).parent / "out" / "page"
OPENED = 5
BYTES, MOST_BYTES = 300_000, 1_000_000
PAINT_MS, TASK_MS = 1000, 100
IDLE_MS = 1500
WATCH = """
window.told = {tasks: [], paint: null};
new PerformanceObserver(list => {
  for (const one of list.getEntries()) told.tasks.push([one.startTime, one.duration]);
}).observe({type: 'longtask', buffered: true});
new PerformanceObserver(list => {
  for (const one of list.getEntries())
    if (one.name === 'first-contentful-paint') told.paint = one.startTime;
}).observe({type: 'paint', buffered: true});
"""


def report(target: str, name: str) -> Path:
    """Write a scenario's report; a command that fails ends the benchmark."""
    folder = OUT / name
    call("report", target, "-o", str(folder), "--as-of", "2026-11-22")
    return folder / "report.html"


def call(*arguments: str) -> None:
    """Call the command line beside this interpreter."""
    done = subprocess.run(
        [program("workshop"), *arguments], capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"workshop {' '.join(arguments)}: {done.returncode}\n{done.stderr}")


def made_up(rows: int) -> Path:
    """A scenario of so many scored rows, made of a table on disk."""
    folder = OUT / f"made-{rows}"
    if not (folder / "scenario.yaml").exists():
        table = OUT / f"rows-{rows}.parquet"
        write_table(table, rows)
        given = ["--label", "label", "--positive", "1", "--score", "score"]
        call("new", str(folder), "--data", str(table), *given, "--key", "id")
    return folder


def write_table(path: Path, rows: int) -> None:
    """Write few columns: a key, a label, a score that leans the right way."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(1)
    label = draw.random(rows) < 0.2
    score = 1 / (1 + np.exp(-draw.normal(1.5 * label - 1.5, 1.0)))
    columns = {"id": np.arange(rows), "label": label.astype(np.int8), "score": score}
    parquet.write_table(pa.table(columns), path)


def weights(page: Path) -> tuple[int, int, int]:
    """Bytes of the page, of its scripts with their state, and of its pictures."""
    text = page.read_text("utf-8")

    def of(pattern: str) -> int:
        found = re.findall(pattern, text, re.DOTALL)
        return sum(len(one.encode("utf-8")) for one in found)

    return page.stat().st_size, of(r"<script.*?</script>"), of(r"<svg.*?</svg>")


def opened(browser: object, page: Path) -> tuple[float, float]:
    """First paint and the longest task that ends after it, in milliseconds."""
    window = browser.new_page(viewport={"width": 1280, "height": 800})
    window.add_init_script(WATCH)
    window.goto(page.resolve().as_uri(), wait_until="load")
    # The page's own policy forbids the polling of `wait_for_function`.
    while window.evaluate("told.paint") is None:
        window.wait_for_timeout(20)
    for _ in range(6):
        window.mouse.wheel(0, 3000)
        window.wait_for_timeout(IDLE_MS / 6)
    told = window.evaluate("told")
    window.close()
    after = [long for start, long in told["tasks"] if start + long > told["paint"]]
    return told["paint"], max(after, default=0.0)


def show(browser: object, name: str, page: Path, most: int) -> bool:
    """Print one page's line; say whether every goal is met."""
    opened(browser, page)
    paints, tasks = zip(*(opened(browser, page) for _ in range(OPENED)), strict=True)
    paint, task = statistics.median(paints), statistics.median(tasks)
    size, script, svg = weights(page)
    met = size < most and paint < PAINT_MS and task < TASK_MS
    line = f"{name:22}{size:>10,}{script:>10,}{svg:>10,}{paint:>10.0f}{task:>10.0f}"
    print(f"{line}   {'met' if met else 'MISSED'}", flush=True)
    return met


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, help="rows of a made scenario, as well")
    parser.add_argument("--page", type=Path, help="a page that is there, only this")
    chosen = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        print(f"{'':22}{'page':>10}{'script':>10}{'svg':>10}{'paint':>10}{'task':>10}")
        print(f"{'goal':22}{BYTES:>10,}{'':20}{PAINT_MS:>10}{TASK_MS:>10}")
        if chosen.page:
            show(browser, chosen.page.parent.name, chosen.page, MOST_BYTES)
        else:
            for name in SHIPPED:
                show(browser, name, report(name, name), BYTES)
            if chosen.rows:
                page = report(str(made_up(chosen.rows)), f"report-{chosen.rows}")
                show(browser, f"{chosen.rows:,} rows", page, MOST_BYTES)
        browser.close()


if __name__ == "__main__":
    main()
