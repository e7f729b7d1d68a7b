"""Numbers that stand in the prose of lesson 02 without a cell that computes them: here they are computed."""

import numpy as np
import pytest

import ccx

from lessons import release

TEXT = "\n".join(cell.source for cell in release("02-heterogeneity").cells if cell.cell_type == "markdown")


@pytest.fixture(scope="module")
def gifts():
    table = ccx.load("donations")
    return table["frequency"].repeat(table["donors"])


@pytest.fixture(scope="module")
def baskets():
    return ccx.load("grocery").groupby("customer_id")["basket_id"].nunique()


def alike(draw, n=1_000_000):
    """The top fifth's share among a million customers who differ by luck alone."""
    return ccx.top_share(draw(np.random.default_rng(1), n))


def test_customers_who_never_paid():
    spend = ccx.load("cdnow").groupby("customer_id")["value"].sum()
    assert f"{(spend == 0).sum()} customers never paid anything" in TEXT and f"the {(spend > 0).sum():,} who did" in TEXT


def test_donors_tie(gifts):
    six, five = (gifts == 6), (gifts >= 5)
    assert f"{six.sum():,} of them ({six.mean():.1%}".replace("%", " %") in TEXT
    assert f"{five.sum():,} ({five.mean():.1%}".replace("%", " %") in TEXT


def test_the_donors_concentration(gifts):
    assert f"repeat gifts have a Gini of {ccx.gini(gifts):.3f}" in TEXT
    assert f"| 55 % | {ccx.top_share(gifts):.0%} |".replace("0%", "0 %") in TEXT


def test_luck_at_the_grocer_and_at_the_charity(baskets, gifts):
    """Baskets of households with one rate are Poisson; gifts of donors with one probability are binomial."""
    grocer = alike(lambda rng, n: rng.poisson(baskets.mean(), n))
    charity = alike(lambda rng, n: rng.binomial(6, gifts.mean() / 6, n))
    row = f"{grocer:.0%}, against {ccx.top_share(baskets):.0%} of baskets | {charity:.0%} |"
    assert row.replace("%", " %") in TEXT
