"""ccx: the library behind the customer-centricity course.

The names below are all a lesson needs. Those of `check` need nothing but the
standard library; every other one is imported when it is first used, so that
``import ccx`` costs next to nothing.
"""

import lazy_loader

from .check import check, predict, reveal

__getattr__, __dir__, _lazy = lazy_loader.attach(
    __name__,
    submodules=["base_audit", "clv", "data", "explore", "heterogeneity", "ledger", "market", "network", "paradox", "plot", "selection", "simulate", "voice"],
    submod_attrs={
        "data": ["load", "data_card"],
        "customer_base": ["customer_base"],
        "personal": ["my_customers"],
        "heterogeneity": ["lorenz", "gini", "top_share", "effective_customers", "decile_table", "bootstrap_interval",
                          "share_by_window", "moderation"],
        "clv": ["NBDModel"],
        "retention": ["base_by_year"],
        "plot": ["show", "plot_spread", "plot_lorenz", "plot_deciles", "plot_counts", "plot_windows", "plot_calibration", "plot_tracking",
                 "plot_conditional_expectation", "plot_surface", "plot_iso_value", "plot_alive_path", "plot_mixing", "plot_profile", "plot_survival",
                 "plot_retention", "plot_base_by_year",
                 "plot_tier_revenue", "plot_risk_by_size", "plot_others_needed", "plot_winners_curse", "plot_frontier",
                 "plot_statement", "plot_margins", "plot_buyers", "plot_voices", "plot_accuracy",
                 "plot_change", "plot_effects", "plot_qini", "plot_budget",
                 "plot_acquisition", "plot_by_group", "plot_channels", "plot_gains",
                 "plot_network", "plot_cascade_sizes", "plot_seeding", "plot_curriculum", "plot_adoption",
                 "plot_match", "plot_league", "plot_ecology",
                 "plot_reach", "plot_mix", "plot_health", "plot_replicator", "plot_pay", "plot_commission",
                 "plot_timelines", "plot_past_and_value",
                 "plot_disclosures", "plot_valuation", "plot_two_values",
                 "plot_orders", "plot_flows", "plot_growth", "plot_migration", "plot_cohort", "plot_cohorts", "plot_cohort_quality", "plot_c3", "plot_active"],
        "doctor": ["doctor"],
        "base_audit": ["audit"],
    },
)
__all__ = ["check", "predict", "reveal", *_lazy]
