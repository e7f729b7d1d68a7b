"""The figures of a whole firm: what they show, what they say, and by the common rules whether they can be read."""

import numpy as np
import pandas as pd
import pytest

from ccx import clv, plot
from ccx.simulate import subscription_disclosures
from figures import every_rule

TABLE, TRUTH = subscription_disclosures(10)
LONG = pd.concat([TABLE["add"], TRUTH.additions.iloc[:12]])
FORECASTS = {"sBG": clv.expected_disclosures(TRUTH.model, LONG), "constant churn": clv.expected_disclosures(clv.constant_churn(TABLE), LONG)}
VALUE = pd.Series({"existing": 215e6, "future": 841e6, "fixed_costs": -207e6, "tax": -212e6, "other_assets": 40e6, "debt": -80e6, "equity": 597e6})
DRAWS = pd.DataFrame({"equity": np.linspace(500e6, 700e6, 201)})
LOSSES = pd.Series({"existing": 2e4, "future": -5e4, "fixed_costs": 0, "tax": 0, "other_assets": 0, "debt": 0, "equity": -3e4})
PLOTS = {
    "disclosures": lambda ax=None: plot.plot_disclosures(TABLE, ax=ax),
    "disclosures, forecasts": lambda ax=None: plot.plot_disclosures(TABLE, FORECASTS, ax=ax),
    "valuation": lambda ax=None: plot.plot_valuation(VALUE, ax=ax),
    "valuation, interval": lambda ax=None: plot.plot_valuation(VALUE, DRAWS, ax=ax),
    "valuation, worth less than nothing": lambda ax=None: plot.plot_valuation(LOSSES, ax=ax),
    "two values": lambda ax=None: plot.plot_two_values({"sBG": VALUE, "constant churn": VALUE * 0.6}, ax=ax),
    "three values, one of a loss": lambda ax=None: plot.plot_two_values({"a": VALUE, "b": VALUE * 0.6, "c": -VALUE}, ax=ax),
}


@every_rule()
@pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)
def test_the_rules_for_every_figure_hold(draw, rule):
    rule(draw)


def test_disclosures_show_what_was_added_lost_and_left():
    ax = PLOTS["disclosures"]()
    added, lost = ([bar.get_height() for bar in bars] for bars in ax.containers)
    assert added == TABLE["add"].tolist() and lost == (-TABLE["loss"]).tolist()
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), TABLE["end"])
    last = TABLE.iloc[-1]
    assert f"adds {last['add']:,.0f}, loses {last['loss']:,.0f} and has {last['end']:,.0f}" in ax.alt_text


def test_forecasts_go_on_where_the_table_ends():
    ax = PLOTS["disclosures, forecasts"]()
    for line, (name, forecast) in zip(ax.lines[1:], FORECASTS.items()):
        np.testing.assert_array_equal(line.get_xydata(), np.column_stack([forecast.index, forecast["end"]]))
        assert f"The curve {name} ends at {forecast['end'].iloc[-1]:,.0f} in quarter 36." in ax.alt_text


def test_the_steps_of_a_valuation_stand_on_each_other_and_lead_to_the_equity():
    ax = PLOTS["valuation, interval"]()
    bars = [container[0] for container in ax.containers]
    ends = [bar.get_y() + bar.get_height() for bar in bars]
    np.testing.assert_allclose([bar.get_y() for bar in bars], [0, *ends[:-2], 0])
    np.testing.assert_allclose([bar.get_height() for bar in bars], VALUE / 1e6)
    assert ends[-1] == pytest.approx(ends[-2])
    assert ax.alt_text.endswith("debt -80, equity 597, with a 95% interval from 505 to 695.")


def test_parts_that_are_nothing_are_left_out_and_small_firms_count_in_dollars():
    ax = PLOTS["valuation, worth less than nothing"]()
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["existing\ncustomers", "future\ncustomers", "equity"]
    assert "in dollars: existing customers 20,000, future customers -50,000, equity -30,000" in ax.alt_text


def test_two_values_lie_beside_each_other():
    ax = PLOTS["two values"]()
    existing, future = ([bar.get_width() for bar in bars] for bars in ax.containers)
    np.testing.assert_allclose([existing, future], [[215, 129], [841, 504.6]])
    assert "sBG: existing customers 215, future customers 841. constant churn: existing customers 129, future customers 505." in ax.alt_text
