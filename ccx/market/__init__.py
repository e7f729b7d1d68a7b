"""Firms with strategies in one market: prices and profits (`competition`), which mix of strategies lasts and for whom it is healthy (`mix`), and
what pay makes of managers (`incentives`) and of partners (`partners`). The market game stands in `game`, `moves`, `strategies`, `league` and `seasons`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "category": ["firm_positions", "ounces"],
        "competition": ["best_price", "choice_shares", "consumer_surplus", "deviation_gains", "equilibrium_prices", "firm_profits"],
        "game": ["Market", "Match", "play"],
        "incentives": ["best_spending", "customers_won", "sales_channels", "what_pay_makes"],
        "league": ["asking", "ecology", "meetings", "next_prime", "play_tables", "round_robin", "seatings"],
        "mix": ["firms_of", "industry", "mix_table", "replicator", "shared_pools", "stable_mixes", "switch_gains"],
        "moves": ["State", "decide", "spending"],
        "partners": ["commission_per_hour", "present_value", "trailing_share"],
        "seasons": ["season", "season_equity", "standings"],
        "strategies": ["baselines", "by_shares", "copycat", "do_nothing", "marginal", "random_walk", "scripted"],
    },
)
