"""The probability models of customer lifetime value, one file per model, and what is done with them.

Without a contract (customers come back when they like)
    `NBDModel`, `BetaGeoModel`, `ModifiedBetaGeoModel`, `ParetoNBDModel`; at fixed opportunities
    `BetaGeoBetaBinomModel`. They share ``expected_probability_alive``, ``expected_purchases``,
    ``expected_purchases_new_customer``, ``dert``, ``probability``, ``simulate``.
With a contract (customers renew or leave)
    `ShiftedBetaGeoModel`, `BetaDiscreteWeibullModel`, and `GeometricModel` as the baseline. They share ``survival``,
    ``retention_rate``, ``derl``, ``discounted_expected_lifetime``, ``base_value``.
Spend and value
    `GammaGammaModel`, `expected_customer_lifetime_value`, `iso_value`, `rfm_table`.
A whole firm, from what it discloses
    `fit_disclosures`, `constant_churn`, `expected_disclosures`, `base_by_age`; `Assumptions`, `project_additions`, `value_firm`,
    `bootstrap_value`, `lifetime_share`.
Trust
    `multi_start`, `likelihood_ratio`, `profile_likelihood`, `parametric_bootstrap`; `calibration_table`,
    `tracking_table`, `conditional_expectation`.

How to add a model
------------------
1. A file of its own, with a frozen dataclass on `RepeatModel` (`_repeat.py`), `ContractModel` (`contractual.py`) or
   `Model`. Its fields are the parameters, all positive, in the letters of the paper.
2. A `RepeatModel` or a `Model`: ``_log_likelihood(parameters, *columns)`` returns the log-likelihood of each distinct
   row and its derivatives, in logarithms, written as in the paper; ``_start`` gives a start in the units of the data. A
   `ContractModel` has ``_log_survival(parameters, t)`` with its derivatives and ``_start_at(churn)`` in their place, and
   ``_power`` where the chance of leaving changes with time; for a parameter below 1 see `GeometricModel`. The one
   optimiser (`_fit.py`) does the rest: fit, standard errors, refusal.
3. The predictions: five short functions for a `RepeatModel`, two for a `ContractModel`
   (``_renewals_to_come``, ``_draw_dropout``; `BetaDiscreteWeibullModel` is the pattern). Averages over a beta
   distribution and discounted sums come from `_numeric.py`; ``simulate`` and ``mixing`` are for teaching.
4. Its name below and in the list above, and in tests/clv/: published values (tests/data/reference.json,
   test_reference.py), 50-digit arithmetic (test_precision.py), a peer (test_peer.py), recovery of a known truth
   (test_recovery.py), and the lists of models in test_bad_input.py, test_value.py and test_properties.py. Then
   ``pytest tests/clv -k YourModel``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_disclosures": ["base_by_age", "constant_churn", "expected_disclosures", "fit_disclosures"],
        "beta_geo": ["BetaGeoModel", "ModifiedBetaGeoModel"],
        "beta_geo_beta_binom": ["BetaGeoBetaBinomModel"],
        "diagnostics": ["calibration_table", "conditional_expectation", "probability_alive_path", "tracking_table"],
        "geometric": ["GeometricModel", "aggregate_retention"],
        "inference": ["compare_models", "likelihood_ratio", "multi_start", "parametric_bootstrap", "profile_likelihood"],
        "nbd": ["NBDModel"],
        "pareto_nbd": ["ParetoNBDModel"],
        "shifted_beta_geo": ["BetaDiscreteWeibullModel", "ShiftedBetaGeoModel"],
        "spend": ["GammaGammaModel"],
        "_valuation_bootstrap": ["bootstrap_value"],
        "valuation": ["Assumptions", "lifetime_share", "project_additions", "revenue_per_customer", "value_firm"],
        "value": ["continuous_rate", "expected_customer_lifetime_value", "history_grid", "iso_value", "rfm_table"],
    },
)
