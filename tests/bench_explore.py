"""How fast the explorers answer in a browser: `python tests/bench_explore.py` prints medians, all measured in one run.

Each explorer stands beside plain `interact` with inline matplotlib, which draws the same panels. Latency goes from the key
press on a slider to the second animation frame after its picture has changed, when the changed pixels are on the screen.
"""

import importlib
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

import ccx
from browser import PLAIN_LAB, chromium, logged_in, open_notebook, run_all, server

EXPLORERS = [name for name in ccx.explore.__all__ if name.islower()]
MOVES, STEPS = 40, 40
HERE = Path(__file__).resolve().parent

WATCH = """cell => {
  const picture = () => cell.querySelector(".ccx-picture")?.innerHTML ?? [...cell.querySelectorAll("img")].at(-1)?.src ?? "";
  const before = picture();
  let start;
  cell.addEventListener("keydown", () => start = performance.now(), { capture: true, once: true });
  window.latency = new Promise(done => new MutationObserver(async (_, watch) => {
    if (picture() === before || !picture()) return;
    watch.disconnect();
    await [...cell.querySelectorAll("img")].at(-1)?.decode();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
  }).observe(cell, { subtree: true, childList: true, attributes: true, characterData: true }));
}"""

FILM = """cell => {
  const shown = () => cell.querySelector(".ccx-picture") ?? [...cell.querySelectorAll("img")].at(-1);
  const film = window.film = { places: new Set(), empty: 0, pictures: new Set(), changed: 0, released: 0, running: true };
  addEventListener("pointerup", () => film.released = performance.now(), { capture: true, once: true });
  const look = () => {
    const picture = shown(), box = picture?.getBoundingClientRect(), content = picture?.src ?? picture?.innerHTML ?? "";
    if (!content || box.height < 20) film.empty += 1;
    else film.places.add(`${Math.round(box.top)} ${Math.round(box.height)}`);
    if (!film.pictures.has(content)) film.changed = performance.now();
    film.pictures.add(content);
    if (film.running) requestAnimationFrame(look);
  };
  look();
}"""


class Chart:
    """A Panel whose marks matplotlib draws: the baseline's picture."""

    def __init__(self, x, y, title="", name="", width=420):
        self.x, self.y, self.title, self.width, self.calls = x, y, title, width, []

    def __getattr__(self, method):
        return lambda *arguments, **options: self.calls.append((method, arguments, options))

    def on(self, ax):
        for method, arguments, options in self.calls:
            getattr(self, f"_{method}")(ax, *arguments, **options)
        ax.set(xlim=(self.x.low, self.x.high), ylim=(self.y.low, self.y.high), xlabel=self.x.label, ylabel=self.y.label, title=self.title)
        for set_ticks, axis in ((ax.set_xticks, self.x), (ax.set_yticks, self.y)):
            marked = axis.marked()
            set_ticks([place for place, _ in marked], [words for _, words in marked])

    def _plot(self, ax, x, y, color="#a83c09", lw=2, dash=""):
        ax.plot(x, y, color=color, lw=lw, ls="--" if dash else "-")

    def _fill(self, ax, x, y, color="#c4c7cb"):
        ax.fill_between(x, y, color=color)

    def _bar(self, ax, x, height, width=0.8, color="#c4c7cb"):
        ax.bar(x, height, width, color=color)

    def _scatter(self, ax, x, y, color="#a83c09", size=6, marker="o"):
        ax.plot(x, y, marker.lower() if marker == "O" else marker, color=color, ms=size)

    def _axvline(self, ax, x, color="#5f6368", lw=1.5, dash="", opacity=1):
        ax.axvline(x, color=color, lw=lw, ls="--" if dash else "-", alpha=opacity)

    def _axhline(self, ax, y, color="#5f6368", lw=1.5, dash="", opacity=1):
        ax.axhline(y, color=color, lw=lw, ls="--" if dash else "-", alpha=opacity)

    def _text(self, ax, x, y, words, color="#1f2328", ha="left", dx=0, dy=0):
        ax.annotate(words.replace("$", r"\$"), (x, y), (dx, -dy), textcoords="offset points", color=color, ha=ha)


def module_of(name):
    return importlib.import_module(getattr(ccx.explore, name).__module__)


def plain(name):
    """The same explorer as a student would write it: `interact` and pyplot."""
    import ipywidgets
    import matplotlib.pyplot as plt

    module = module_of(name)
    module.Panel = Chart
    explorer = getattr(ccx.explore, name)()

    def show(**moved):
        charts = module.draw(module.view({**explorer.state, **moved}))
        figure, axes = plt.subplots(1, len(charts), figsize=(9.4, 3.4), layout="constrained")
        for ax, chart in zip(axes, charts):
            chart.on(ax)
        plt.show()

    ipywidgets.interact(show, **{slider.name: ipywidgets.SelectionSlider(options=slider.stops(), value=slider.nearest(slider.start))
                                 for slider in explorer._sliders.values()})


def notebook():
    # A kernel of its own for each kind, because the baseline puts another Panel into the modules.
    def of(cells):
        return new_notebook(cells=[new_code_cell(cell) for cell in cells],
                            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})

    ours = of(["import ccx", *(f"ccx.explore.{name}()" for name in EXPLORERS)])
    theirs = of([f"import sys; sys.path.insert(0, {str(HERE)!r}); from bench_explore import plain", *(f"plain({name!r})" for name in EXPLORERS)])
    return {"ours": ours, "interact": theirs}


def latencies(page, cell, sliders):
    """Milliseconds from key press to changed pixels, the moves dealt out to all sliders."""
    found = []
    for move in range(MOVES):
        slider = sliders[move % len(sliders)]
        slider.focus()
        page.evaluate(WATCH, cell)
        # There and back, so that no slider ends at its end.
        slider.press("ArrowRight" if move // len(sliders) % 2 == 0 else "ArrowLeft")
        found.append(page.evaluate("latency"))
        page.wait_for_timeout(60)
    return found


def drag(page, cell, track, slider):
    """A fast drag of 40 steps: what was shown meanwhile and when the last picture came."""
    slider.press("Home")
    page.wait_for_timeout(1000)
    box = track.bounding_box()
    middle, left, width = box["y"] + box["height"] / 2, box["x"] + 8, 0.9 * box["width"]
    page.mouse.move(left, middle)
    page.mouse.down()
    page.wait_for_timeout(500)
    page.evaluate(FILM, cell)
    for step in range(1, STEPS + 1):
        page.mouse.move(left + width * step / STEPS, middle)
    page.mouse.up()
    page.wait_for_timeout(2500)
    return page.evaluate("() => { film.running = false; return { empty: film.empty, places: film.places.size, pictures: film.pictures.size - 1, "
                         "late: film.changed - film.released } }")


def measure(context, url):
    found = {}
    for kind in ("ours", "interact"):
        page = open_notebook(context, url, f"{kind}.ipynb")
        run_all(page)
        for position, name in enumerate(EXPLORERS, start=1):
            cell = page.locator(".jp-CodeCell").nth(position)
            cell.scroll_into_view_if_needed()
            sliders = cell.get_by_role("slider")
            sliders.first.wait_for()
            page.wait_for_timeout(500)
            handle = cell.element_handle()
            track = sliders.first if kind == "ours" else cell.locator(".slider-container").first
            found[kind, name] = latencies(page, handle, sliders.all()), drag(page, handle, track, sliders.first)
        page.close()
    return found


def milliseconds(action, runs=50):
    times = []
    for run in range(runs):
        start = perf_counter()
        action(run)
        times.append(1000 * (perf_counter() - start))
    return median(times)


def views():
    for name in EXPLORERS:
        module, explorer = module_of(name), getattr(ccx.explore, name)()
        slowest = max(milliseconds(lambda run: module.view({**explorer.state, slider.name: slider.stops()[run % len(slider.stops())]}))
                      for slider in explorer._sliders.values())
        drawing = milliseconds(lambda _: [panel.svg() for panel in module.draw(explorer.scene)])
        print(f"{name:<10} view alone {slowest:6.2f} ms (the slowest slider), drawing {drawing:6.2f} ms")


def main():
    views()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as own:
        for kind, cells in notebook().items():
            nbformat.write(cells, Path(folder, f"{kind}.ipynb"))
        with chromium() as browser, server(folder, Path(own), PLAIN_LAB) as url:
            found = measure(logged_in(browser, url, []), url)
    for name in EXPLORERS:
        for kind in ("ours", "interact"):
            times, filmed = found[kind, name]
            print(f"{name:<10} {kind:<9} median {median(times):5.0f} ms, p95 {quantiles(times, n=20)[-1]:5.0f} ms over {len(times)} moves; "
                  f"drag: {filmed['pictures']} pictures, the last {filmed['late']:.0f} ms after the release, {filmed['empty']} empty frames, {filmed['places']} places")
        print(f"{name:<10} ratio     {median(found['ours', name][0]) / median(found['interact', name][0]):.2f}")


if __name__ == "__main__":
    main()
