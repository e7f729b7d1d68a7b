"""Paying it forward: what a client's gain is worth to its vendor, how far a lesson spreads among clients, and whom to teach.

What teaching one client brings, and when it backfires (`Course`, `vendor_value`, `firm_needed`); cascades on a client network, sampled or exact
(`cascades`, `exact_spread`); choosing whom to teach (`sample_worlds`, `greedy`, `most_possible`); and time: what is only brought forward and what
would never have come (`with_and_without`, `bass_peak`).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "diffusion": ["acceleration_and_expansion", "adopted_by", "bass_adopted", "bass_peak", "with_and_without"],
        "seeding": ["Worlds", "greedy", "most_possible", "sample_worlds"],
        "spread": ["cascades", "exact_spread", "expected_spread", "reached", "ties_tested"],
        "teaching": ["Course", "firm_needed", "vendor_value"],
        "ties": ["client_graph"],
    },
)
