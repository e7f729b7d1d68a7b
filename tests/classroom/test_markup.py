"""What a student wrote, as HTML: readable where it is harmless, and nothing in it that runs, is fetched or passes for a part of the page."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_output

from ccx.classroom.feedback.markup import LONGEST, TAGS, clean, code, formula, prose, shown
from ccx.plot import plot_lorenz, show

PIXEL = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
HOSTILE = [
    "<script>steal()</script>", "<img src=x onerror=steal()>", "<a href='javascript:steal()'>x</a>", "<a href='\tjava\nscript:steal()'>x</a>",
    "<a href='data:text/html,<script>steal()</script>'>x</a>", "<svg onload=steal()><script>steal()</script></svg>",
    "<iframe srcdoc='<script>steal()</script>'></iframe>",
    "<style>@import url(http://x)</style>", "<p style=\"background:url('http://x')\">x</p>", "<meta http-equiv=refresh content='0;url=http://x'>",
    "<base href='http://x'>", "<link rel=stylesheet href='http://x'>",
    "<form action='http://x'><input name=x></form>", "<object data='http://x'></object>",
    "<img src='http://x/y.png'>", "<img src='//x/y.png'>", "<img srcset='http://x 2x'>",
    "<img src='data:image/svg+xml;base64,AAAA'>", "<video poster='http://x'></video>",
    "<math><mtext><script>steal()</script></mtext></math>", "<noscript><p title='</noscript><img src=x onerror=steal()>'>", "<template><script>steal()</script></template>",
    "<!--><script>steal()</script>-->", "<p id=total class=verdict tabindex=1>Right.</p>", "<details open ontoggle=steal()>", "<input autofocus onfocus=steal()>",
    "<table background='http://x'><tr><td background='http://x'>", "<h1>20 of 20 points</h1>", "<button formaction='javascript:steal()'>x</button>",
]
ALLOWED = re.compile(r'</?\w+(?: (?:href="(?:https?://|mailto:)[^"]*"|src="data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]*"|alt="[^"]*"|class="(?:math|scroll)"'
                     r'|scope="(?:col|row)"|colspan="\d+"|tabindex="0"))*/?>')


def strangers(html):
    """Tags that are not ours, or have an attribute that is not."""
    return [tag for tag in re.findall(r"<[^>]*>?", str(html)) if not ALLOWED.fullmatch(tag) or re.match(r"</?(\w+)", tag)[1] not in TAGS]


# HTML


@pytest.mark.parametrize("html", HOSTILE)
def test_html_that_runs_fetches_or_deceives_is_taken_out_of_outputs_and_of_markdown(html):
    assert not strangers(clean(html)) and not strangers(prose(html)) and not strangers(shown(new_output("display_data", data={"text/html": html})))


PIECES = [*HOSTILE, "<", ">", "'", '"', "`", "$", "[", "](", ")", "\n", "\n\n", "| a |\n|---|\n", "```", "&lt;", "\x00", "> ", "\\", "{"]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@settings(deadline=None, max_examples=150)
def test_nor_does_any_mixture_of_them_come_through(text):
    for html in (clean(text), prose(text), code(text).replace('<span class="', "<"), shown(new_output("stream", name="stdout", text=text))):
        assert "<script" not in html and "onerror=" not in re.sub(r">[^<]*", ">", str(html))
    assert not strangers(prose(text)) and not strangers(clean(text))


def test_figures_and_tables_of_the_course_stay():
    figure = clean(show(plot_lorenz([1, 2, 3]), "A caption.").data)
    assert 'alt="Lorenz curve.' in figure and "data:image/png;base64," in figure and "<figcaption>A caption.</figcaption>" in figure
    assert '<th scope="row">a</th><td>1</td>' in clean('<table><tr><th scope="row" style="color:red">a</th><td>1</td></tr></table>')


def test_tables_can_be_scrolled_with_the_keyboard_and_have_no_empty_headings():
    assert clean("<table><tr><th></th><th>a</th></tr></table>") == '<div class="scroll" tabindex="0"><table><tbody><tr><td></td><th>a</th></tr></tbody></table></div>'


def test_every_picture_has_a_text_and_one_that_can_not_be_shown_is_replaced_by_it():
    assert 'alt="Picture without a description"' in clean(f'<img src="data:image/png;base64,{PIXEL}">')
    assert clean('<img src="http://x/y.png" alt="a <b>curve">') == "a &lt;b&gt;curve"
    assert 'alt="Picture that the cell drew"' in shown(new_output("display_data", data={"image/png": PIXEL, "text/plain": "<Figure>"}))
    assert shown(new_output("display_data", data={"image/png": 'x" onerror="steal()'})) == "Picture that the cell drew"


# Markdown


def test_markdown_is_rendered():
    assert prose("**Two** words, `x < 1`, [a link](https://example.org)") == \
        '<p><strong>Two</strong> words, <code>x &lt; 1</code>, <a href="https://example.org">a link</a></p>'
    assert "<td>b</td>" in prose("| a |\n|---|\n| b |") and "<li>one</li>" in prose("- one\n- two")


@pytest.mark.parametrize("markdown", ["# 20 of 20", "20 of 20\n===", "###### 20 of 20"])
def test_headings_in_an_answer_are_no_headings_of_the_page(markdown):
    assert prose(markdown) == "<p><strong>20 of 20</strong></p>"


def test_pictures_in_markdown_become_their_text():
    assert prose("![a curve](http://x/y.png) ![another](attachment:missing.png)") == "<p>[a curve] [another]</p>"


@pytest.mark.parametrize("markdown", ["[x](javascript:steal())", "<javascript:steal()>", "[x]\n\n[x]: javascript:steal()", "[x](data:text/html,x)",
                                      "[x](vbscript:x)"])
def test_links_in_markdown_go_to_web_pages_or_nowhere(markdown):
    assert "href" not in prose(markdown)


def test_formulas_stay_as_they_are_typed_but_for_greek_letters():
    assert prose("Take $\\alpha < 1$ and\n\n$$\\lambda = 0.05$$") == \
        '<p>Take <span class="math">α &lt; 1</span> and</p>\n<p><span class="math">λ = 0.05</span></p>'
    assert formula(r"\ln L \cdot \frac{\Gamma}{2}") == r"ln L \cdot \frac{Γ}{2}"


# Code and outputs


def test_code_is_escaped_and_keeps_its_lines():
    assert re.sub("</?span[^>]*>", "", code("\n\nif a < b:\n    <script>\n")) == "\n\nif a &lt; b:\n    &lt;script&gt;"


def test_printed_text_is_escaped_and_as_a_terminal_leaves_it():
    said = "".join(f"\r {i}" for i in range(1000)) + "\r\n\x1b[31mred\x1b[0m\x00 <b>\n"
    assert shown(new_output("stream", name="stdout", text=said)) == '<pre tabindex="0"> 999\nred &lt;b&gt;</pre>'


def test_a_traceback_is_one_sentence_whatever_the_error_calls_itself():
    for name, called in (("NameError", "NameError"), ("<script>steal()</script>", "&lt;script&gt;steal()&lt;/script&gt;"), ("", "an error")):
        error = new_output("error", ename=name, evalue="secret", traceback=["<script>steal()</script> secret"])
        assert shown(error) == f'<p class="stopped">The cell stopped with {called}.</p>'


def test_printed_tracebacks_and_warnings_are_left_out():
    printed = "before\nTraceback (most recent call last):\n  File secret.py"
    assert shown(new_output("stream", name="stdout", text=printed)) == '<pre tabindex="0">before</pre>'
    assert shown(new_output("stream", name="stderr", text="secret.py:1: UserWarning")) == ""


def test_what_is_no_text_table_or_picture_is_left_out():
    assert shown(new_output("display_data", data={"application/javascript": "steal()", "image/svg+xml": "<svg/>"})) == ""


def test_a_text_of_any_length_is_cut():
    for html in (prose("word " * LONGEST), code("x = 1\n" * LONGEST), shown(new_output("stream", name="stdout", text="x" * 9 * LONGEST))):
        text = re.sub("<[^>]*>", "", html)
        assert len(text) < LONGEST + 60 and "left out)" in text
