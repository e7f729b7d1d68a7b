"""What an explorer's front end and Python tell each other."""

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class Shell(anywidget.AnyWidget):
    """The widget in the page; `shell.js` is its other half.

    The page sets `asked`, a state with its number, and sends messages for clicks, buttons and Reset. Python sets `frame`: the state with the number
    of the question it answers, the picture, the sentence and how far the task is.
    """

    _esm = HERE / "shell.js"
    _css = HERE / "shell.css"
    task = traitlets.Unicode().tag(sync=True)
    silence = traitlets.Unicode().tag(sync=True)
    sliders = traitlets.List().tag(sync=True)
    buttons = traitlets.List().tag(sync=True)
    asked = traitlets.Dict().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)
