"""ccx: the library behind the customer-centricity course.

The names below are all a lesson needs; each is imported when it is first
used, so that ``import ccx`` costs next to nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["clv", "data", "explore", "heterogeneity", "plot"],
    submod_attrs={
        "data": ["load", "data_card"],
        "customer_base": ["customer_base"],
        "heterogeneity": ["lorenz", "gini", "top_share", "effective_customers", "decile_table", "bootstrap_interval",
                          "share_by_window", "moderation"],
        "clv": ["NBDModel"],
        "plot": ["show", "plot_spread", "plot_lorenz", "plot_deciles", "plot_counts", "plot_windows"],
        "check": ["check", "predict", "reveal"],
        "doctor": ["doctor"],
    },
)
