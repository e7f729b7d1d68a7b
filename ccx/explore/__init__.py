"""The explorers, one file each, on one widget shell."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"heterogeneity": ["wildness"], "paradox": ["zoom"], "retention": ["sorting"], "timeline": ["lifeline"]})
