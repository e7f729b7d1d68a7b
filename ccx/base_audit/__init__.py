"""The customer-base audit: any log of who bought when for how much, seen through the five lenses of Fader, Hardie and Ross (2022).

Reading: `_source` (file to table), `_columns` (which is which), `_dates`, `_numbers`, `_ids`, `_rows` (what is set aside and how returns are treated).
Lenses: `calendar` (periods, and who bought in which), `lenses` (one period, two periods), `growth` (what made revenue grow), `cohorts` (one, and side by side),
`quality` (whether later ones are better), `whole` (the whole base).
Results: `result` (`audit` and what it returns), `findings` (the sentences), `pictures`, `report` (the page).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cohorts": ["cohort_tables", "one_cohort"],
        "growth": ["decompose_growth"],
        "lenses": ["one_period", "two_periods"],
        "quality": ["cohort_quality"],
        "result": ["Audit", "audit"],
        "whole": ["whole_base"],
    },
)
