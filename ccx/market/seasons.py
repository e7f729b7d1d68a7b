"""One firm's season: a strategy against three rivals that stay the same, in one market after another."""

import numpy as np
import pandas as pd

from .game import play
from .moves import LEVERS
from .strategies import baselines, scripted

RIVALS = ("product_centric", "customer_centric", "peanut_butter")


def season(strategy, rivals=RIVALS):
    """Make a function that plays a strategy in a market and says what it spent.

    Parameters
    ----------
    strategy : function of a State
        It has seat 0. A decision that is none counts as nothing spent.
    rivals : sequence of three str, default RIVALS
        Names of `baselines`.

    Returns
    -------
    function of int
        From the seed of a market to an ndarray of shape (8, 4, 2): thousand dollars by quarter, lever and segment. What the strategy has
        come to follows from it: `season_equity`.

    Examples
    --------
    >>> spent = season(lambda state: {"development": (0.5 * state.cash, 0)})(7)
    >>> spent.shape, spent[0].tolist()
    ((8, 4, 2), [[0.0, 0.0], [0.0, 0.0], [40.0, 0.0], [0.0, 0.0]])
    """
    return lambda seed: _played(strategy, seed, rivals).spending[:, 0]


def season_equity(spent, seed, rivals=RIVALS):
    """Work out the customer equity that a row of decisions comes to, by playing them again.

    Parameters
    ----------
    spent : array_like, shape (8, 4, 2)
        As `season` gives it. A quarter that breaks the rules counts as nothing spent.
    seed : int
        Of the market.
    rivals : sequence of three str, default RIVALS

    Returns
    -------
    float
        Thousand dollars at the end: cash and the value of the customers.

    Raises
    ------
    ValueError
        When `spent` has another shape.

    Examples
    --------
    >>> build = lambda state: {"development": (0.5 * state.cash, 0)}
    >>> equity = season_equity(season(build)(7), seed=7)
    >>> equity == float(play([build, *(baselines()[rival] for rival in RIVALS)], seed=7).equity[0])
    True
    """
    spent = np.asarray(spent, dtype=float)
    if spent.ndim != 3 or spent.shape[1:] != (len(LEVERS), 2):
        raise ValueError(f"A season is a table of quarters by {len(LEVERS)} levers by 2 segments, not {spent.shape}.")
    decisions = [{lever: tuple(pair) for lever, pair in zip(LEVERS, quarter)} for quarter in spent.tolist()]
    return float(_played(scripted(decisions), seed, rivals).equity[0])


def standings(strategies, seeds, rivals=RIVALS):
    """Play several strategies in turn from the same seat of the same markets.

    Parameters
    ----------
    strategies : dict of str to function of a State
    seeds : sequence of int
        Of the markets.
    rivals : sequence of three str, default RIVALS

    Returns
    -------
    DataFrame
        By strategy, in their order: ``equity``, the mean over the markets (thousand dollars); ``spread``, their standard deviation; ``lead``, by how much
        the first strategy has more on average, and ``se``, the standard error of that; ``forfeits``, quarters that broke the rules, in all markets.

    Raises
    ------
    ValueError
        For fewer than two markets.

    Notes
    -----
    In the same markets luck is the same for everyone, so that the lead is far surer than the means are (common random numbers): its standard error comes from
    the differences, market by market.

    Examples
    --------
    >>> few = {name: baselines()[name] for name in ("customer_centric", "do_nothing")}
    >>> table = standings(few, seeds=range(4))
    >>> bool(table.loc["do_nothing", "lead"] > 2 * table.loc["do_nothing", "se"])
    True
    """
    seeds = list(seeds)
    if len(seeds) < 2:
        raise ValueError("One market is all luck: give at least two seeds.")
    matches = {name: [_played(strategy, seed, rivals) for seed in seeds] for name, strategy in strategies.items()}
    equity = pd.DataFrame({name: [match.equity[0] for match in row] for name, row in matches.items()})
    lead = equity.rsub(equity.iloc[:, 0], axis=0)
    forfeits = {name: sum(seat == 0 for match in row for _, seat, _ in match.forfeits) for name, row in matches.items()}
    columns = {"equity": equity.mean(), "spread": equity.std(), "lead": lead.mean(), "se": lead.std() / np.sqrt(len(seeds)), "forfeits": pd.Series(forfeits)}
    return pd.DataFrame(columns, index=equity.columns)


def _played(strategy, seed, rivals):
    return play([strategy, *(baselines()[rival] for rival in rivals)], seed)
