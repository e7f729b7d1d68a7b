"""The course to read: formulas, tables, explorers and links as they should be, nothing that runs or is fetched, and all of it or nothing."""

import html
import re
from xml.etree import ElementTree

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import ccx
from ccx.classroom.site import site
from ccx.classroom.site.formulas import mathml
from ccx.classroom.site.frames import MOST, movable
from ccx.classroom.site.links import problems
from ccx.classroom.site.pages import lessons, make
from ccx.classroom.site.render import lesson
from ccx.classroom.site.run import executed
from ccx.classroom.site.text import prose, sound
from ccx.cli import main
from ccx.plot import plot_lorenz, show
from lessons import ROOT

from .test_markup import HOSTILE, PIXEL

TABLE = "| lesson | question | minutes | points | data |\n|---|---|---:|---:|---|\n| `00-first` | Why? | 10 | – | none |\n| `01-second` | How? | 20 + 5 | 20 | a panel |\n"
CHECK = {"nbgrader": {"grade": True, "solution": False, "grade_id": "x", "points": 1, "schema_version": 3}, "tags": ["raises-exception"]}
WRITTEN = {"nbgrader": {"grade": True, "solution": True, "grade_id": "y", "points": 4, "schema_version": 3}}
NOT_YET = "class NotYet(Exception): pass\nprint(1, flush=True)\nprint(2)"


def stays(link):
    return link


def shown(*cells):
    """A notebook of these cells as a tree."""
    text = lesson(new_notebook(cells=[new_markdown_cell("# A title"), *cells]), stays)
    return BeautifulSoup("\n".join(text.blocks), "html.parser")


def output(html):
    return new_code_cell("x", outputs=[new_output("display_data", data={"text/html": html, "text/plain": "x"})])


def course(folder, first="Text.", second="More.", glossary=None, code=NOT_YET):
    """A course of two lessons."""
    for name, text in (("00-first", first), ("01-second", second)):
        (folder / "lessons" / name).mkdir(parents=True)
        cells = [new_markdown_cell(f"# {name[:2]} · A lesson\n\n## Part\n\n{text}", id="text"), new_code_cell(code, id="code"),
                 new_code_cell("raise NotYet('Nothing here' + ' yet.')", id="check", metadata=CHECK)]
        nbformat.write(new_notebook(cells=cells), folder / "lessons" / name / f"{name}.ipynb")
    (folder / "README.md").write_text(f"# A course\n\nIts *subject*.\n\n{TABLE}\n## More\n", encoding="utf-8")
    if glossary:
        (folder / "lessons" / "glossary.md").write_text(glossary, encoding="utf-8")
    return folder


def read(folder):
    return {name: nbformat.read(path, as_version=4) for name, path in lessons(folder).items()}


# Formulas


@pytest.mark.parametrize("tex, piece", [
    (r"\frac{a}{b}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"), (r"x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
    (r"\sqrt{q}", "<msqrt>"), (r"\Gamma", '<mi mathvariant="normal">Γ</mi>'), (r"a < b", "<mo>&lt;</mo>"), (r"\text{if } x", "<mtext>if\xa0</mtext>"),
    (r"a \pm b", "<mo>±</mo>"), ("1/2", '<mo lspace="0em" rspace="0em">/</mo>'), (r"2 \ln S", '<mo lspace="0.167em" rspace="0.167em">ln</mo>'),
    (r"\operatorname{cov}(X)", '<mo lspace="0em" rspace="0em">cov</mo>'), (r"\overline{\text{after}}", '<mover><mrow style="border-top'),
])
def test_formulas_become_mathml(tex, piece):
    assert piece in mathml(tex)


@pytest.mark.parametrize("tex", [r"\unheardof{x}", r"\frac{1", r"\frac{1}", r"\left(", "x^", r"\href{javascript:steal()}{x}"])
def test_a_formula_that_can_not_be_shown_is_an_error_that_names_it(tex):
    with pytest.raises(ValueError, match="can't be shown") as error:
        mathml(tex)
    assert tex in str(error.value)


@pytest.mark.parametrize("tex", [r"\text{<img src=x onerror=steal()>}", "<script>steal()</script>", r"\text{&lt;script&gt;}", r"a & b", '"x"'])
def test_hostile_formulas_are_only_words(tex):
    formula = ElementTree.fromstring(mathml(tex))
    assert {part.tag for part in formula.iter()} <= {"math", "mrow", "mi", "mo", "mn", "mtext"}


def test_a_formula_on_its_own_line_scrolls_by_itself_and_one_in_the_text_does_not():
    tree = prose("So $\\alpha$ and\n\n$$x = 1$$\n\n`$y$`", stays, set())
    inline, block = tree.find_all("math")
    assert [inline["display"], block["display"]] == ["inline", "block"] and not inline.find_parent(class_="scroll")
    assert block.parent["tabindex"] == "0" and block.parent["role"] == "group" and tree.code.get_text() == "$y$"


def test_nothing_passes_for_the_place_of_a_formula():
    assert prose("\ue0000\ue001 $a$", stays, set()).get_text().strip() == "0 a"


# Texts


def test_headings_have_anchors_of_their_own_and_keep_their_level():
    tree = prose("## Part *one*\n\n### Part one\n\n## Part one\n\n## $x$", stays, {"main"})
    assert [(found.name, found["id"]) for found in tree.find_all(re.compile("h[1-6]"))] == \
        [("h2", "part-one"), ("h3", "part-one-2"), ("h2", "part-one-3"), ("h2", "part")]


def test_links_lead_into_the_site_and_addresses_elsewhere_are_text():
    tree = prose("[a](../glossary.md#clv) [b](https://example.org) <https://example.org> [c](javascript:steal()) [d](mailto:x@y) [e](//x/y)",
                 lambda link: link.replace("../glossary.md", "glossary.html"), set())
    assert str(tree) == '<p><a href="glossary.html#clv">a</a> b (https://example.org) https://example.org c d e</p>'


def test_a_picture_that_would_be_fetched_is_an_error():
    with pytest.raises(ValueError, match="x.png would have to be fetched"):
        prose("![A picture](x.png)", stays, set())


def test_an_anchor_written_by_hand_stays():
    assert prose('<a id="clv"></a>**CLV.** Worth.', stays, set()).find("a", id="clv")


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_runs_or_is_fetched_from_wherever_it_comes(html):
    cells = new_markdown_cell(html), new_code_cell(html), output(html), new_code_cell("x", outputs=[new_output("stream", name="stdout", text=html)])
    text = lesson(new_notebook(cells=[new_markdown_cell("# A title"), *cells]), stays)
    page = "".join(text.blocks)
    assert not problems({"page.html": page}) and not re.search(r"<[^>]*\son\w+=|<(style|svg|meta|template|video|input)\b", page)


# What cells have shown


def test_code_has_a_name_and_can_be_scrolled_with_the_keyboard():
    tree = shown(new_code_cell("a = '<b>'"), new_code_cell("b"))
    boxes = tree.find_all(class_="scroll")
    assert [tree.find(id=box["aria-labelledby"]).get_text() for box in boxes] == ["Code 1", "Code 2"]
    assert all(box["tabindex"] == "0" and box["role"] == "group" for box in boxes) and boxes[0].get_text() == "a = '<b>'"


def test_tables_have_headings_a_screen_reader_can_use():
    frame = ccx.load("cdnow_sample").head(2)
    table = shown(output(frame._repr_html_())).table
    assert "dataframe" not in str(table) and [cell.get("scope") for cell in table.thead.find_all("th")] == ["col"] * len(frame.columns)
    assert [cell["scope"] for cell in table.tbody.find_all("th")] == ["row", "row"]
    box = table.find_parent(class_="scroll")
    assert box["aria-label"] == "Output of code 1" and box["tabindex"] == "0"


def test_the_names_of_an_index_and_of_the_columns_stand_in_one_row():
    counts = ccx.load("cdnow_sample").groupby("customer_id")[["value"]].sum().head(2)
    head = shown(output(counts._repr_html_())).thead
    assert [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in head.find_all("tr")] == [["customer_id", "value"]]


def test_figures_keep_picture_description_and_caption():
    figure = shown(output(show(plot_lorenz([1, 2, 3]), "A caption.").data)).figure
    assert figure.img["src"].startswith("data:image/png;base64,") and "Lorenz" in figure.img["alt"] and figure.figcaption.get_text() == "A caption."


def test_an_explorer_stands_still_and_says_where_it_moves():
    explorer = ccx.explore.wildness()
    widget = new_output("display_data", data={"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "There are no sliders here."})
    tree = shown(new_code_cell("ccx.explore.wildness()", outputs=[*output(explorer._still()).outputs, widget]))
    box = tree.find(role="img")
    assert box["aria-label"] == explorer.scene.text and len(box.find_all("img", alt="")) == len(explorer._panels)
    assert tree.get_text().count("In JupyterLab all of it moves.") == 1 and "run this cell" not in tree.get_text() and "no sliders" not in tree.get_text()


def test_an_explorer_moves_one_control_at_a_time_among_frames():
    """Each frame has a button of its own that is told apart by its words, and nothing in it runs."""
    explorer = ccx.explore.sorting()
    frames = [*explorer._along(), {"control": "<b>c</b>", "word": "<i>w</i>", "html": "<script>steal()</script><p onclick='steal()'>A frame.</p>"}]
    still = new_output("display_data", data={"text/html": explorer._still(), "application/vnd.ccx.frames+json": frames})
    group = shown(new_code_cell("ccx.explore.sorting()", outputs=[still])).find("fieldset", class_="frames")
    buttons, labels, drawn = group.find_all("input", type="radio"), group.find_all("label"), group.find_all("div", class_="frame", recursive=False)
    assert len(buttons) == len(labels) == len(drawn) + 1 == len(frames) + 1 and len(group.find_all("div", recursive=False)) == len(drawn)
    assert [button["id"] for button in buttons] == [label["for"] for label in labels] and len({button["name"] for button in buttons}) == 1
    assert [label.get_text() for label in labels] == ["as above", *(f"{frame['control']}: {frame['word']}" for frame in frames)]
    assert [button.has_attr("checked") for button in buttons] == [True] + [False] * len(drawn)
    for frame, one in zip(drawn, frames[:-1]):
        assert frame.figcaption.get_text() in html.unescape(one["html"]) and frame.find(role="img")
    assert group.find("script") is None and group.find(onclick=True) is None and "steal" not in str(group)


def test_more_frames_than_the_page_can_show_are_an_error():
    frames = [{"control": "c", "word": str(i), "html": "<p>One.</p>"} for i in range(61)]
    with pytest.raises(ValueError, match="61 frames, and a page shows 60 at most"):
        movable(frames, "frames-1", stays, "Output")
    style = (ROOT / "ccx" / "classroom" / "site" / "style.css").read_text(encoding="utf-8")
    assert f"range(1, {MOST + 1})" in style


def test_what_is_the_students_is_marked_and_no_complaint_stands_there():
    complaint = new_output("error", ename="NotYet", evalue="Nothing here yet.", traceback=["Nothing here yet."])
    guess = new_output("stream", name="stdout", text="No guess yet.")
    tree = shown(new_code_cell('ccx.check("00.x", x)', metadata=CHECK, outputs=[complaint]), new_code_cell('ccx.predict("00.y", ...)', outputs=[guess]),
                 new_markdown_cell("*Your answer goes here.*", metadata=WRITTEN), new_code_cell("ccx.doctor()"))
    assert len(tree.find_all(class_="turn")) == 4 and "yet" not in tree.get_text() and "goes here" not in tree.get_text()


def test_what_was_printed_in_pieces_is_one_and_warnings_are_left_out():
    said = [new_output("stream", name=name, text=text) for name, text in (("stdout", "a"), ("stdout", "b\n"), ("stderr", "careful\n"))]
    tree = shown(new_code_cell("x", outputs=said))
    assert [box.get_text() for box in tree.find_all(class_="output")] == ["ab"]


def test_a_plain_picture_is_embedded():
    assert shown(new_code_cell("x", outputs=[new_output("display_data", data={"image/png": PIXEL})])).img["alt"]


def test_html_of_an_output_leads_nowhere_else():
    assert str(sound('<a href="http://x">x</a>', stays, "Output")) == "x (http://x)"


# Pages


def test_each_page_has_its_place_among_the_others(tmp_path):
    made = make(root := course(tmp_path, glossary="# Glossary\n\n## Terms\n\n<a id=\"clv\"></a>**CLV.** See [lesson 01](01-second/01-second.ipynb#part)."), read(root))
    assert list(made) == ["index.html", "00-first.html", "01-second.html", "glossary.html"] and not problems(made)
    pages = {name: BeautifulSoup(text, "html.parser") for name, text in made.items()}
    for name, page in pages.items():
        assert page.html["lang"] == "en-GB" and len(page.find_all("h1")) == len(page.find_all("main")) == 1 and page.find(class_="skip")["href"] == "#main"
        assert name == "index.html" or page.nav.find("a", attrs={"aria-current": "page"})["href"] == name
    assert "Next: 01 · A lesson" in pages["00-first.html"].get_text() and "Previous" not in pages["00-first.html"].get_text()
    assert "Previous: 00 · A lesson" in pages["01-second.html"].get_text() and "Next" not in pages["01-second.html"].get_text()
    assert pages["glossary.html"].main.find("a", href="01-second.html#part")
    [row] = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in pages["index.html"].find_all("tr") if row.find(href="01-second.html")]
    assert row == ["01 · A lesson", "How?", "20 + 5", "20", "a panel"] and pages["index.html"].h1.get_text() == "A course"


@pytest.mark.parametrize("text, said", [
    ("[x](../glossary.md#clv)", "00-first: cell text: the link ../glossary.md#clv leads to nothing"), ("[x](#nowhere)", "00-first.html: the link #nowhere leads nowhere"),
    ("[x](../01-second/01-second.ipynb#nowhere)", "00-first.html: the link 01-second.html#nowhere leads nowhere"), ("$\\unheardof$", "00-first: cell text: The formula"),
    ("<a id='main'></a>", "the id main is there 2 times"),
])
def test_what_is_wrong_in_a_lesson_is_an_error_with_its_name(tmp_path, text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        make(root := course(tmp_path, first=text), read(root))


def test_a_lesson_that_the_table_does_not_have_is_an_error(tmp_path):
    root = course(tmp_path)
    (root / "README.md").write_text("# A course\n\n| lesson |\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no line with question, minutes, points and data for 00-first"):
        make(root, read(root))


def test_problems_are_found():
    page = '<p id=a></p><p id=a></p><img src="http://x"><a href="b.html">x</a><p onclick="x()"><script>x()</script>'
    assert len(problems({"a.html": page})) == 5


# The course's own texts, not executed


@pytest.fixture(scope="module")
def texts():
    return make(ROOT, read(ROOT))


def test_every_lesson_is_there_with_its_formulas_and_links_and_one_order_of_headings(texts):
    assert {*lessons(ROOT)} == {name.removesuffix(".html") for name in texts} - {"index", "glossary"} and not problems(texts)
    for name, text in texts.items():
        page = BeautifulSoup(text, "html.parser")
        levels = [int(found.name[1]) for found in page.find_all(re.compile("^h[1-6]$"))]
        assert levels.count(1) == 1 and levels[0] == 1 and all(below <= above + 1 for above, below in zip(levels, levels[1:])), name
        for quoted in page.find_all(["pre", "code", "math"]):
            quoted.decompose()
        # A formula that was not recognised would still have its dollars and commands.
        assert not re.search(r"\$[^$\d]|\\[a-z]", page.main.get_text()), name


def test_as_many_formulas_are_shown_as_there_are(texts):
    for name, notebook in read(ROOT).items():
        written = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown" and not cell.metadata.get("nbgrader"))
        assert texts[f"{name}.html"].count("<math") == len(re.findall(r"\$\$.+?\$\$|\$[^$\n]+?\$", written, re.S)), name


# Executing and writing


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    root = course(tmp_path_factory.mktemp("course"))
    return root, site(root, root / "one"), site(root, root / "two", workers=1)


def test_lessons_are_executed_and_a_check_may_complain(written):
    first = BeautifulSoup(written[1][1].read_text(encoding="utf-8"), "html.parser")
    assert [path.name for path in written[1]] == ["index.html", "00-first.html", "01-second.html"]
    assert first.find(class_="output").get_text() == "1\n2" and first.find(class_="turn") and "Nothing here yet" not in first.get_text()


def test_two_runs_give_the_same_bytes(written):
    assert [path.read_bytes() for path in written[1]] == [path.read_bytes() for path in written[2]]


@pytest.mark.parametrize("code, said", [("1 / 0", "01-second: cell code stopped with ZeroDivisionError: division by zero"),
                                        ("import os; os._exit(1)", "01-second: cell code could not be run")])
def test_a_lesson_that_stops_is_named_and_nothing_is_written(tmp_path, code, said):
    root = course(tmp_path, code=code)
    (root / "lessons" / "00-first" / "00-first.ipynb").unlink()
    with pytest.raises(ValueError, match=said):
        site(root)
    assert not (root / "dist").exists()


def test_a_check_that_does_more_than_complain_stops_the_lesson(tmp_path):
    root = course(tmp_path, code="NotYet = KeyError")
    with pytest.raises(ValueError, match="0[01]-[a-z]+: cell check stopped with KeyError"):
        executed(lessons(root))


def test_an_earlier_site_is_replaced_whole_and_anything_else_is_left_alone(tmp_path):
    from ccx.classroom.site import write

    page = '<meta name="generator" content="ccx site">'
    assert write(tmp_path / "out", {"index.html": page, "old.html": page}) == [tmp_path / "out" / "index.html", tmp_path / "out" / "old.html"]
    write(tmp_path / "out", {"index.html": f"{page} new"})
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "index.html"] and "new" in (tmp_path / "out" / "index.html").read_text()
    with pytest.raises(OSError):
        write(tmp_path / "out", {"index.html": page, "no/such/folder.html": page})
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "index.html"] and "new" in (tmp_path / "out" / "index.html").read_text()
    (tmp_path / "out" / "thesis.html").write_text("mine")
    with pytest.raises(ValueError, match="holds thesis.html, which is not a page of the site"):
        write(tmp_path / "out", {"index.html": page})
    assert (tmp_path / "out" / "thesis.html").read_text() == "mine"


def test_the_command_says_where_the_site_is(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(course(tmp_path))
    assert main(["site"]) == 0 and capsys.readouterr().out == f"{tmp_path.resolve() / 'dist' / 'site' / 'index.html'} (3 pages, 0.0 MB)\n"
    monkeypatch.chdir(tmp_path / "dist")
    assert main(["site"]) == 2 and "no lessons" in capsys.readouterr().err
