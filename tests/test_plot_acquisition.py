"""The figures of lesson 05: what they draw, what they say in words, and that nothing runs together."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from ccx import plot
from ccx.selection import acquisition_rate
from figures import every_rule, the_accent_and_the_grey_differ_in_more_than_colour

RNG = np.random.default_rng(4)
VALUE = pd.Series(RNG.lognormal(6, 1, 300))
GROUP = pd.Series(RNG.choice(["young", "middle", "old"], 300), name="age_group")
TABLE = pd.DataFrame({"cac": [9.2, 139, 15, 35, 26], "clv": [64.0, 246, 225, 182, 121], "acquired": [2985, 1180, 1231, 3114, 1652]},
                     index=["deals", "partners", "referral", "search", "social"])
LEDGER = pd.DataFrame({"prospects": 1440, "spend": 1440.0 * np.array([4.4, 11, 22, 8.8, 6.6]), "acquired": [75, 118, 140, 113, 94]}, index=range(10, 15))
SCORES = pd.DataFrame({"past": RNG.random(300), "looks": RNG.random(300)})
STAR = SCORES["past"] > 0.8

DRAWINGS = {
    "by group": lambda ax=None: plot.plot_by_group(VALUE, GROUP, ax=ax), "channels": lambda ax=None: plot.plot_channels(TABLE, ax=ax),
    "curve": lambda ax=None: plot.plot_acquisition(LEDGER, 0.1, 0.16, 10.0, ax=ax), "gains": lambda ax=None: plot.plot_gains(SCORES, STAR, ax=ax),
}
each = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


@each
def test_it_draws_on_the_axes_it_is_given_and_says_so(draw):
    figure = Figure()
    mine, other = figure.subplots(1, 2)
    assert draw(ax=mine) is mine and len(plot.alt_text(mine)) > 80 and not other.lines
    assert mine.get_xlabel() and mine.get_ylabel()


# A mean is a line on grey dots, and an average dotted where the curve is not.
@every_rule(the_accent_and_the_grey_differ_in_more_than_colour)
@each
def test_the_rules_for_every_figure_hold(draw, rule):
    rule(draw)


def test_by_group_shows_every_customer_and_every_mean():
    ax = plot.plot_by_group(VALUE, GROUP)
    dots = ax.lines[0]
    np.testing.assert_allclose(np.sort(dots.get_ydata()), np.sort(VALUE))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["middle", "old", "young"]
    heights = [path[0][1] for path in ax.collections[0].get_segments()]
    np.testing.assert_allclose(heights, VALUE.groupby(GROUP).mean())
    # Each dot stands in the column of its group.
    columns = np.round(dots.get_xdata()).astype(int)
    np.testing.assert_array_equal(columns, GROUP.map({"middle": 0, "old": 1, "young": 2}))


def test_the_two_spreads_of_by_group_make_up_the_variance():
    """Analysis of variance: within squared and between squared add up."""
    said = plot.alt_text(plot.plot_by_group(VALUE, GROUP)).replace(",", "")
    within, between = (float(said.split(mark)[1].split()[0].rstrip(".")) for mark in ("standard deviation of ", "means of the groups by "))
    assert within**2 + between**2 == pytest.approx(VALUE.var(ddof=0), rel=0.01)


def test_by_group_keeps_the_order_of_a_category():
    ordered = pd.Series(pd.Categorical(GROUP, ["young", "middle", "old"], ordered=True))
    assert [label.get_text() for label in plot.plot_by_group(VALUE, ordered).get_xticklabels()] == ["young", "middle", "old"]


def test_channels_stand_at_their_cost_and_value():
    ax = plot.plot_channels(TABLE)
    np.testing.assert_allclose(ax.collections[0].get_offsets(), TABLE[["cac", "clv"]])
    assert "partners: costs 139, is worth 246, difference 107" in plot.alt_text(ax)
    for line in ax.lines:
        # All points of a line leave the same.
        x, y = line.get_data()
        assert np.ptp(np.asarray(y) - np.asarray(x)) == pytest.approx(0)


def test_the_curve_and_its_two_slopes():
    ax = plot.plot_acquisition(LEDGER, 0.1, 0.16, today=10.0)
    curve, _, circles, ray, tangent, _ = ax.lines
    np.testing.assert_allclose(curve.get_ydata(), acquisition_rate(curve.get_xdata(), 0.1, 0.16))
    np.testing.assert_allclose(circles.get_ydata(), LEDGER["acquired"] / LEDGER["prospects"])
    rate = acquisition_rate(10.0, 0.1, 0.16)
    assert ray.get_data()[1][-1] == pytest.approx(rate)
    (x0, x1), (y0, y1) = tangent.get_data()
    h = 1e-5
    assert (y1 - y0) / (x1 - x0) == pytest.approx((acquisition_rate(10 + h, 0.1, 0.16) - acquisition_rate(10 - h, 0.1, 0.16)) / (2 * h))
    assert f"costs {10 / rate:,.0f} on average, the next one {(x1 - x0) / (y1 - y0):,.0f}" in plot.alt_text(ax)


def test_without_today_there_is_only_the_curve():
    ax = plot.plot_acquisition(LEDGER, 0.1, 0.16)
    assert len(ax.lines) == 3 and "next one" not in plot.alt_text(ax)


def test_gains_of_a_perfect_score_and_of_a_turned_one():
    """The stars come first with the one and last with the other."""
    ax = plot.plot_gains(pd.DataFrame({"perfect": STAR.astype(float), "turned": -STAR.astype(float)}), STAR)
    perfect, turned = (line.get_data() for line in ax.lines[:2])
    share = STAR.mean()
    assert np.interp(share, *perfect) == pytest.approx(1) and np.interp(1 - share, *turned) == pytest.approx(0)
    assert "perfect 100 %" in plot.alt_text(plot.plot_gains(pd.DataFrame({"perfect": STAR.astype(float)}), STAR, at=share))


def test_customers_who_do_not_match_are_refused():
    with pytest.raises(ValueError, match="same customers"):
        plot.plot_by_group(VALUE, GROUP[::-1])
    with pytest.raises(ValueError, match="same customers"):
        plot.plot_gains(SCORES, STAR[::-1])
    with pytest.raises(ValueError, match="must be a star"):
        plot.plot_gains(SCORES, STAR & False)
