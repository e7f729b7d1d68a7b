"""The paradox of customer centricity: the more a firm zooms in on its best customers, the more it needs the rest. And when it does not.

Groups with a risk of their own and a shock in common (`Group`, `ballast`, `others_needed`, `zoom_needs_others`), the few stars and the huge
base (`star_ballast`), being wrong about the best (`NoisyScore`, `optimal_zoom`), segments as a portfolio (`frontier`), and
tiers of customers in a log (`tiers`, `tier_revenue`, `steadiness`, `measured_group`). Every exact result has a simulation beside it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "groups": ["Group", "combined", "ruin_probability", "simulate_margins", "stressed"],
        "others": ["ballast", "others_needed", "star_ballast", "zoom_needs_others"],
        "portfolio": ["customer_beta", "efficient_mix", "frontier", "minimum_variance", "resampled_frontier", "risk_and_return", "tangency"],
        "revenue": ["customer_revenue", "detrended", "measured_group", "steadiness", "tier_revenue", "tiers"],
        "zoom": ["NoisyScore", "optimal_zoom", "profit", "zoomed"],
    },
)
