"""Choosing customers: whom to win, whom to treat, whom to serve how well, and how wrong one can be about them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
    },
)
