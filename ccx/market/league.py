"""Many strategies of the market game against each other: who sits at which table, the league that comes of it, and who survives."""

import numpy as np
import pandas as pd

from ._world import FIRMS, QUARTERS
from .game import Market
from .moves import decide


def seatings(n):
    """Seat players at tables of four so that all meet all others equally often.

    Parameters
    ----------
    n : int
        Players; a prime number from 5.

    Returns
    -------
    ndarray, shape ((n − 1) / 2, n, 4)
        In each of the rounds n tables, with the players in seats 0 to 3. In a round everyone sits once in each seat; over all rounds every two players share
        six tables.

    Raises
    ------
    ValueError
        Where n is not such a number.

    Notes
    -----
    Table c of round d seats players c, c + d, c + 3 d and c + 4 d modulo n. Two players whose numbers differ by e share a table whenever d times one of the differences
    1, 1, 2, 3, 3, 4 of {0, 1, 3, 4} is ±e; modulo a prime that is so for exactly one of the d for each of the six (Bose, 1939: a balanced design by differences).

    Examples
    --------
    >>> seatings(5)[0].tolist()
    [[0, 1, 3, 4], [1, 2, 4, 0], [2, 3, 0, 1], [3, 4, 1, 2], [4, 0, 2, 3]]
    """
    if n != int(n) or n < 5 or not _is_prime(n):
        raise ValueError(f"Tables of four at which all meet equally often take a prime number of players from 5, not {n}.")
    c, d = np.arange(n)[:, None], np.arange(1, (n + 1) // 2)[:, None, None]
    return (c + d * np.array([0, 1, 3, 4])) % n


def _is_prime(n):
    return n > 1 and all(n % i for i in range(2, int(n**0.5) + 1))


def next_prime(n):
    """Find the smallest number of players from n on for which there are `seatings`.

    Parameters
    ----------
    n : int

    Returns
    -------
    int

    Examples
    --------
    >>> [next_prime(n) for n in (1, 7, 30)]
    [5, 7, 31]
    """
    n = max(n, 5)
    while not _is_prime(n):
        n += 1
    return n


def play_tables(tables, seeds, ask):
    """Play a market at each table, all of them quarter by quarter, so that a strategy can be asked about all of its tables at once.

    Parameters
    ----------
    tables : sequence of four names each
        The strategy in each seat; one may have several seats.
    seeds : sequence of int
        Of each table's market.
    ask : function of a dict of name to list of State
        Returns a dict of name to as many decisions, in the same order.

    Returns
    -------
    equity : ndarray, shape (n_tables, 4)
        By table and seat.
    forfeits : DataFrame
        ``strategy``, ``quarter`` and ``reason`` of each quarter without a valid decision.

    Examples
    --------
    >>> equity, forfeits = play_tables([["idle", "idle", "idle", "odd"]], [7], asking({"idle": lambda state: {}, "odd": lambda state: 5}))
    >>> equity.shape, len(forfeits), forfeits["reason"][0]
    ((1, 4), 8, 'A decision is a dict of levers, not int.')
    """
    markets = [Market(seed) for seed in seeds]
    for _ in range(QUARTERS):
        asked = {}
        for table, market in zip(tables, markets):
            for name, state in zip(table, market.states()):
                asked.setdefault(name, []).append(state)
        told = {name: iter(decisions) for name, decisions in ask(asked).items()}
        for table, market in zip(tables, markets):
            market.play([next(told[name]) for name in table])
    rows = [(table[seat], quarter, reason) for table, market in zip(tables, markets) for quarter, seat, reason in market.forfeits]
    return np.array([market.equity() for market in markets]), pd.DataFrame(rows, columns=["strategy", "quarter", "reason"])


def asking(strategies):
    """Make the `ask` of `play_tables` for functions in this process.

    Parameters
    ----------
    strategies : dict of str to function of a State

    Returns
    -------
    function

    Examples
    --------
    >>> asking({"idle": lambda state: {}})({"idle": ["a state"]})
    {'idle': [{}]}
    """
    return lambda asked: {name: [decide(strategies[name], state) for state in states] for name, states in asked.items()}


def round_robin(strategies, rng, repeats=1, ask=None):
    """Play every strategy against every other equally often, from every seat.

    Parameters
    ----------
    strategies : dict of str to function of a State
        As many as `seatings` takes; `next_prime` says how many to make up.
    rng : Generator or int
        For the markets: in each everyone sits once in each seat.
    repeats : int, default 1
        How often the whole plan is played, each time in other markets.
    ask : function, optional
        As `play_tables` takes it, for strategies that are not in this process; `strategies` may then be names alone.

    Returns
    -------
    DataFrame
        By strategy, the best first: ``equity``, the mean over all its games; ``error``, the standard error of that mean as far as comparisons go (what
        makes a market richer for everybody is taken out); ``spread``, the standard deviation between games; ``worst``; ``won``, the share of its games in
        which no firm had more; ``games``; ``forfeits``, quarters without a valid decision, and the most frequent ``reason``.

    Raises
    ------
    ValueError
        For a number of strategies without such a plan.

    Examples
    --------
    >>> from ccx.market import baselines
    >>> few = {name: baselines()[name] for name in ("customer_centric", "peanut_butter", "cheapest", "do_nothing", "head_count")}
    >>> list(round_robin(few, rng=1).index)
    ['customer_centric', 'peanut_butter', 'cheapest', 'do_nothing', 'head_count']
    """
    names = list(strategies)
    rounds = np.tile(seatings(len(names)), (repeats, 1, 1))
    tables = [[names[player] for player in table] for table in rounds.reshape(-1, FIRMS)]
    seeds = np.repeat(_seeds(rng, len(rounds)), len(names)).tolist()
    equity, forfeits = play_tables(tables, seeds, ask or asking(strategies))
    won = equity == equity.max(axis=1, keepdims=True)
    games = pd.DataFrame({"strategy": np.ravel(tables), "market": np.repeat(seeds, FIRMS), "equity": equity.ravel(), "won": won.ravel()})
    by_name, by_market = games.groupby("strategy"), games.pivot_table("equity", "market", "strategy")
    table = by_name["equity"].agg(equity="mean", spread="std", worst="min").assign(won=by_name["won"].mean(), games=by_name.size()).loc[names]
    table.insert(1, "error", by_market.sub(by_market.mean(axis=1), axis=0).sem())
    reasons = forfeits.groupby("strategy")["reason"]
    table["forfeits"] = reasons.size().reindex(names, fill_value=0).astype(int)
    table["reason"] = reasons.agg(lambda said: said.mode()[0]).reindex(names).fillna("") if len(forfeits) else ""
    return table.sort_values("equity", ascending=False, kind="stable")


def meetings(strategies, rng, worlds=2, ask=None):
    """Play every strategy alone among three firms of every other one, and among its like.

    Parameters
    ----------
    strategies : dict of str to function of a State
        Or names alone, with `ask`.
    rng : Generator or int
        For the markets, which are the same for all.
    worlds : int, default 2
        Markets for each meeting; the one alone sits in another seat in each.
    ask : function, optional
        As in `round_robin`.

    Returns
    -------
    DataFrame
        Mean equity of one firm of the strategy of the row among three of the strategy of the column.

    Examples
    --------
    >>> from ccx.market import baselines
    >>> two = {name: baselines()[name] for name in ("focal_only", "product_centric")}
    >>> payoffs = meetings(two, rng=1)
    >>> payoffs.idxmax().to_dict()  # whoever is the only one has the best of it
    {'focal_only': 'product_centric', 'product_centric': 'focal_only'}
    """
    names, seats = list(strategies), np.arange(worlds) % FIRMS
    tables = [[one if i == seat else other for i in range(FIRMS)] for one in names for other in names for seat in seats]
    equity, _ = play_tables(tables, np.tile(_seeds(rng, worlds), len(names) ** 2).tolist(), ask or asking(strategies))
    alone = equity.reshape(-1, worlds, FIRMS)[:, np.arange(worlds), seats]
    return pd.DataFrame(alone.mean(axis=1).reshape(len(names), -1), names, names)


def ecology(payoffs, generations=200, start=None):
    """Let strategies grow and shrink with what they earn in the market that they make up together.

    Parameters
    ----------
    payoffs : DataFrame or array_like, shape (n, n)
        What a firm of the strategy of the row earns among those of the column, as from `meetings`; none negative.
    generations : int, default 200
    start : array_like, shape (n,), optional
        Shares at the start, all equal if left out.

    Returns
    -------
    DataFrame
        Shares by generation (from 0) and strategy; each row sums to 1.

    Raises
    ------
    ValueError
        Where payoffs or shares are negative, or the payoffs are no square.

    Notes
    -----
    The replicator dynamics in discrete time, x_i ← x_i f_i / Σ x_j f_j with f = A x, as in Axelrod's ecological tournament (1984): a strategy that
    earns more than the mean grows. With `meetings`, f takes the equity among mixed rivals for the mean of what it is among rivals of one kind each, which is near
    enough to see who survives.

    Examples
    --------
    >>> ecology([[1, 3], [2, 2]], generations=100).iloc[-1].round(2).tolist()
    [0.5, 0.5]
    """
    names = payoffs.columns if isinstance(payoffs, pd.DataFrame) else None
    a = np.asarray(payoffs, dtype=float)
    x = np.full(len(a), 1 / len(a)) if start is None else np.asarray(start, dtype=float)
    if a.ndim != 2 or a.shape != (len(x), len(x)) or not (a >= 0).all() or not (x >= 0).all() or not x.sum() > 0:
        raise ValueError("An ecology takes a square of payoffs and a share for each strategy, none negative, and some share at the start.")
    path = [x / x.sum()]
    for _ in range(generations):
        grown = path[-1] * (a @ path[-1])
        path.append(grown / grown.sum() if grown.sum() > 0 else path[-1])
    return pd.DataFrame(path, columns=names).rename_axis("generation")


def _seeds(rng, n):
    return np.random.default_rng(rng).integers(2**63, size=n)
