"""Fits of one process take turns: scikit-learn changes what its threads share."""

from __future__ import annotations

import threading
import time
import warnings

import numpy as np

from tests.analysis.baseline.test_baseline import NAMES, table
from workshop.analysis.baseline import fits as module
from workshop.analysis.baseline import train
from workshop.analysis.baseline.fits import Fits


def test_no_two_fits_run_at_the_same_moment(monkeypatch):
    running, most, lock = 0, 0, threading.Lock()

    def fit_and_score(*_):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return np.zeros(1)

    monkeypatch.setattr(module, "fit_and_score", fit_and_score)
    rows = np.arange(3)
    with Fits(table(60)) as fits:
        for found in fits.score([(rows, rows)] * 6):
            found.result()
    assert most == 1


def test_training_leaves_the_filters_of_warnings_as_they_were():
    before = list(warnings.filters)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        train(table(400), **NAMES)
    assert [str(one.message) for one in told] == []
    assert list(warnings.filters) == before
