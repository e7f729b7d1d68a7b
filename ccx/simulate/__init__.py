"""Firms whose truth is known: what one would observe, and beside it what only the simulator knows."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bank": ["SEGMENTS", "private_bank"],
        "clients": ["ClientNetwork", "client_network"],
        "company": ["Company", "company"],
        "disclosures": ["SubscriptionTruth", "subscription_disclosures"],
        "subscriptions": ["subscription_base"],
        "survey": ["FEATURES", "satisfaction_survey"],
    },
)
