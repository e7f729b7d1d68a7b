"""Figures: each ``plot_*`` draws one point on an Axes, `show` puts it into the notebook with its text alternative."""

from .figure import ACCENT, GREY, INK, PALE, alt_text, describe, figure_html, new_axes, show
from .heterogeneity import plot_counts, plot_deciles, plot_guess, plot_lorenz, plot_spread, plot_windows
from .histories import plot_alive_path, plot_iso_value, plot_surface
from .models import plot_calibration, plot_conditional_expectation, plot_mixing, plot_profile, plot_tracking

__all__ = [
    "ACCENT", "GREY", "INK", "PALE", "alt_text", "describe", "figure_html", "new_axes", "plot_alive_path",
    "plot_calibration", "plot_conditional_expectation", "plot_counts", "plot_deciles", "plot_guess",
    "plot_iso_value", "plot_lorenz", "plot_mixing", "plot_profile", "plot_spread", "plot_surface",
    "plot_tracking", "plot_windows", "show",
]
