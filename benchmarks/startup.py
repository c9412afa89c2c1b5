"""How long does one wait for `import workshop` and for `workshop --help`?

Both are compared with a bare interpreter in the same run, taking turns so that a busy
moment of the machine falls on all of them; the difference of the medians counts.
"""

import statistics
import subprocess
import sys
import time

from report import program

RUNS = 21
IMPORT_GOAL, HELP_GOAL = 50, 150  # milliseconds over a bare interpreter


def milliseconds(command: list[str]) -> float:
    """Return the wall time of one run; a command that fails ends the benchmark."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Measure and print."""
    commands = {
        "bare interpreter": [sys.executable, "-c", "pass"],
        "import workshop": [sys.executable, "-c", "import workshop"],
        "workshop --help": [program("workshop"), "--help"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(RUNS + 1):
        for name, command in commands.items():
            spent = milliseconds(command)
            if turn:  # the first turn fills the caches
                times[name].append(spent)

    medians = {name: statistics.median(spent) for name, spent in times.items()}
    bare = medians["bare interpreter"]
    print(f"medians of {RUNS} runs, taking turns")
    print(f"{'bare interpreter':18} {bare:6.0f} ms")
    for name, goal in (
        ("import workshop", IMPORT_GOAL),
        ("workshop --help", HELP_GOAL),
    ):
        over = medians[name] - bare
        verdict = "met" if over <= goal else "MISSED"
        print(
            f"{name:18} {medians[name]:6.0f} ms, {over:+.0f} ms; goal {goal}: {verdict}"
        )


if __name__ == "__main__":
    main()
