"""Figures: each ``plot_*`` draws one point on an Axes, `show` puts it into the notebook with its text alternative."""

from .acquisition import plot_acquisition, plot_by_group, plot_channels, plot_gains
from .audit import plot_flows, plot_growth, plot_migration, plot_orders
from .change import plot_budget, plot_change, plot_effects, plot_qini
from .cohorts import plot_active, plot_c3, plot_cohort, plot_cohort_quality, plot_cohorts
from .contracts import plot_base_by_year, plot_retention, plot_survival
from .customers import plot_past_and_value, plot_timelines
from .figure import ACCENT, GREY, INK, PALE, alt_text, describe, figure_html, new_axes, show
from .game import plot_ecology, plot_league, plot_match
from .heterogeneity import plot_counts, plot_deciles, plot_guess, plot_lorenz, plot_spread, plot_windows
from .histories import plot_alive_path, plot_iso_value, plot_surface
from .ledger import plot_accuracy, plot_buyers, plot_margins, plot_statement, plot_voices
from .market import plot_commission, plot_health, plot_mix, plot_pay, plot_reach, plot_replicator
from .models import plot_calibration, plot_conditional_expectation, plot_mixing, plot_profile, plot_tracking
from .network import plot_adoption, plot_cascade_sizes, plot_curriculum, plot_network, plot_seeding
from .paradox import plot_frontier, plot_others_needed, plot_risk_by_size, plot_tier_revenue, plot_winners_curse
from .valuation import plot_disclosures, plot_two_values, plot_valuation

__all__ = [
    "ACCENT", "GREY", "INK", "PALE", "alt_text", "describe", "figure_html", "new_axes", "plot_accuracy",
    "plot_acquisition", "plot_active", "plot_adoption", "plot_alive_path", "plot_base_by_year", "plot_budget",
    "plot_buyers", "plot_by_group", "plot_c3", "plot_calibration", "plot_cascade_sizes", "plot_change", "plot_channels",
    "plot_cohort", "plot_cohort_quality", "plot_cohorts", "plot_commission", "plot_conditional_expectation",
    "plot_counts", "plot_curriculum", "plot_deciles", "plot_disclosures", "plot_ecology", "plot_effects", "plot_flows",
    "plot_frontier", "plot_gains", "plot_growth", "plot_guess", "plot_health", "plot_iso_value", "plot_league",
    "plot_lorenz", "plot_margins", "plot_match", "plot_migration", "plot_mix", "plot_mixing", "plot_network",
    "plot_orders", "plot_others_needed", "plot_past_and_value", "plot_pay", "plot_profile", "plot_qini", "plot_reach",
    "plot_replicator", "plot_retention", "plot_risk_by_size", "plot_seeding", "plot_spread", "plot_statement",
    "plot_surface", "plot_survival", "plot_tier_revenue", "plot_timelines", "plot_tracking", "plot_two_values",
    "plot_valuation", "plot_voices", "plot_windows", "plot_winners_curse", "show",
]
