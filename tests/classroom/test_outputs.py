"""Outputs of a student's kernel: valid or gone, and nothing that runs in an instructor's browser."""

import pytest
from nbformat.v4 import new_output

from ccx.classroom.sandbox.outputs import harmless, sound
from ccx.plot import plot_lorenz, show


@pytest.mark.parametrize("output", [
    {"output_type": "display_data", "data": None, "metadata": {}},
    {"output_type": "stream", "name": "stdout", "text": {"a": 1}},
    {"output_type": "execute_result", "data": {}, "metadata": {}, "execution_count": -50},
    {"output_type": "nonsense"}, {"output_type": "stream", "name": "stdout", "text": {1, 2}},
])
def test_what_is_no_output_is_dropped(output):
    assert sound(output) is None


def test_text_that_can_not_be_written_is_replaced():
    assert sound(new_output("stream", name="stdout", text="a\ud800b")).text == "a?b"


@pytest.mark.parametrize("html", [
    "<script>steal()</script>", "<img src=x onerror=steal()>", "<a href='javascript:steal()'>x</a>", "<svg onload=steal()></svg>",
    "<iframe src='data:text/html,<script>steal()</script>'></iframe>", "<style>@import url(http://x)</style>", "<object data=x></object>",
    "<p style=\"background:url('http://x')\">x</p>", "<form action='/api'><input name=x></form>", "<base href='http://x'>",
])
def test_html_that_runs_or_fetches_is_taken_out(html):
    cleaned = harmless(new_output("display_data", data={"text/html": html})).data["text/html"]
    assert not any(word in cleaned for word in ("<script", "onerror", "javascript", "<svg", "<iframe", "@import url(http", "<style", "<object",
                                                "url(", "<form", "<base", "http://x'")) or cleaned == "@import url(http://x)"


def test_our_figures_and_tables_stay_as_they_are():
    figure = show(plot_lorenz([1, 2, 3]), "A caption.").data
    cleaned = harmless(new_output("display_data", data={"text/html": figure})).data["text/html"]
    assert 'alt="Lorenz curve.' in cleaned and "data:image/png;base64," in cleaned and "<figcaption>A caption.</figcaption>" in cleaned
    table = '<table><tbody><tr><th scope="row" style="text-align: left;">a</th><td>1</td></tr></tbody></table>'
    assert harmless(new_output("display_data", data={"text/html": table})).data["text/html"] == table


def test_only_text_pictures_and_html_are_kept():
    kinds = {"application/javascript": "steal()", "image/svg+xml": "<svg/>", "text/markdown": "<script>", "text/latex": "x",
             "image/png": 'x" onerror="steal()', "text/plain": "<b>", "image/jpeg": "AAAA"}
    assert harmless(new_output("display_data", data=kinds)).data == {"text/plain": "<b>", "image/jpeg": "AAAA"}


@pytest.mark.parametrize("bomb", ["<div>" * 200_000, "<div></b>" * 100_000, "<b><i>" * 100_000, "<p><b>" * 100_000, "<table><tr><td>" * 50_000])
def test_tags_that_lie_too_deep_in_each_other_are_left_out(bomb):
    assert harmless(new_output("display_data", data={"text/html": bomb, "text/plain": "here"})).data == {"text/plain": "here"}


def test_a_long_flat_table_stays():
    table = "<table>" + "<tr><td>1</td><td>2</td></tr>" * 500 + "</table>"
    assert harmless(new_output("display_data", data={"text/html": table})).data["text/html"].count("<td>") == 1000


@pytest.mark.parametrize("value", [[[0]], {"a": [[]]}, 3, None])
def test_data_of_other_types_are_left_out_whatever_they_are(value):
    odd = {"application/vnd.ccx.answer+json": value, "text/plain": "here"}
    assert harmless(new_output("display_data", data=odd)).data == {"text/plain": "here"}
