"""Ranges that nobody measured: in order, within sense, and by known names."""

import pytest
from pydantic import ValidationError

from workshop.record.choices import Assumed, Floor, ImpactChoice


def test_one_figure_is_a_range_without_width():
    assert Assumed(likely=3).ends == (3, 3)
    assert Assumed(low=1, likely=3).ends == (1, 3)
    assert Assumed(likely=3, high=4).ends == (3, 4)


@pytest.mark.parametrize(
    "range_",
    [
        {"low": 5, "likely": 3},
        {"likely": 3, "high": 2},
        {"low": 1, "likely": 5, "high": 4},
    ],
)
def test_a_range_upside_down_is_refused(range_):
    with pytest.raises(ValidationError, match="from low over likely to high"):
        Assumed(**range_)


@pytest.mark.parametrize("name", ["seen", "keep_after_wrong", "reviewer_sensitivity"])
@pytest.mark.parametrize("range_", [{"likely": 30}, {"likely": 0.5, "high": 1.2}])
def test_a_share_above_one_is_refused(name, range_):
    with pytest.raises(ValidationError, match=f"{name} is a share and lies between"):
        ImpactChoice(assumed={name: range_})


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("minutes_tp", "0"),
        ("reviewer_hours", "0"),
        ("asks_per_user", "1"),
        ("cost_per_event", "0"),
    ],
)
def test_what_cannot_be_negative_is_refused(name, least):
    with pytest.raises(ValidationError, match=f"{name} cannot be below {least}"):
        ImpactChoice(assumed={name: {"low": -2, "likely": 3}})


def test_money_may_have_either_sign():
    found = ImpactChoice(assumed={"fp": {"low": -5, "likely": -2, "high": 1}})
    assert found.assumed["fp"].ends == (-5, 1)


def test_an_unknown_assumption_or_measure_names_the_nearest():
    with pytest.raises(ValidationError, match="did you mean 'minutes_today'"):
        ImpactChoice(assumed={"minute_today": {"likely": 3}})
    with pytest.raises(ValidationError, match="did you mean 'hours_saved'"):
        Floor(measure="hours", metric="hour_saved", at_least=3)


def test_a_range_that_is_no_number_is_refused():
    with pytest.raises(ValidationError, match="finite"):
        Assumed(likely=float("nan"))
