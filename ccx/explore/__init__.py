"""The explorers, one file each, on one widget shell; README.md beside this file says how to write one."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={
    "_explorer": ["Button", "Explorer", "Scene", "Slider"],
    "_picture": ["Axis", "Panel"],
    "acquisition": ["acquire"],
    "heterogeneity": ["wildness"],
    "inversion": ["delist"],
    "market_game": ["market_game"],
    "network": ["ripples"],
    "paradox": ["zoom"],
    "retention": ["sorting"],
    "swans": ["treatment"],
    "timeline": ["lifeline"],
    "valuation": ["valuation"],
})
