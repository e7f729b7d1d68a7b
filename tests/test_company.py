"""The simulated company: believable by the ranges seen in real data, and true to the truth that lies beside it."""

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.simulate import _orders, _people, _trial, company

SEEDS = (2024, 1, 5)


@pytest.fixture(scope="module", params=SEEDS)
def shop(request):
    return company(rng=request.param)


@pytest.fixture(scope="module")
def large():
    return company(rng=11, size=4)


def within_five_standard_errors(drawn, expected):
    """Whether a mean over customers is that of their expectations."""
    difference = np.asarray(drawn, float) - np.asarray(expected, float)
    assert abs(difference.mean()) < 5 * difference.std() / np.sqrt(len(difference))


def spend(shop):
    return shop.orders.groupby("customer_id")["value"].sum()


def test_it_is_as_uneven_as_real_firms(shop):
    """The ranges found in CDNOW, an online retailer, an apparel shop and a grocery panel."""
    value, orders = spend(shop), shop.orders.groupby("customer_id").size()
    assert 0.55 <= ccx.top_share(value) <= 0.75
    assert 0.35 <= (orders == 1).mean() <= 0.60
    assert 0.64 <= (value < value.mean()).mean() <= 0.80
    assert 0.05 <= ccx.effective_customers(value) / len(value) <= 0.5
    assert 0.06 <= shop.orders["returned"].sum() / shop.orders["value"].sum() <= 0.08


def test_the_past_misleads_as_much_as_it_does_in_real_firms(shop):
    old = shop.customers.index[shop.customers["acquired"] < "2025-01-01"]
    years = shop.orders.groupby([shop.orders["date"].dt.year, "customer_id"])["value"].sum()
    first, second = (years[year].reindex(old, fill_value=0) for year in (2024, 2025))
    size = int(0.2 * len(old))
    missed = 1 - len(set(first.nlargest(size).index) & set(second.nlargest(size).index)) / size
    assert 0.25 <= missed <= 0.55 and 0.06 <= missed * size / (len(old) - size) <= 0.15


def test_few_customers_cost_more_than_they_bring(shop):
    net = shop.orders.groupby("customer_id")["margin"].sum() - shop.customers["service_cost"]
    assert 0 < (net < 0).mean() < 0.02


def test_the_tables_fit_together(shop):
    customers, orders = shop.customers, shop.orders
    pd.testing.assert_series_equal(orders.groupby("customer_id")["date"].min(), customers["acquired"], check_names=False)
    assert shop.truth.index.equals(customers.index) and customers["acquired"].is_monotonic_increasing
    assert orders["date"].is_monotonic_increasing and orders["date"].between("2024-01-01", "2025-12-31").all()
    assert (orders["returned"] <= orders["value"]).all() and (orders["value"] > 0).all()
    won = customers.groupby([pd.PeriodIndex(customers["acquired"], freq="Q").astype(str), "channel"]).size()
    pd.testing.assert_series_equal(won.sort_index(), shop.channels.query("acquired > 0").set_index(["quarter", "channel"])["acquired"].sort_index(),
                                   check_names=False, check_index_type=False, check_dtype=False)


def test_who_refers_was_there_before(shop):
    referrals = shop.referrals.set_index("customer_id")
    assert set(referrals.index) == set(shop.customers.index[shop.customers["channel"] == "referral"])
    assert (referrals["date"] >= referrals["referrer_id"].map(shop.customers["acquired"])).all()
    assert not shop.truth["would_have_come"].drop(referrals.index).any()
    # As in Kumar, Petersen and Leone (2007), the best buyers are not the best referrers.
    assert abs(shop.truth["clv"].corr(shop.truth["sharing"], method="spearman")) < 0.05


def test_the_cheapest_the_best_and_the_most_profitable_channel_are_three(shop):
    cost = shop.channels.groupby("channel")[["spend", "acquired"]].sum()
    cac, clv = cost["spend"] / cost["acquired"], shop.truth["clv"].groupby(shop.customers["channel"]).mean()
    assert len({cac.idxmin(), clv.idxmax(), (clv - cac).idxmax()}) == 3
    paid = cac.index != "referral"
    assert len({cac[paid].idxmin(), clv[paid].idxmax(), (clv - cac)[paid].idxmax()}) == 3


def test_referred_customers_are_worth_more_than_their_like(large):
    """At least 16 per cent, as Schmitt, Skiera and Van den Bulte (2011) found; here against customers of the same verticals from search."""
    mean = large.truth["clv"].groupby([large.customers["channel"], large.customers["vertical"]]).mean().unstack()
    share = large.customers["vertical"].value_counts(normalize=True)
    assert (mean.loc["referral"] @ share) / (mean.loc["search"] @ share) > 1.16


def test_the_value_of_a_customer_is_the_mean_of_what_such_customers_bring():
    """The closed form against ten thousand lives of one customer, followed for two years and valued at the end by who is left."""
    n = 10_000
    people = pd.DataFrame({"acquired": 0.0, "vertical": "parents", "rate": 0.2, "dropout": 0.15, "spend": 40.0}, index=pd.RangeIndex(1, n + 1, name="customer_id"))
    rng, calendar = np.random.default_rng(3), _orders.Calendar(np.random.default_rng(3))
    # A calendar without shocks, so that weeks are weeks.
    calendar.counted = calendar.days / 7
    baskets = _orders.filled(_orders.purchases(people, calendar, rng), people, rng)
    valued = _orders.with_value(people, baskets)
    service = _people.CONTACT * _people.VERTICALS.loc["parents", "contacts"]
    seen = baskets[baskets["day"] < _people.DAYS]
    discount = 1.1 ** (-seen["day"] / 365.25)
    brought = ((seen["margin"] - service) * discount).groupby(seen["customer_id"]).sum().reindex(people.index, fill_value=0)
    rest = valued["residual"] * 1.1 ** (-_people.DAYS / 365.25)
    within_five_standard_errors(brought + rest, valued["clv"])
    assert 0 < valued["alive"].mean() < 1


def test_orders_cost_and_come_back_as_often_as_the_expectation_says(large):
    counts = large.orders.groupby("customer_id").size()
    expected = _orders.order_margin(large.truth.join(large.customers["vertical"]))
    within_five_standard_errors(large.orders.groupby("customer_id")["margin"].sum() - expected * counts, 0 * counts)


def test_the_campaigns_effects_are_the_known_ones(large):
    """The voucher's mean effect is that of the truth table, the letter's is nothing; the arms started level."""
    arms = {arm: rows for arm, rows in large.campaign.groupby("arm")}
    control = arms["control"]
    for arm, known in (("letter", 0), ("voucher", large.truth.loc[large.campaign.index, "effect"].mean())):
        found, error = arms[arm]["margin_after"].mean() - control["margin_after"].mean(), np.hypot(arms[arm]["margin_after"].sem(), control["margin_after"].sem())
        assert abs(found - known) < 4 * error
    assert large.truth.loc[large.campaign.index, "effect"].mean() > 1
    before = large.campaign.groupby("arm")["before"].mean()
    assert before.max() / before.min() < 1.02
    assert large.campaign["arm"].value_counts().agg(np.ptp) <= 2


def test_a_voucher_is_wasted_on_the_lost_and_on_those_who_order_anyway(large):
    truth = large.truth
    assert (truth.loc[~truth["alive"], "effect"] == 0).all()
    sure = truth["alive"] & (truth["rate"] > 0.4)
    assert sure.sum() > 100 and truth.loc[sure, "effect"].max() < 0.1 and truth.loc[sure, "effect"].mean() < -0.9 * _trial.VOUCHER


def test_patients_stop_and_are_late_as_the_truth_says(large):
    """Of those whose first refill was due long before the end the share of E[stop] never comes; gaps last 30 days and the mean delay."""
    refills, truth = large.refills, large.truth.dropna(subset=["stop"])
    early = truth.index[large.customers.loc[truth.index, "acquired"] < "2024-06-01"]
    count = refills.groupby("customer_id").size()
    within_five_standard_errors((count[early] == 1), truth.loc[early, "stop"])
    assert set(count.index) == set(truth.index) and (large.customers.loc[truth.index, "vertical"] == "chronic care").all()
    gaps = refills.groupby("customer_id")["date"].diff().dt.days.dropna()
    assert gaps.min() >= 29
    early_gaps = gaps.groupby(refills["customer_id"]).mean()
    assert early_gaps.corr(truth["delay"]) > 0.5


def test_the_first_quarter_of_a_year_wins_least_and_the_last_most(shop):
    paid = shop.channels[shop.channels["channel"] != "referral"]
    prospects = paid.groupby(paid["quarter"].str[-2:])["prospects"].sum() / paid["prospects"].sum()
    np.testing.assert_allclose(prospects, [0.18, 0.18, 0.19, 0.45], atol=0.001)


def test_the_same_seed_gives_the_same_company_and_another_one_another():
    one, two, other = (company(rng=seed, size=0.1) for seed in (1, 1, 2))
    for name in vars(one):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
    assert not one.orders.equals(other.orders)


def test_some_orders_may_lack_a_name():
    named, partly = company(rng=1, size=0.2), company(rng=1, size=0.2, anonymous=0.25)
    missing = partly.orders["customer_id"].isna()
    assert missing.mean() == pytest.approx(0.25, abs=0.05)
    assert (partly.orders["customer_id"].dropna() == named.orders["customer_id"][~missing]).all()
    assert named.orders.drop(columns="customer_id").equals(partly.orders.drop(columns="customer_id"))


@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": -1}, {"size": np.nan}, {"anonymous": 1}, {"anonymous": -0.1}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError, match="positive size"):
        company(rng=1, **wrong)
