"""The one shell: a pure view, its drawing and a list of controls become something to move."""

import copy
import html
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from ._picture import side_by_side

LOG = logging.getLogger(__name__)
# Without a handler Python prints to stderr, and nbgrader scores a cell with stderr as zero.
LOG.addHandler(logging.NullHandler())

FOUND, OPEN = "Task: you have found it.", "Task: not there yet."
FAILED = "This setting can't be drawn: press Reset and go on."
STILL = "This is a still picture: run this cell to move it. If it stays still, ccx.doctor() says what is missing."
# Where pages are made that no Python answers, this variable of the environment asks for frames beside the still picture.
ASKED, FRAMES, STOPS = "CCX_FRAMES", "application/vnd.ccx.frames+json", 5
NO_WIDGETS = "There are no sliders here: ccx.doctor() says what is missing."
SILENCE = "Python does not answer: it may be busy with another cell. If nothing moves, run this cell again."


@dataclass(frozen=True)
class Slider:
    """A control: what it sets, what it is called, where it may go and where it starts.

    Parameters
    ----------
    name : str
        The key in the state.
    label : str
        What the student reads and a screen reader speaks.
    low, high, step, start : float
        With `log`, `step` is in powers of ten.
    log : bool, default False
        Whether equal distances are equal ratios; `low`, `high` and `start` are values all the same.
    form : str, default "{:g}"
        How a value is written, with its unit.

    Examples
    --------
    >>> churn = Slider("churn", "Churn a year", 0.1, 0.5, 0.1, 0.2, form="{:.0%}")
    >>> churn.stops()
    [0.1, 0.2, 0.3, 0.4, 0.5]
    """

    name: str
    label: str
    low: float
    high: float
    step: float
    start: float
    log: bool = False
    form: str = "{:g}"

    def stops(self):
        """All values that the slider can take."""
        low, high = (np.log10([self.low, self.high]) if self.log else (self.low, self.high))
        # Rounded, so that 0.1 + 0.2 is shown and compared as 0.3.
        stops = np.round(low + self.step * np.arange(round((high - low) / self.step) + 1), 10)
        return (10**stops if self.log else stops).tolist()

    def nearest(self, value):
        """The stop next to a value; an error where the slider can't go."""
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.name} is {value}, but goes from {self.low} to {self.high}")
        return min(self.stops(), key=lambda stop: abs(stop - value))

    def page(self):
        """What the front end needs to know."""
        stops = self.stops()
        return {"name": self.name, "label": self.label, "stops": stops, "words": [self.form.format(stop) for stop in stops]}


@dataclass(frozen=True)
class Button:
    """A control that turns a state into another one when it is pressed.

    Parameters
    ----------
    name : str
    label : str
        What the student reads and a screen reader speaks.
    act : function of a state (dict) that returns a state

    Examples
    --------
    >>> Button("double", "Twice as many", lambda state: {"customers": 2 * state["customers"]}).act({"customers": 3})
    {'customers': 6}
    """

    name: str
    label: str
    act: Callable


@dataclass(frozen=True)
class Scene:
    """What an explorer shows in one state.

    Parameters
    ----------
    numbers : dict of str to float
    text : str
        A sentence or two that say the numbers: the summary, and the picture's text alternative.
    curves : dict, optional
        What the drawing needs besides.

    Examples
    --------
    >>> Scene({"value": 367.0}, "A customer is worth $367.").numbers["value"]
    367.0
    """

    numbers: dict
    text: str
    curves: dict = field(default_factory=dict, repr=False)


class Explorer:
    """An explorer in a notebook; without a live kernel its first frame stays as a picture.

    Parameters
    ----------
    view : function of a state (dict) that returns a Scene
        Pure: the same state gives the same scene.
    draw : function of a Scene that returns a list of Panel
    controls : sequence of Slider and Button
    task : str
        What the student is to find.
    reached : function of a scene's numbers that returns a bool
        Whether it has been found.
    then : str, optional
        What to try when it has been found.
    clicks : dict of a Panel's name to a function of a state and the x and y clicked at, optional
        Each returns the state that follows.
    start : dict, optional
        What a state holds beside the sliders' values.

    Attributes
    ----------
    state : dict
        By name where the sliders stand, and the rest of `start`.
    scene : Scene
        What is shown now; without numbers where the view failed.

    Examples
    --------
    >>> from ccx.explore import Axis, Panel
    >>> explorer = Explorer(view=lambda state: Scene(state, f"{state['customers']:.0f} customers"),
    ...                     draw=lambda scene: [Panel(Axis("Customers", 0, 10), Axis("Share", 0, 1), scene.text)],
    ...                     controls=[Slider("customers", "Customers", 1, 10, 1, 3)],
    ...                     task="Find seven customers.", reached=lambda numbers: numbers["customers"] == 7)
    >>> explorer.set(customers=7)
    >>> explorer.scene.text
    '7 customers'
    """

    def __init__(self, view, draw, controls, task, reached, then="", clicks=None, start=None):
        self._view, self._draw, self._task, self._reached, self._clicks = view, draw, task, reached, clicks or {}
        self._found = f"{FOUND} {then}".rstrip()
        self._sliders = {control.name: control for control in controls if isinstance(control, Slider)}
        self._buttons = {control.name: control for control in controls if isinstance(control, Button)}
        self._start = {**(start or {}), **{name: slider.start for name, slider in self._sliders.items()}}
        # JupyterLab may run callbacks on a thread of their own, beside a running cell.
        self._lock = threading.Lock()
        self._shell, self._answered, self._frames = None, ["", 0], count()
        self.state = {}
        self.reset()

    def set(self, **values):
        """Set parts of the state by name; a slider goes to the stop next to its value.

        Raises
        ------
        ValueError
            Where there is nothing of that name, or the slider does not go there.
        """
        for name in values.keys() - self._start.keys():
            raise ValueError(f"there is no {name!r} to set; there are {', '.join(self._start)}")
        moved = {name: self._sliders[name].nearest(value) if name in self._sliders else value for name, value in values.items()}
        self._step(lambda state: {**state, **moved})

    def press(self, name):
        """Press a button by its name; an error where there is none."""
        if name not in self._buttons:
            raise ValueError(f"there is no button {name!r}; there is {', '.join(self._buttons) or 'none'}")
        self._step(self._buttons[name].act)

    def click(self, panel, x, y):
        """Click on a panel, by its name, at a point given in the units of its axes; an error where a click means nothing."""
        if panel not in self._clicks:
            raise ValueError(f"there is no panel {panel!r} to click on; there is {', '.join(self._clicks) or 'none'}")
        self._step(lambda state: self._clicks[panel](state, x, y))

    def reset(self):
        """Put everything back to where it started."""
        self._step(lambda _: copy.deepcopy(self._start))

    def _step(self, change):
        with self._lock:
            try:
                self.state = dict(change(self.state))
                scene = self._view(self.state)
                panels, goal = self._draw(scene), self._found if self._reached(scene.numbers) else OPEN
                picture = "".join(panel.svg() for panel in panels)
            except Exception:
                # An exception in a callback reaches nobody, so the student gets a sentence and the log the rest.
                LOG.exception("explorer failed in state %s", self.state)
                scene, panels, goal, picture = Scene({}, FAILED), [], OPEN, ""
            self.scene, self._panels, self._goal, self._picture = scene, panels, goal, picture
            if self._shell is not None:
                self._shell.frame = self._frame()

    # In a page

    def _ipython_display_(self):
        from IPython.display import display

        frames = {FRAMES: self._along()} if os.environ.get(ASKED) else {}
        display({"text/html": self._still(), "text/plain": f"{self._task} {self.scene.text}", **frames}, raw=True)
        try:
            widget = self._widget()._repr_mimebundle_()
        except ImportError:
            # The still picture names the remedy.
            return
        display({**(widget[0] if isinstance(widget, tuple) else widget), "text/plain": NO_WIDGETS}, raw=True)

    def _still(self):
        """The first frame as a picture, for exported pages and for notebooks that nobody has run yet."""
        return self._figure(f"<p><strong>Task.</strong> {html.escape(self._task)}</p>", f" <em>{STILL}</em>")

    def _figure(self, above="", below=""):
        picture = side_by_side(self._panels, self.scene.text) if self._panels else ""
        return f'<figure class="ccx-still" style="margin:0.5em 0">{above}{picture}<figcaption>{html.escape(self.scene.text)}{below}</figcaption></figure>'

    def _along(self):
        """Frames for each slider at a few of its stops, and for each button pressed several times, everything else as it is now."""
        here, start, frames = self.state, self._picture, {}
        for control, word, step in self._moves():
            self._step(lambda _: step(copy.deepcopy(here)))
            if self._picture not in ("", start):
                # Pressed once more a button may change nothing.
                frames.setdefault((control, self._picture), {"control": control, "word": word, "html": self._figure()})
        self._step(lambda _: here)
        return [*frames.values()]

    def _moves(self):
        """Each as the label of a control, a word for what is done to it, and a function from the state now to the one that follows."""
        for name, slider in self._sliders.items():
            stops = slider.stops()
            for stop in (stops[i] for i in sorted({round(i) for i in np.linspace(0, len(stops) - 1, STOPS)})):
                yield slider.label, slider.form.format(stop), lambda state, moved={name: stop}: {**state, **moved}
        for button in self._buttons.values():
            for times in range(1, STOPS + 1):
                yield button.label, f"{times} ×", lambda state, times=times: _again(button.act, state, times)

    def _widget(self):
        from ._shell import Shell

        if self._shell is None:
            buttons = [{"name": name, "label": button.label} for name, button in self._buttons.items()]
            sliders = [slider.page() for slider in self._sliders.values()]
            self._shell = Shell(task=self._task, silence=SILENCE, sliders=sliders, buttons=buttons, frame=self._frame())
            self._shell.on_msg(self._told)
        return self._shell

    def _frame(self):
        # Counted, so that an answer differs from the last one even where nothing has changed.
        return {"count": next(self._frames), "id": self._answered, "state": self.state, "text": self.scene.text, "goal": self._goal,
                "picture": self._picture}

    def _told(self, shell, message, _):
        """The page has shown itself, or the student has done something there."""
        if "hello" in message:
            return shell.send({"here": True})
        self._answered = message["id"]
        self._step(lambda state: self._done(state, message))

    def _done(self, state, message):
        """The state that follows from a message of the page."""
        if "set" in message:
            return {**state, **message["set"]}
        if "press" in message:
            return self._buttons[message["press"]].act(state)
        if "click" in message:
            name, across, down = message["click"]
            [panel] = [panel for panel in self._panels if panel.name == name]
            return self._clicks[name](state, *panel.data(across, down))
        return copy.deepcopy(self._start)


def _again(act, state, times):
    for _ in range(times):
        state = act(state)
    return state
