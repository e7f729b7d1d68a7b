"""An explorer that moves without Python: one control at a time, among frames that were drawn before."""

from itertools import groupby

from bs4 import BeautifulSoup
from markupsafe import Markup, escape

from .text import sound

# As many as the page's style shows.
MOST = 60
LEGEND = "Move one control at a time"
AS_ABOVE = "as above"


def movable(frames, name, resolve, scrolled):
    """Frames as a group of radio buttons, each of which shows one.

    Parameters
    ----------
    frames : list of dict
        With ``control`` (its label), ``word`` (what is done to it) and ``html``; those of a control stand together.
    name : str
        Of the group, its own in the page.
    resolve : function of a relative link that returns where it leads in the site
    scrolled : str
        What to call a box that scrolls.

    Returns
    -------
    BeautifulSoup

    Raises
    ------
    ValueError
        For more frames than the page can show.
    """
    if len(frames) > MOST:
        raise ValueError(f"an explorer has {len(frames)} frames, and a page shows {MOST} at most")
    ids, choices = iter(range(1, len(frames) + 1)), _choice(name, 0, "", AS_ABOVE, " checked")
    for control, own in groupby(frames, lambda frame: frame["control"]):
        choices += Markup('<span class="control" aria-hidden="true">{}:</span>').format(control)
        choices += Markup("").join(_choice(name, next(ids), f"{control}: ", frame["word"]) for frame in own)
    shown = "".join(f'<div class="frame">{sound(frame["html"], resolve, scrolled)}</div>' for frame in frames)
    return BeautifulSoup(f'<fieldset class="frames"><legend>{LEGEND}</legend>{choices}{shown}</fieldset>', "html.parser")


def _choice(name, number, control, word, checked=""):
    # A screen reader says the control with each; the eye has it once.
    return Markup(f'<input type="radio" name="{name}" id="{name}-{number}"{checked}><label for="{name}-{number}">'
                  f'<span class="unseen">{escape(control)}</span>{escape(word)}</label>')
