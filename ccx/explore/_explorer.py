"""The one widget shell: a pure view, its drawing and a list of controls become something to move."""

import html
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ..plot import describe, figure_html

LOG = logging.getLogger(__name__)
# Without a handler Python prints to stderr, and nbgrader scores a cell with stderr as zero.
LOG.addHandler(logging.NullHandler())


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
    log : bool, default False
        Whether equal distances are equal ratios; `low`, `high` and `start` are values all the same.
    """

    name: str
    label: str
    low: float
    high: float
    step: float
    start: float
    log: bool = False

    def widget(self):
        import ipywidgets
        from math import log10

        look = {"description": self.label, "style": {"description_width": "18em"},
                "layout": ipywidgets.Layout(width="48em", max_width="100%")}
        if self.log:
            return ipywidgets.FloatLogSlider(value=self.start, min=log10(self.low), max=log10(self.high), step=self.step,
                                             readout_format=".3g", **look)
        return ipywidgets.FloatSlider(value=self.start, min=self.low, max=self.high, step=self.step,
                                      readout_format=".0f" if self.step >= 1 else ".2f", **look)


@dataclass(frozen=True)
class Scene:
    """What an explorer shows in one state: numbers, the sentence that says them, and what the drawing needs."""

    numbers: dict
    text: str
    curves: dict = field(default_factory=dict, repr=False)


class Explorer:
    """An explorer in a notebook; without a live kernel its first frame stays as a picture.

    Parameters
    ----------
    view : function of a state (dict) that returns a Scene
        Pure: the same state gives the same scene.
    draw : function of a Scene that returns an Axes
    controls : sequence of Slider
    task : str
        What the student is to find.

    Attributes
    ----------
    widgets : dict
        The widget of each control by name; setting ``.value`` moves it.
    scene : Scene
        What is shown now; without numbers where the view failed.
    """

    def __init__(self, view, draw, controls, task):
        import ipywidgets

        self._view: Callable = view
        self._draw: Callable = draw
        self._controls = controls
        self._task = task
        # JupyterLab may run callbacks on a thread of their own, beside a running cell.
        self._lock = threading.Lock()
        self.widgets = {control.name: control.widget() for control in controls}
        self._picture, self._summary = ipywidgets.HTML(), ipywidgets.HTML()
        self._reset = ipywidgets.Button(description="Reset", tooltip="Put every control back to where it started")
        self._reset.on_click(lambda _: self.reset())
        for widget in self.widgets.values():
            widget.observe(lambda _: self._refresh(), names="value")
        self._refresh()
        self._title = ipywidgets.HTML(_paragraph(f"<strong>Task.</strong> {html.escape(task)}"))
        self._box = ipywidgets.VBox([self._title, *self.widgets.values(), self._reset, self._summary, self._picture])

    @property
    def state(self):
        return {name: widget.value for name, widget in self.widgets.items()}

    def reset(self):
        """Put every control back to where it started."""
        for control in self._controls:
            self.widgets[control.name].value = control.start

    def _refresh(self):
        with self._lock:
            try:
                scene = self._view(self.state)
                picture = figure_html(describe(self._draw(scene), scene.text))
            except Exception:
                # An exception in a callback reaches nobody, so the student gets a sentence and the log the rest.
                LOG.exception("explorer failed in state %s", self.state)
                scene, picture = Scene({}, "This setting can't be drawn: press Reset and go on."), ""
            self.scene = scene
            self._summary.value, self._picture.value = self._spoken(scene.text), picture

    def _spoken(self, text):
        return _paragraph(html.escape(text), 'role="status" aria-live="polite"')

    def _repr_mimebundle_(self, **kwargs):
        bundle = self._box._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        still = self._title.value + self._summary.value + self._picture.value
        return {**data, "text/html": still, "text/plain": f"{self._task} {self.scene.text}"}


def _paragraph(content, attributes=""):
    # A widget's own line height is that of a button.
    return f'<p style="line-height:1.5" {attributes}>{content}</p>'
