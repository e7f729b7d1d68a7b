"""A randomised campaign of the online shop with three arms, and what each customer does in the quarter after it."""

import numpy as np
import pandas as pd

from ._orders import TRIAL_WEEKS, filled, order_margin
from ._people import DAYS

VOUCHER, WINS, NEW = 5.0, 4.0, 92


def with_effect(people, calendar):
    """What a voucher does on average: orders that it wins from those still active, less what it costs on every customer who orders anyway."""
    usual = people["rate"] * (calendar.weeks(DAYS + 7 * TRIAL_WEEKS) - calendar.weeks(DAYS)) * people["alive"]
    # Whoever never orders is not won, and whoever would order anyway has little left to win.
    won = WINS * people["responsiveness"] * np.sqrt(usual) * np.exp(-usual)
    return people.assign(won=won, effect=won * order_margin(people) - VOUCHER * -np.expm1(-usual - won))


def trial(people, baskets, rng):
    """Everybody acquired a quarter before the end, in three arms: nothing, a letter, a voucher."""
    old = people.index[people["acquired"] < DAYS - NEW]
    before = _by_customer(baskets[(baskets["day"] >= DAYS - 7 * TRIAL_WEEKS) & (baskets["day"] < DAYS)], old)
    arm = _drawn(before, rng)
    after = filled(pd.concat([baskets.loc[baskets["day"] >= DAYS, ["customer_id"]], _won(people, arm, rng)]).assign(day=DAYS), people, rng)
    table = pd.DataFrame({"arm": arm, "before": before, "orders_after": after.groupby("customer_id").size().reindex(old, fill_value=0)})
    voucher = VOUCHER * ((arm == "voucher") & (table["orders_after"] > 0))
    return table.assign(margin_after=(_by_customer(after, old) - voucher).round(2))


def _drawn(before, rng):
    """Arms drawn among three customers of like margin at a time, so that no arm starts richer."""
    order = np.lexsort([rng.random(len(before)), before])
    blocks = rng.permuted(np.tile(["control", "letter", "voucher"], (len(before) // 3 + 1, 1)), axis=1)
    return pd.Series(blocks.ravel()[:len(before)], before.index[order], name="arm").reindex(before.index)


def _won(people, arm, rng):
    """The orders that the voucher wins."""
    treated = arm.index[arm == "voucher"]
    return pd.DataFrame({"customer_id": treated.repeat(rng.poisson(people.loc[treated, "won"]))})


def _by_customer(baskets, customers):
    return baskets.groupby("customer_id")["margin"].sum().reindex(customers, fill_value=0).round(2)
