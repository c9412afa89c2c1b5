"""What does the readiness report cost beside the least that papermill can do?

The other side is a single notebook, written here, that imports pandas, scikit-learn and
matplotlib and draws four plots: about what a team writes for itself in an afternoon.
Both run end to end from the command line, and take turns.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

RUNS = 7
GOAL = 1.6
CELLS = (
    "import matplotlib.pyplot as plt\n"
    "import numpy as np\n"
    "import pandas as pd\n"
    "from sklearn.metrics import precision_recall_curve, roc_curve",
    "rng = np.random.default_rng(1)\n"
    "frame = pd.DataFrame({'label': rng.integers(0, 2, 390)})\n"
    "frame['score'] = frame['label'] * 0.3 + rng.random(390)",
    "precision, recall, _ = precision_recall_curve(frame['label'], frame['score'])\n"
    "plt.plot(recall, precision)",
    "fpr, tpr, _ = roc_curve(frame['label'], frame['score'])\nplt.plot(fpr, tpr)",
    "plt.hist([frame.loc[frame['label'] == k, 'score'] for k in (0, 1)], bins=20)",
    "frame.groupby('label')['score'].mean().plot.bar()",
)


def program(name: str) -> str:
    """Return a console script that lies beside the interpreter in use."""
    beside = shutil.which(name, path=str(Path(sys.executable).parent))
    if beside is None:
        sys.exit(f"no `{name}` beside this interpreter: run make bench")
    return beside


def write_notebook(path: Path) -> None:
    """Write the notebook that stands for the other side."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, path)


def seconds(command: list[str]) -> float:
    """Return the wall time of one run; a command that fails ends the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    spent = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    return spent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each side")
    parser.add_argument("--scenario", default="privacy-assistant")
    chosen = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        write_notebook(out / "plain.ipynb")
        plain = [program("papermill"), "--no-progress-bar"]
        plain += [str(out / "plain.ipynb"), str(out / "plain-executed.ipynb")]
        report = [program("workshop"), "report", chosen.scenario]
        report += ["-o", str(out / "report")]

        seconds(plain), seconds(report)  # the first turn fills the caches
        turns = [(seconds(plain), seconds(report)) for _ in range(chosen.runs)]

    plain_median, report_median = map(statistics.median, zip(*turns, strict=True))
    ratio = report_median / plain_median
    print(f"medians of {chosen.runs} runs each, taking turns")
    print(f"papermill, one notebook, four plots   {plain_median:5.2f} s")
    print(f"workshop report {chosen.scenario:21} {report_median:5.2f} s")
    print(f"ratio {ratio:.2f}; goal {GOAL}: {'met' if ratio <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
