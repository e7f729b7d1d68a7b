"""The explorers in a real browser: moved by hand and by keyboard, read by axe, and where nothing is alive behind them."""

import importlib
import itertools
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

import browser
import ccx
from test_explore_readme import EXAMPLE

NAMES = [name for name in ccx.explore.__all__ if name.islower()]
FAILING = """from ccx.explore import Explorer, Scene, Slider
def view(state):
    print("nobody reads this")
    return Scene({"x": state["x"]}, f"half is {9 / (9 - state['x']):.2f}")
Explorer(view, lambda scene: [], [Slider("x", "A number", 0, 9, 1, 8)], "Break it.", lambda numbers: False)"""
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with one notebook of all explorers, and one more that fails and that the page on writing explorers has."""
    folder = tmp_path_factory.mktemp("explorers")
    cells = ["import ccx", *(f"ccx.explore.{name}()" for name in NAMES)]
    for name, sources in {"all": cells, "own": [EXAMPLE + "\nshown = loyalty()\nshown", FAILING, "shown"], "one": ["import ccx", "ccx.explore.wildness()"]}.items():
        nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources], metadata=KERNEL), folder / f"{name}.ipynb")
    return folder


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    with browser.server(folder, tmp_path_factory.mktemp("jupyter"), browser.PLAIN_LAB) as url:
        yield url


@pytest.fixture(scope="module")
def laptop(chromium, server, complaints):
    return browser.logged_in(chromium, server, complaints)


@pytest.fixture(autouse=True)
def quiet_console(laptop, complaints):
    yield
    assert browser.heard(complaints) == []


@pytest.fixture(scope="module")
def page(laptop, server):
    page = browser.open_notebook(laptop, server, "all.ipynb")
    browser.run_all(page)
    return page


@pytest.fixture
def inside(request):
    """The same explorer here in Python, to say what the page should show."""
    return getattr(ccx.explore, request.node.callspec.params["explorer"])()


@pytest.fixture
def explorer(page, request, inside):
    """The explorer that the test asks for, as it starts."""
    shown = page.locator(".ccx-explorer").nth(NAMES.index(request.param))
    shown.get_by_role("button", name="Reset").click()
    expect(shown.locator(".ccx-summary")).to_have_text(inside.scene.text)
    return shown


every_explorer = pytest.mark.parametrize("explorer", NAMES, indirect=True)
lifeline = pytest.mark.parametrize("explorer", ["lifeline"], indirect=True)
ripples = pytest.mark.parametrize("explorer", ["ripples"], indirect=True)


def shown(explorer):
    """The sentence, its copy for a screen reader, and the picture as the browser has painted it."""
    text = explorer.locator(".ccx-summary").text_content()
    picture = explorer.get_by_role("img")
    expect(picture).to_have_attribute("aria-label", text)
    return text, picture.screenshot()


def press(explorer, slider, key):
    """Press a key and wait until the picture is another one."""
    picture = explorer.locator(".ccx-picture")
    before = picture.inner_html()
    slider.press(key)
    expect(picture).not_to_have_js_property("innerHTML", before)
    return shown(explorer)


def goes_to(slider, words, key):
    """Press a key until the slider says these words."""
    for _ in range(400):
        if slider.get_attribute("aria-valuetext") == words:
            return
        slider.press(key)
    pytest.fail(f"{key} never leads to {words}")


# Every explorer, as it is


@every_explorer
def test_every_control_moves_picture_and_sentence(explorer, inside):
    for slider, control in zip(explorer.get_by_role("slider").all(), inside._sliders.values(), strict=True):
        for key, stop in (("Home", 0), ("End", -1)):
            before = shown(explorer)
            after = press(explorer, slider, key)
            assert slider.get_attribute("aria-valuetext") == control.page()["words"][stop]
            inside.set(**{control.name: control.stops()[stop]})
            assert after[0] == inside.scene.text and after[1] != before[1]
        # From the start again: at another slider's end this one may change nothing.
        explorer.get_by_role("button", name="Reset").click()
        inside.reset()
        expect(slider).to_have_attribute("aria-valuetext", control.form.format(control.start))


@every_explorer
def test_reset_gives_the_first_picture_again(explorer):
    before = shown(explorer)
    press(explorer, explorer.get_by_role("slider").first, "ArrowRight")
    explorer.get_by_role("button", name="Reset").click()
    expect(explorer.locator(".ccx-summary")).to_have_text(before[0])
    assert shown(explorer) == before


@every_explorer
def test_sliders_follow_every_key_and_the_notebook_none(explorer, page):
    """JupyterLab would take arrows to go to the next cell, and letters to add or delete one."""
    cells = page.locator(".jp-Cell").count()
    slider = explorer.get_by_role("slider").first
    steps = []
    for key in ("Home", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "PageUp", "End", "a", "b", "m"):
        slider.press(key)
        steps.append(int(slider.input_value()))
    assert steps[:5] == [0, 1, 2, 1, 0] and steps[5] > 1 and len(set(steps[6:])) == 1 and steps[6] == int(slider.get_attribute("max"))
    for button in explorer.get_by_role("button").all():
        button.press("b")
        button.press("ArrowDown")
        expect(button).to_be_focused()
    assert page.locator(".jp-Cell").count() == cells


@every_explorer
def test_every_control_is_reached_with_the_tab_key_and_has_its_visible_label(explorer, page):
    controls = [*explorer.get_by_role("slider").all(), *explorer.get_by_role("button").all()]
    controls[0].focus()
    for control in controls:
        expect(control).to_be_focused()
        page.keyboard.press("Tab")
    for slider in explorer.get_by_role("slider").all():
        label = explorer.locator(f"label[for='{slider.get_attribute('id')}']")
        expect(label).to_be_visible()
        # Found by its label, as a screen reader names it.
        expect(explorer.get_by_label(label.text_content(), exact=True)).to_have_count(1)
        assert label.locator("..").locator(".ccx-value").text_content() == slider.get_attribute("aria-valuetext")


@every_explorer
def test_a_screen_reader_hears_the_sentence_when_the_hand_rests(explorer):
    text, _ = press(explorer, explorer.get_by_role("slider").first, "ArrowRight")
    expect(explorer.get_by_role("status")).to_have_text(re.compile(f"^{re.escape(text)} Task: "))


@every_explorer
def test_axe_finds_nothing(explorer, page):
    explorer.evaluate("node => node.id = 'looked-at'")
    found = Axe().run(page, context="#looked-at")
    explorer.evaluate("node => node.removeAttribute('id')")
    assert found.violations_count == 0, found.generate_report()
    assert {"label", "role-img-alt", "button-name"} <= rules(found)


@every_explorer
def test_axe_finds_enough_contrast(explorer, laptop):
    """In a page of its own: in JupyterLab axe can't tell what is visible and leaves contrast out."""
    page = laptop.new_page()
    style = (Path(ccx.explore.__file__).parent / "shell.css").read_text()
    for background, color in (("#fff", "#000"), ("#111", "#fff")):
        page.set_content(f"<html lang=en><title>x</title><style>{style} body {{ background: {background}; color: {color} }}</style>"
                         f"<main>{explorer.evaluate('node => node.outerHTML')}</main>")
        found = Axe().run(page, context=".ccx-explorer")
        assert found.violations_count == 0 and "color-contrast" in rules(found), found.generate_report()
    page.close()


def rules(found):
    return {rule["id"] for rule in found.response["passes"]}


@every_explorer
def test_a_fast_drag_ends_where_the_hand_lets_go_without_jumps(explorer, page, inside):
    slider = explorer.get_by_role("slider").first
    slider.press("Home")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, height)
    page.mouse.down()
    explorer.evaluate("""explorer => {
        const picture = explorer.querySelector(".ccx-picture"), seen = window.seen = { places: new Set(), empty: 0, on: true };
        const look = () => {
            const box = picture.getBoundingClientRect();
            seen.places.add([box.top, box.left, box.width, box.height].map(Math.round).join(" "));
            seen.empty += picture.querySelectorAll("svg").length === 0;
            if (seen.on) requestAnimationFrame(look);
        };
        look();
    }""")
    for step in range(1, 41):
        page.mouse.move(box["x"] + 8 + step * (box["width"] - 40) / 40, height)
    page.mouse.up()
    control = next(iter(inside._sliders.values()))
    inside.set(**{control.name: control.stops()[int(slider.input_value())]})
    assert int(slider.input_value()) > 0.8 * len(control.stops())
    expect(explorer.locator(".ccx-summary")).to_have_text(inside.scene.text)
    seen = page.evaluate("() => { seen.on = false; return { places: seen.places.size, empty: seen.empty } }")
    assert seen == {"places": 1, "empty": 0}


@every_explorer
def test_at_two_hundred_per_cent_nothing_is_lost(explorer, page):
    """Zoomed in twofold, a laptop's page is half as wide: controls and panels go below each other instead of off the page."""
    page.set_viewport_size({"width": browser.LAPTOP["width"] // 2, "height": browser.LAPTOP["height"] // 2})
    try:
        wide = """node => [...node.querySelectorAll("p, div:not(.ccx-spoken), label, button, .ccx-value")].filter(one => one.scrollWidth > one.clientWidth + 1)
            .map(one => [one.className, one.textContent.slice(0, 40), one.scrollWidth, one.clientWidth])"""
        assert explorer.evaluate(wide) == []
        page_box = explorer.evaluate("node => { const box = node.closest('.jp-OutputArea').getBoundingClientRect(); return [box.left, box.right] }")
        for control in (*explorer.get_by_role("slider").all(), *explorer.get_by_role("button").all(), explorer.get_by_role("img")):
            box = control.bounding_box()
            assert page_box[0] <= box["x"] and box["x"] + box["width"] <= page_box[1] + 1
        tops = {panel.bounding_box()["y"] for panel in explorer.locator(".ccx-picture > svg").all()}
        assert len(tops) > 1
    finally:
        page.set_viewport_size(browser.LAPTOP)


# Each task can be done, by keyboard alone where there are sliders


@pytest.mark.parametrize("explorer, moves", [
    ("wildness", [("How alike customers are (r)", "100", "ArrowRight"), ("Average purchases per customer", "1.04", "ArrowLeft")]),
    ("acquire", [("Partners (thousand dollars)", "40", "ArrowLeft"), ("Search (thousand dollars)", "61", "ArrowRight"),
                 ("Social (thousand dollars)", "55", "ArrowRight")]),
    ("delist", [("Product, by margin, the lowest first", "product 7", "ArrowLeft"),
                ("Share of its buyers' other profit that leaves with it", "0.15%", "ArrowLeft")]),
    ("sorting", [("Polarisation (0: all alike)", "0.20", "ArrowRight")]),
    ("zoom", [("Exposure of the best to their shock", "0.40", "ArrowRight"), ("Noise of the score", "0 dollars", "ArrowLeft"),
              ("Zoom: budget to the best fifth", "0.10", "ArrowLeft")]),
    ("valuation", [("Firm B: polarisation of churn (0: all alike)", "0.20", "ArrowRight"),
                   ("Firm B: growth of additions a quarter", "-1.0%", "ArrowLeft")])], indirect=["explorer"])
def test_the_end_of_the_task_is_reached(explorer, moves):
    for label, words, key in moves:
        expect(explorer.locator(".ccx-goal")).to_have_text("Task: not there yet.")
        goes_to(explorer.get_by_label(label, exact=True), words, key)
    expect(explorer.locator(".ccx-goal")).to_contain_text("Task: you have found it.")


@pytest.mark.parametrize("explorer", ["market_game"], indirect=True)
def test_the_market_is_won_in_eight_quarters_by_keyboard(explorer):
    moves = [("Acquisition, for the focal", "20%", "ArrowRight"), ("Retention, for the focal", "10%", "ArrowRight"), ("Retention, for the rest", "0%", "ArrowLeft"),
             ("Development, for the focal", "36%", "ArrowRight"), ("Development, for the rest", "10%", "ArrowRight"), ("Cost, for the rest", "16%", "ArrowRight")]
    for label, words, key in moves:
        goes_to(explorer.get_by_label(label), f"{words} of the cash", key)
    for quarter in range(1, 9):
        expect(explorer.locator(".ccx-summary")).to_contain_text(f"Quarter {quarter} of 8.")
        expect(explorer.locator(".ccx-goal")).to_have_text("Task: not there yet.")
        explorer.get_by_role("button", name="Play this quarter").press("Enter")
    expect(explorer.locator(".ccx-goal")).to_contain_text("Task: you have found it.")


@pytest.mark.parametrize("explorer", ["treatment"], indirect=True)
def test_the_vouchers_of_the_task_are_found_with_a_button_and_a_slider(explorer):
    share = explorer.get_by_label("Share of customers who get a voucher")
    goes_to(share, "29%", "ArrowRight")
    expect(explorer.locator(".ccx-goal")).to_have_text("Task: not there yet.")
    explorer.get_by_role("button", name="Most responsive first").press("Enter")
    expect(explorer.locator(".ccx-goal")).to_contain_text("Task: you have found it.")


@lifeline
def test_the_purchases_of_the_task_are_placed_by_clicks(explorer):
    for count, week in enumerate((3, 6, 12, 20), start=4):
        expect(explorer.locator(".ccx-goal")).to_have_text("Task: not there yet.")
        click(explorer, "line", week / 78, 0.5)
        expect(explorer.locator(".ccx-summary")).to_contain_text(f"{count} repeat purchases, the last in week 26")
    expect(explorer.locator(".ccx-goal")).to_contain_text("Task: you have found it.")
    text, before = shown(explorer)
    # Elsewhere in between: the picture changes and no number does.
    click(explorer, "line", 20 / 78, 0.5)
    expect(explorer.locator(".ccx-summary")).to_contain_text("6 repeat purchases")
    click(explorer, "line", 23 / 78, 0.5)
    expect(explorer.locator(".ccx-summary")).to_have_text(text.replace("17, 20, 26", "17, 23, 26"))
    assert shown(explorer)[1] != before


@ripples
def test_three_clients_are_taught_by_clicks_and_a_world_is_played(explorer):
    place = importlib.import_module("ccx.explore.network")._network().place
    for words, client in (("Nobody is taught.", 18), ("Taught: client 8.", 8), ("Taught: clients 8, 25.", 25), ("Taught: clients 8, 25, 29.", 29)):
        expect(explorer.locator(".ccx-goal")).to_have_text("Task: not there yet.")
        click(explorer, "network", (place.loc[client, "x"] + 1.1) / 2.2, (place.loc[client, "y"] + 1.15) / 2.35)
        expect(explorer.locator(".ccx-summary")).to_contain_text(words)
    expect(explorer.locator(".ccx-goal")).to_contain_text("Task: you have found it.")
    before = shown(explorer)[1]
    explorer.get_by_role("button", name="Play one quarter").click()
    expect(explorer.locator(".ccx-summary")).to_contain_text("quarter 3")
    # The slider goes with it.
    expect(explorer.get_by_label("Quarters played")).to_have_attribute("aria-valuetext", "3")
    assert shown(explorer)[1] != before


@ripples
def test_the_keyboard_teaches_clients_too(explorer):
    client, teach = explorer.get_by_label("Client to look at"), explorer.get_by_role("button", name="Teach this client")
    for words, key, said in (("client 18", "ArrowLeft", "Nobody is taught."), ("client 8", "ArrowLeft", "is among the taught"), ("client 25", "ArrowRight", "is among the taught"),
                             ("client 29", "ArrowRight", "is among the taught")):
        goes_to(client, words, key)
        teach.press("Enter")
        expect(explorer.locator(".ccx-summary")).to_contain_text(said)
        expect(teach).to_be_focused()
    expect(explorer.locator(".ccx-goal")).to_contain_text("Task: you have found it.")


@lifeline
def test_the_keyboard_places_purchases_too(explorer):
    week, place = explorer.get_by_label("Week to buy in"), explorer.get_by_role("button", name="Place a purchase")
    for count, words in enumerate(("week 12", "week 11", "week 10"), start=4):
        goes_to(week, words, "ArrowLeft")
        place.press("Enter")
        expect(explorer.locator(".ccx-summary")).to_contain_text(f"{count} repeat purchases")
        # The answer leaves the focus where it is.
        expect(place).to_be_focused()


def at_once(explorer, events):
    """Do several things before Python can answer the first of them."""
    explorer.evaluate("""(explorer, events) => {
        const [today, week] = explorer.querySelectorAll("input"), [place, reset] = explorer.querySelectorAll("button");
        const line = explorer.querySelector("svg[data-panel=line]");
        for (const [kind, value] of events) {
            if (kind === "place") place.click();
            else if (kind === "reset") reset.click();
            else if (kind === "click") {
                const at = new DOMPoint(62 + value / 78 * 334, 140).matrixTransform(line.getScreenCTM());
                line.dispatchEvent(new MouseEvent("click", { clientX: at.x, clientY: at.y, bubbles: true }));
            } else {
                const slider = kind === "today" ? today : week;
                slider.value = value - 1;
                slider.dispatchEvent(new Event("input"));
            }
        }
    }""", events)


@lifeline
@pytest.mark.parametrize("events, words", [
    ([("click", 3), ("click", 6), ("click", 12)], "Weeks of purchases: 3, 6, 9, 12, 17, 26."),
    ([("week", 11), ("week", 12), ("week", 13), ("place", 0)], "Weeks of purchases: 9, 13, 17, 26."),
    ([("place", 0), ("today", 50), ("today", 60)], "today is week 60. Weeks of purchases: 9, 13, 17, 26."),
    ([("today", 50), ("today", 55), ("today", 60), ("reset", 0)], "today is week 39. Weeks of purchases: 9, 17, 26.")])
def test_nothing_that_is_done_quickly_is_lost(explorer, events, words):
    at_once(explorer, events)
    expect(explorer.locator(".ccx-summary")).to_contain_text(words)


@lifeline
def test_clicks_wait_for_a_busy_kernel(explorer, page):
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text("import time; time.sleep(2)")
    page.keyboard.press("Shift+Enter")
    for week in (3, 6, 12):
        at_once(explorer, [("click", week)])
    expect(explorer.locator(".ccx-summary")).to_contain_text("Weeks of purchases: 3, 6, 9, 12, 17, 26.")


@lifeline
def test_a_click_on_the_map_shows_the_customer_there(explorer):
    click(explorer, "map", 30 / 78, 10 / 20)
    expect(explorer.locator(".ccx-summary")).to_contain_text("10 repeat purchases, the last in week 30, and today is week 39")


def click(explorer, panel, across, up):
    """Click on a panel at shares of its axes, whose place in it is that of every panel: 62 to 396 of 420 and 30 to 250 of 300."""
    explorer.locator(".ccx-picture").scroll_into_view_if_needed()
    # In one go: each answer of Python puts new panels in the place of the old.
    x, y, width = explorer.evaluate("(node, name) => { const box = node.querySelector(`svg[data-panel=${name}]`).getBoundingClientRect(); return [box.x, box.y, box.width] }", panel)
    explorer.page.mouse.click(x + width / 420 * (62 + across * 334), y + width / 420 * (250 - up * 220))


# Words in pictures


def settings(explorer):
    """Bring it to the corners of all sliders, or of one at a time where there are many; and a game quarter by quarter to its end, against all rivals."""
    sliders = explorer._sliders
    ends = {name: (slider.low, slider.start, slider.high) for name, slider in sliders.items()}
    corners = itertools.product(*ends.values()) if len(sliders) < 5 else [[end if name == one else sliders[one].start for one in ends] for name in ends for end in ends[name]]
    for corner in corners:
        explorer.set(**dict(zip(sliders, corner)))
        yield corner
    for rivals in range(2 * ("rivals" in explorer._buttons)):
        for quarter in range(8):
            explorer.press("play")
            yield rivals, quarter
        explorer.press("rivals")


def test_no_words_in_any_picture_are_cut_or_overlap(laptop):
    """The browser measures, with the font of the machine that runs the test."""
    page, found = laptop.new_page(), {}
    for name in NAMES:
        explorer = getattr(ccx.explore, name)()
        for setting in settings(explorer):
            page.set_content(f"<div style='display:flex;width:900px'>{explorer._frame()['picture']}</div>")
            found[name, tuple(setting)] = page.evaluate("""() => [...document.querySelectorAll("div > svg")].flatMap(panel => {
                const all = panel.getBoundingClientRect();
                const words = [...panel.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
                const cut = words.filter(([, box]) => box.left < all.left - 1 || box.right > all.right + 1 || box.top < all.top - 1 || box.bottom > all.bottom + 1);
                const touching = words.flatMap(([one, a], i) => words.slice(0, i).filter(([, b]) =>
                    a.left + 2 < b.right && b.left + 2 < a.right && a.top + 4 < b.bottom && b.top + 4 < a.bottom).map(([other]) => `${one} on ${other}`));
                return [...cut.map(([word]) => `${word} is cut`), ...touching];
            })""")
    page.close()
    assert len(found) > 30 and {state: faults for state, faults in found.items() if faults} == {}


# Of one's own, shown twice, and failing


def test_the_example_of_the_page_on_writing_explorers_works(laptop, server):
    page = browser.open_notebook(laptop, server, "own.ipynb")
    browser.run_all(page)
    own, failing = (page.locator(".ccx-explorer").nth(i) for i in (0, 1))
    again = page.locator(".ccx-explorer").nth(2)
    expect(again.locator(".ccx-summary")).to_have_text(own.locator(".ccx-summary").text_content())
    goes_to(own.get_by_role("slider"), "80%", "ArrowRight")
    # The same explorer in two cells stays in step, with its sliders.
    expect(again.locator(".ccx-summary")).to_contain_text("worth $367")
    expect(again.get_by_role("slider")).to_have_attribute("aria-valuetext", "80%")
    expect(own.locator(".ccx-summary")).to_contain_text("worth $367")
    expect(own.locator(".ccx-goal")).to_have_text("Task: you have found it.")
    expect(failing.locator(".ccx-summary")).to_have_text("half is 9.00")
    failing.get_by_role("slider").press("End")
    expect(failing.locator(".ccx-summary")).to_have_text("This setting can't be drawn: press Reset and go on.")
    failing.get_by_role("button", name="Reset").click()
    expect(failing.locator(".ccx-summary")).to_have_text("half is 9.00")
    page.close()


# Nobody behind it


def test_a_restarted_kernel_is_told(laptop, server):
    page = browser.open_notebook(laptop, server, "one.ipynb")
    browser.run_all(page)
    explorer = page.locator(".ccx-explorer")
    expect(page.locator(".ccx-still")).to_be_hidden()
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text="Restart Kernel").first.click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    page.get_by_text("| Idle").wait_for()
    explorer.get_by_role("slider").first.press("End")
    expect(explorer.get_by_role("alert")).to_contain_text("run this cell again")
    browser.run_all(page)
    # The new one has another slider position than the dead one was left with.
    expect(explorer.get_by_role("alert")).to_have_text("")
    expect(explorer.get_by_role("slider").first).to_have_attribute("aria-valuetext", "0.398")
    press(explorer, explorer.get_by_role("slider").first, "End")
    page.close()


@pytest.fixture(scope="module")
def executed(folder):
    """The notebook run without a browser, as an instructor would to hand out a page."""
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output", "executed", "one.ipynb"],
                   cwd=folder, check=True, capture_output=True)
    return folder / "executed.ipynb"


def test_a_reopened_notebook_shows_the_still_picture(executed, laptop, server):
    page = browser.open_notebook(laptop, server, executed.name)
    still = page.locator(".ccx-still")
    expect(still).to_be_visible()
    expect(still.get_by_role("img")).to_have_attribute("alt", ccx.explore.wildness().scene.text)
    expect(still).to_contain_text("run this cell to move it")
    expect(page.locator(".ccx-explorer")).to_have_count(0)
    found = Axe().run(page, context=".ccx-still")
    assert found.violations_count == 0, found.generate_report()
    page.close()


def test_an_exported_page_shows_the_still_picture(executed, chromium):
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", executed.name], cwd=executed.parent, check=True, capture_output=True)
    with chromium.new_context(offline=True) as context:
        page = context.new_page()
        page.goto(executed.with_suffix(".html").as_uri())
        still = page.locator(".ccx-still")
        expect(still).to_be_visible()
        image = still.get_by_role("img")
        assert image.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 840
        expect(image).to_have_attribute("alt", ccx.explore.wildness().scene.text)
        expect(page.locator(".ccx-explorer")).to_have_count(0)


# Notebook 7


def test_notebook_7_shows_and_moves_it(chromium, folder, tmp_path_factory, complaints):
    with browser.server(folder, tmp_path_factory.mktemp("notebook7"), browser.NOTEBOOK_7) as url:
        page = browser.logged_in(chromium, url, complaints).new_page()
        page.goto(f"{browser.origin(url)}/notebooks/one.ipynb")
        browser.connected(page, url)
        # Notebook 7 complains while it starts, with any notebook.
        browser.heard(complaints)
        browser.run_all(page)
        explorer = page.locator(".ccx-explorer")
        cells = page.locator(".jp-Cell").count()
        before = shown(explorer)
        after = press(explorer, explorer.get_by_role("slider").first, "ArrowUp")
        assert before[0] != after[0] and before[1] != after[1]
        explorer.get_by_role("button", name="Reset").press("b")
        explorer.get_by_role("slider").first.press("b")
        assert page.locator(".jp-Cell").count() == cells
        explorer.get_by_role("button", name="Reset").press("Enter")
        expect(explorer.locator(".ccx-summary")).to_have_text(before[0])
        page.context.close()
