"""Choosing customers: whom to win, whom to treat, whom to serve how well, and how wrong one can be about them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "channels": ["channel_table", "split_budget", "split_table"],
        "curves": ["acquisition_rate", "best_spend", "fit_acquisition", "marginal_cac"],
        "newcomers": ["value_since_acquisition"],
        "allocation": ["brought", "full_focus", "levers", "research_split", "water_fill"],
        "change": ["change_by_group", "quantile_groups", "variance_parts"],
        "uplift": ["chosen", "policy_profit", "uplift_by_arm"],
        "response": ["best_of_groups", "qini", "qini_curve"],
        "adherence": ["cohort_survivors", "compliance", "coverage", "patient_value", "persistence"],
        "clusters": ["cluster", "cluster_profile", "explained_value", "stability"],
        "features": ["behaviour", "standardised"],
        "lookalike": ["bayes_precision", "calibration_table", "cost_per_star", "label_value", "lift_table"],
        "referrals": ["branching_multiplier", "referral_forest", "referral_value"],
        "shrinkage": ["promised_and_brought", "shrunken_means", "variance_components"],
        "targets": ["break_even_precision", "cost_threshold", "misclassification", "treatment_profit"],
    },
)
