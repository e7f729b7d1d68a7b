"""What an explorer's front end and Python tell each other."""

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class Shell(anywidget.AnyWidget):
    """The widget in the page; `shell.js` is its other half.

    The page sends messages: ``set`` (sliders), ``press``, ``click`` and ``reset``, each with the ``id`` of page and message. Python sets `frame`: the id
    of the message that it answers, the state, the picture, the sentence and how far the task is. Of the page's messages one is under way at a time.
    """

    _esm = HERE / "shell.js"
    _css = HERE / "shell.css"
    task = traitlets.Unicode().tag(sync=True)
    silence = traitlets.Unicode().tag(sync=True)
    sliders = traitlets.List().tag(sync=True)
    buttons = traitlets.List().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)
