"""The checks, a module for each kind of question; importing this registers them all."""

from importlib import import_module

for _name in (
    "completeness",
    "validity",
    "copies",
    "leakage",
    "provenance",
    "timeliness",
    "groups",
    "labels",
    "learnability",
):
    import_module(f"workshop.analysis.readiness.checks.{_name}")
