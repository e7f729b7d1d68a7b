"""ccx: the library behind the customer-centricity course.

The names below are all a lesson needs. Those of `check` need nothing but the
standard library; every other one is imported when it is first used, so that
``import ccx`` costs next to nothing.
"""

import lazy_loader

from .check import check, predict, reveal

__getattr__, __dir__, _lazy = lazy_loader.attach(
    __name__,
    submodules=["clv", "data", "explore", "heterogeneity", "paradox", "plot"],
    submod_attrs={
        "data": ["load", "data_card"],
        "customer_base": ["customer_base"],
        "heterogeneity": ["lorenz", "gini", "top_share", "effective_customers", "decile_table", "bootstrap_interval",
                          "share_by_window", "moderation"],
        "clv": ["NBDModel"],
        "plot": ["show", "plot_spread", "plot_lorenz", "plot_deciles", "plot_counts", "plot_windows", "plot_calibration", "plot_tracking",
                 "plot_conditional_expectation", "plot_surface", "plot_iso_value", "plot_alive_path", "plot_mixing", "plot_profile"],
        "doctor": ["doctor"],
    },
)
__all__ = ["check", "predict", "reveal", *_lazy]
