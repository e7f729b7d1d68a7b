"""A firm with yearly contracts, cohort by cohort."""

import numpy as np
import pandas as pd


def subscription_base(acquired, rng, alpha=0.8, beta=2.4, c=1.0, first_year=2016):
    """A firm with yearly contracts: what is left of each year's new customers, and how likely each of them was to leave.

    Parameters
    ----------
    acquired : sequence of int
        New customers of each year; the last one is the present.
    rng : Generator or int
    alpha, beta : float, default 0.8 and 2.4
        Of the beta distribution of the probability of leaving at the first renewal; by default a quarter leaves there, which lies between the
        Regular and the High End subscribers of Fader and Hardie (2007).
    c : float, default 1
        How a customer's own inclination changes: at 1 it does not, below it they grow loyal, above it they tire (`ccx.clv.BetaDiscreteWeibullModel`).
    first_year : int, default 2016

    Returns
    -------
    survivors : DataFrame
        Indexed by renewals, a column per year of acquisition; missing where the year has not come yet.
    truth : DataFrame, by customer_id
        ``acquired`` (year), ``dropout`` (probability of leaving at the first renewal) and ``renewals`` made up to the present.

    Examples
    --------
    >>> survivors, truth = subscription_base([1000, 500], rng=1)
    >>> bool(survivors.loc[1, 2016] == truth["renewals"].sum())
    True
    """
    from ..clv import BetaDiscreteWeibullModel

    rng = np.random.default_rng(rng)
    model = BetaDiscreteWeibullModel(alpha, beta, c)
    drawn = {first_year + i: model.simulate(n, rng, T=len(acquired) - 1 - i) for i, n in enumerate(acquired)}
    truth = pd.concat([latent.assign(acquired=year) for year, (_, latent) in drawn.items()])[["acquired", "dropout", "renewals"]]
    survivors = pd.DataFrame({year: counts for year, (counts, _) in drawn.items()})
    return survivors.rename_axis(columns="acquired"), truth.set_axis(pd.RangeIndex(1, len(truth) + 1, name="customer_id"))
