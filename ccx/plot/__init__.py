"""Figures: each ``plot_*`` draws one point on an Axes, `show` puts it into the notebook with its text alternative."""

from .acquisition import plot_acquisition, plot_by_group, plot_channels, plot_gains
from .change import plot_budget, plot_change, plot_effects, plot_qini
from .contracts import plot_base_by_year, plot_retention, plot_survival
from .customers import plot_past_and_value, plot_timelines
from .figure import ACCENT, GREY, INK, PALE, alt_text, describe, figure_html, new_axes, show
from .heterogeneity import plot_counts, plot_deciles, plot_guess, plot_lorenz, plot_spread, plot_windows
from .histories import plot_alive_path, plot_iso_value, plot_surface
from .ledger import plot_accuracy, plot_buyers, plot_margins, plot_statement, plot_voices
from .models import plot_calibration, plot_conditional_expectation, plot_mixing, plot_profile, plot_tracking
from .paradox import plot_frontier, plot_others_needed, plot_risk_by_size, plot_tier_revenue, plot_winners_curse

__all__ = [
    "ACCENT", "GREY", "INK", "PALE", "alt_text", "describe", "figure_html", "new_axes", "plot_alive_path",
    "plot_base_by_year", "plot_calibration", "plot_conditional_expectation", "plot_counts", "plot_deciles",
    "plot_frontier", "plot_guess", "plot_iso_value", "plot_lorenz", "plot_mixing", "plot_others_needed",
    "plot_past_and_value", "plot_profile", "plot_retention", "plot_risk_by_size", "plot_spread", "plot_surface",
    "plot_survival", "plot_tier_revenue", "plot_timelines", "plot_tracking", "plot_windows", "plot_winners_curse",
    "plot_budget", "plot_change", "plot_effects", "plot_qini", "show",
    "plot_acquisition", "plot_by_group", "plot_channels", "plot_gains",
    "plot_accuracy", "plot_buyers", "plot_margins", "plot_statement", "plot_voices",
]
