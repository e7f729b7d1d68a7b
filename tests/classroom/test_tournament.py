"""A class's tournament: hostile strategies cost themselves a quarter and nobody else anything, honest ones play as they would here, and the page says it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from ccx import cli
from ccx.classroom.sandbox.rooms import ColdRoom
from ccx.classroom.tournament import ask, run
from ccx.classroom.tournament.ask import Sandboxes, read
from ccx.classroom.tournament.entries import MOST, Entry, from_folder, from_lesson
from ccx.classroom.tournament.page import page
from ccx.classroom.tournament.seat import LATE, MIME
from ccx.market import Market, by_shares, marginal, next_prime, play, round_robin
from ccx.market.moves import Forfeit

SECONDS, BY_THE_CLOCK = 0.3, "had to be ended: this cell took more than"
MARGINAL = "from ccx.market import marginal as strategy"
HALF = "def strategy(state):\n    return {'cost': (0, state.cash / 2)}"
SHARED = "import numpy as np\nSHARE = np.array([0.3, 0.2])\ndef strategy(state):\n    print('x' * 1000)\n    return {'development': state.cash * SHARE}"
DISPLAY = f"from IPython.display import display\ndef strategy(state):\n    display({{{MIME!r}: [{{'cost': [0, 80]}}] * 6}}, raw=True)\n    return {{}}"
# Each with what the forfeit says, or None where the strategy has a right to what it does.
STRATEGIES = {
    "half": (HALF, None), "shared": (SHARED, None), "marginal": (MARGINAL, None),
    "draws": ("import random, numpy as np\ndef strategy(state):\n    return {'cost': (random.random(), np.random.rand())}", None),
    "magic": ("%matplotlib inline\n!ls\ndef strategy(state):\n    return {}", None),
    "waits": ("import time\ndef strategy(state):\n    time.sleep(0.5)\n    return {}", None),
    "loop": ("def strategy(state):\n    while True: pass", f"A decision took more than {SECONDS} seconds"),
    "loop that swallows": ("def strategy(state):\n    while True:\n        try:\n            for i in range(10**9): pass\n        except BaseException: pass", BY_THE_CLOCK),
    "sleeps": ("import time\ndef strategy(state):\n    time.sleep(600)", BY_THE_CLOCK),
    "loop at once": ("while True: pass", BY_THE_CLOCK),
    "slow in C": ("def strategy(state):\n    sum(range(10**12))", BY_THE_CLOCK),
    "ends Python": ("import os\ndef strategy(state):\n    os._exit(0)", "had to be ended: Python ended"),
    "exits": ("import sys\ndef strategy(state):\n    sys.exit()", "The strategy stopped with SystemExit"),
    "exits at once": ("import sys; sys.exit()", "There is no strategy, because the code stopped with SystemExit"),
    "raises": ("def strategy(state):\n    return state.price", "stopped with AttributeError: 'State' object has no attribute 'price'"),
    "no syntax": ("def strategy(state) return 1", "because the code stopped with SyntaxError"),
    "none": ("def strategie(state):\n    return {}", "There is no function strategy."),
    "number": ("strategy = 5", "There is no function strategy."),
    "NaN": ("def strategy(state):\n    return {'cost': (float('nan'), 0)}", "cost for focal is NaN"),
    "infinite": ("def strategy(state):\n    return {'cost': (float('inf'), 0)}", "cost for focal is too large"),
    "endless": ("def strategy(state):\n    return {'cost': (10**400, 0)}", "cost for focal is too large"),
    "negative": ("def strategy(state):\n    return {'cost': (-5, 0), 'retention': (85, 0)}", "cost for focal is negative"),
    "too much": ("def strategy(state):\n    return {'cost': (state.cash, 1)}", "spends 81.00, and there is only 80.00"),
    "long error": ("def strategy(state):\n    raise ValueError('x' * 10**7)", "stopped with ValueError: xxx"),
    "long lever": ("def strategy(state):\n    return {'x' * 10**7: (1, 1)}", "There is no lever 'xxx"),
    "flood": ("def strategy(state):\n    while True: print('x' * 10**6)", f"A decision took more than {SECONDS} seconds"),
    "much": (f"from IPython.display import display\ndef strategy(state):\n    display({{{MIME!r}: ['x' * 10**7]}}, raw=True)\n    display('x' * 10**7)\n    return {{'cost': (0, 1)}}", None),
    "speaks for itself": (DISPLAY, "did not arrive in one piece"),
    "forges": ("import os\ndef strategy(state):\n    for fd in range(3, 64):\n        try: os.write(fd, b'{\"outputs\": [], \"execution_count\": 1}\\n')\n        except OSError: pass\n    return {}", "did not arrive in one piece"),
    "memory": ("def strategy(state):\n    kept = [bytearray(10**8) for _ in range(30)]\n    for one in kept: one[::4096] = b'x' * len(one[::4096])\n    return {}", ("stopped with MemoryError", "had to be ended", "took more than")),
    "reads": ("def strategy(state):\n    return open('/etc/passwd').read()", "stopped with FileNotFoundError"),
    "writes": ("import ccx\ndef strategy(state):\n    open(ccx.__file__, 'a')", ("stopped with OSError", "stopped with PermissionError")),
    "network": ("import socket\ndef strategy(state):\n    socket.create_connection(('192.0.2.1', 80), 1)", "stopped with OSError"),
    "market": ("import ccx.market.game as game\ngame.Market.play = None\ngame.START_CASH = 10**6\ndef strategy(state):\n    object.__setattr__(state, 'cash', 10**6)\n    return {'cost': (0, 10**5)}", "spends 100,000.00, and there is only 80.00"),
}


@pytest.fixture(scope="module")
def states():
    """Six firms' of two markets."""
    return [*Market(1).states(), *Market(2).states()[:2]]


@pytest.fixture(scope="module")
def told(states):
    """What every one of them says; those that only the clock can end are not given long."""
    said = {}
    for start, ended in ((60, False), (3, True)):
        chosen = {name: Entry(name, source) for name, (source, words) in STRATEGIES.items() if (words == BY_THE_CLOCK) == ended}
        with pytest.MonkeyPatch.context() as patch, Sandboxes(chosen, workers=2, seconds=SECONDS) as theirs:
            patch.setattr(ask, "START", start)
            said |= theirs.ask(dict.fromkeys(chosen, states))
    return said


def forfeits(decision):
    """What the engine says when the first of four firms decides so."""
    market = Market(1)
    market.play([decision, {}, {}, {}])
    return [sentence for *_, sentence in market.forfeits]


# One strategy in its sandbox


@pytest.mark.parametrize("name", [name for name, (_, words) in STRATEGIES.items() if words])
def test_a_strategy_that_can_not_be_played_forfeits_with_a_message(told, name):
    [sentence] = forfeits(told[name][0])
    words = STRATEGIES[name][1]
    assert any(one in sentence for one in ([words] if isinstance(words, str) else words)) and len(sentence) < 300
    assert len(told[name]) == 6


@pytest.mark.parametrize("name", [name for name, (_, words) in STRATEGIES.items() if not words])
def test_a_strategy_that_keeps_the_rules_is_played(told, name):
    assert not any(map(forfeits, told[name])) and len(told[name]) == 6


def test_what_it_says_arrives_as_it_was_said(told, states):
    assert [one["cost"] for one in told["half"]] == [[0, state.cash / 2] for state in states]
    assert [one["development"] for one in told["shared"]] == [[0.3 * state.cash, 0.2 * state.cash] for state in states]
    assert told["marginal"] == [json.loads(json.dumps(marginal(state))) for state in states]


def test_who_draws_random_numbers_draws_others_in_another_state_and_the_same_in_the_same(told, states):
    drawn = [one["cost"][0] for one in told["draws"]]
    assert len(set(drawn)) == 6 and all(0 < one < 1 for one in drawn)
    with Sandboxes({"draws": Entry("draws", STRATEGIES["draws"][0])}, workers=1) as theirs:
        assert theirs.ask({"draws": states[::-1]})["draws"] == told["draws"][::-1]


def test_after_some_decisions_out_of_time_no_more_are_asked_for(states):
    slow = "import time\ndef strategy(state):\n    while state.customers[0] > 0: pass"
    with Sandboxes({"slow": Entry("slow", slow)}, workers=1, seconds=0.05) as theirs:
        [said] = {str(one) for one in theirs.ask({"slow": states * 50})["slow"]}
    assert f"after {LATE} of them no more are asked for" in said


def test_who_had_to_be_ended_twice_is_not_asked_a_third_time(states):
    ends = Entry("ends", STRATEGIES["ends Python"][0])
    with Sandboxes({"ends": ends}, workers=1) as theirs:
        said = [str(theirs.ask({"ends": states})["ends"][0]) for _ in range(3)]
    assert said[0] == said[1] == "The strategy had to be ended: Python ended in this cell."
    assert said[2] == "The strategy is not asked any more, because it had to be ended 2 times: Python ended in this cell."


def test_nothing_of_another_strategy_is_to_be_found(states):
    """The second looks for the first, which has just been in the same room and has left what it could."""
    first = "mark = 'the first ' + 'was here'\nfor place in ('/desk/left', '/dev/shm/left'): open(place, 'w').write(mark)\n" + HALF
    second = """
import gc, os
def strategy(state):
    found = sum(type(v) is str and v.startswith('the first ' + 'was') for o in gc.get_objects() if type(o) is dict for v in list(o.values()))
    return {'cost': (found, os.path.exists('/desk/left') + os.path.exists('/dev/shm/left'))}
"""
    with Sandboxes({"first": Entry("first", first), "second": Entry("second", second)}, workers=1, seconds=60) as theirs:
        assert theirs.ask({"first": states[:1]})["first"][0]["cost"] == [0, 40]
        assert theirs.ask({"second": states[:1]})["second"][0]["cost"] == [0, 0]


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_decision_takes_time(seconds):
    with pytest.raises(ValueError, match="A decision takes more than"):
        Sandboxes({}, workers=1, seconds=seconds)


def test_without_namespaces_inside_bubblewrap_it_plays_too(states, monkeypatch):
    refused = "import ccx.classroom.sandbox.namespaces as n, runpy; n.NEWUSER = -1; runpy.run_module('ccx.classroom.sandbox.warm', run_name='__main__')"
    monkeypatch.setattr("ccx.classroom.sandbox.rooms.WARM", ["-c", refused])
    with Sandboxes({"half": Entry("half", HALF)}, workers=1) as theirs:
        room = theirs._rooms.get()
        theirs._rooms.put(room)
        assert type(room) is ColdRoom and theirs.ask({"half": states[:1]})["half"][0]["cost"] == [0, 40]


# What comes out of a sandbox, when it is not what was asked for


def shown(*values, **more):
    return [{"output_type": "display_data", "data": {MIME: value}, **more} for value in values]


@pytest.mark.parametrize("outputs", [
    [], shown([{}]), shown([{}, {}, {}]), shown({}), shown("[{}, {}]"), shown(None), shown([{}, {}], [{}, {}]),
    [{"output_type": "stream", "name": "stdout", "text": "[{}, {}]"}]], ids=range(8))
def test_anything_but_one_list_of_the_right_length_is_nothing(outputs):
    assert [str(one) for one in read(outputs, 2)] == ["What the strategy said did not arrive in one piece."] * 2


@pytest.mark.parametrize("one, words", [(7, "not int"), ([], "not list"), (None, "not NoneType"), ("x", "not str"), ({"error": {"a": []}}, "{'a': []}"), ({"error": "x" * 10**6}, "xxx"),
                                        ({"error": "x", "cost": [0, 1]}, "no lever 'error'"), ({"cost": [[0], 1]}, "is list, not an amount")])
def test_the_engine_reads_each_decision_strictly(one, words):
    [decision, other] = read(shown([one, {}]), 2)
    [sentence] = forfeits(decision)
    assert words in sentence and len(sentence) < 300 and other == {}


def test_an_error_is_shown_as_text():
    [error] = read(shown([{"error": "\x1b[31m<b>no</b>\n"}]), 1)
    assert type(error) is Forfeit and forfeits(error) == [" [31m<b>no</b> "]


# A whole tournament


@pytest.fixture(scope="module")
def outcome():
    entries = [Entry("ann", MARGINAL), Entry("bob", SHARED), Entry("<i>cy</i>", STRATEGIES["raises"][0]), Entry("dan", STRATEGIES["ends Python"][0]), Entry("eve", problem="eve.py is <b>no</b> file.")]
    steps = []
    played = run.played("a class", entries, seed=7, workers=2, seconds=SECONDS, progress=lambda: steps.append(1))
    assert len(steps) == run.STEPS
    return played


def test_the_house_makes_up_the_number(outcome):
    assert len(outcome.league) == 7 and outcome.league["house"].sum() == 3 and set(outcome.league.index) >= {"ann", "bob", "house: marginal"}
    for students in range(1, 120):
        house = run._house(students)
        assert len(house) >= run.LEAST and next_prime(students + len(house)) == students + len(house)


def test_everyone_plays_as_often_and_at_least_fifteen_markets(outcome):
    assert set(outcome.league["games"]) == {60}
    assert np.allclose(outcome.shares.sum(axis=1), 1) and outcome.league["share"].sum() == pytest.approx(1)


def test_it_comes_to_what_the_same_strategies_come_to_here(outcome):
    """Strategy by strategy and to the last digit, although these were asked through JSON in other processes."""
    here = {"ann": marginal, "bob": by_shares({"development": (0.3, 0.2)}), "<i>cy</i>": lambda state: {}, "dan": lambda state: {}, **run._house(4)}
    expected = round_robin(here, np.random.default_rng(7), repeats=5)
    for column in ("equity", "spread", "won"):
        np.testing.assert_allclose(outcome.league.loc[list(here), column], expected.loc[list(here), column], rtol=1e-12)


def test_who_forfeits_every_quarter_is_worth_what_doing_nothing_is(outcome):
    league = outcome.league
    assert league.loc[["<i>cy</i>", "dan"], "forfeits"].tolist() == [480, 480] and league["forfeits"].sum() == 960
    assert league.loc["<i>cy</i>", "reason"].startswith("The strategy stopped with AttributeError")
    assert league.loc["dan", "reason"].endswith("ended 2 times: Python ended in this cell.")


def test_the_page_is_safe_and_says_what_there_is_to_see(outcome):
    shown = page(outcome, {name: name for name in outcome.league.index})
    assert "<script" not in shown and "<i>" not in shown and "<b>" not in shown and "&lt;i&gt;cy&lt;/i&gt;" in shown and "default-src 'none'" in shown
    assert "eve.py is &lt;b&gt;no&lt;/b&gt; file." in shown and "--seed 7" in shown and "480" in shown
    described = re.findall(r'<img src="data:image/svg\+xml;base64,[^"]+" width="\d+" height="\d+" alt="([^"]+)"', shown)
    assert len(described) == 2 and "house: marginal" in described[0] and "over 200 generations" in described[1]
    assert page(outcome, {name: name for name in outcome.league.index}) == shown


@pytest.mark.parametrize("name", ["a$\\frac{$", "$1 and $2", "x" * 300, "two\nlines", "\x1b[31m", "名前", ""])
def test_no_name_of_a_file_stops_the_page(outcome, name):
    assert "<svg" not in page(outcome, {**{other: other for other in outcome.league.index}, "ann": name, "bob": name})


def test_with_aliases_no_student_is_named_on_the_page(outcome, tmp_path):
    paths = {path.name: path for path in run._write(outcome, tmp_path, aliases=True)}
    shown, table = (paths[name].read_text(encoding="utf-8") for name in ("leader-board.html", "league.csv"))
    assert not any(re.search(rf"\b{name}\b", shown) for name in ("ann", "bob", "cy", "dan")) and "Firm 1" in shown and "house: marginal" in shown
    ann = next(line for line in table.splitlines() if line.startswith("ann,"))
    assert f">Firm {ann.rsplit('Firm ', 1)[1]}<" in shown


def test_the_tables_can_be_opened_in_a_spreadsheet(outcome, tmp_path):
    strange = replace(outcome, league=outcome.league.assign(reason="=1+1"))
    table = next(path for path in run._write(strange, tmp_path, aliases=False) if path.name == "league.csv").read_text(encoding="utf-8")
    assert "'=1+1" in table and ",=1+1" not in table


def test_the_summary_names_who_leads_and_who_could_not(outcome):
    lines = run.summary(outcome, places=2).splitlines()
    assert lines[0] == "a class: 4 strategies, seed 7" and len(lines) == 6
    assert lines[1].startswith(f"     1. {outcome.league.index[0]}: ") and lines[-1] == "eve: eve.py is <b>no</b> file."
    assert any(line.startswith("dan: forfeited 480 of 480 quarters, most often because: ") for line in lines)


def test_where_nobody_can_take_part_nothing_is_played():
    with pytest.raises(ValueError, match="No strategy can take part: eve: It is empty."):
        run.played("a class", [Entry("eve", problem="It is empty.")], 1, 1, 1)
    with pytest.raises(ValueError, match="Names that begin with house: are the house's own."):
        run.played("a class", [Entry("house: marginal", HALF)], 1, 1, 1)


# Who takes part


def test_a_folder_is_read_file_by_file(tmp_path):
    (tmp_path / "ann.py").write_text(HALF)
    (tmp_path / "big.py").write_text("#" * (MOST + 1))
    (tmp_path / "latin.py").write_bytes(b"# caf\xe9")
    (tmp_path / "link.py").symlink_to(tmp_path / "ann.py")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "notes.txt").write_text("x")
    found = {entry.name: entry for entry in from_folder(tmp_path)}
    assert found["ann"] == Entry("ann", HALF) and list(found) == ["ann", "big", "folder", "latin", "link"]
    assert [found[name].problem for name in ("big", "folder", "latin", "link")] == [
        "The code has 200,001 bytes, and the most is 200,000.", "folder.py is a link or no file.", "latin.py is not text in UTF-8.", "link.py is a link or no file."]


def test_a_folder_without_strategies_is_none(tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no Python file in"):
        from_folder(tmp_path)


LESSON = "77-game"


def cell(id, source, **nbgrader):
    about = {"grade_id": id, "schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False, **nbgrader}
    return new_code_cell(source, id=id, metadata={"nbgrader": about} if nbgrader else {})


def notebook(answer="def strategy(state):\n    ...", before="", name="strategy-answer"):
    return new_notebook(cells=[new_code_cell("import numpy as np\nimport ccx\n1 / 0", id="first"), new_code_cell(before, id="theirs"),
                               cell(name, answer, solution=True), cell("strategy", "ccx.check('77.strategy', strategy)", grade=True, locked=True, points=2),
                               new_code_cell("def strategy(state):\n    return {'cost': (9, 9)}", id="after")])


@pytest.fixture
def course(tmp_path):
    (tmp_path / "lessons" / LESSON).mkdir(parents=True)
    nbformat.write(notebook(), tmp_path / "lessons" / LESSON / f"{LESSON}.ipynb")
    return tmp_path


def hand_in(course, student, nb):
    folder = course / "grading" / "submitted" / student / LESSON
    folder.mkdir(parents=True)
    path = folder / f"{LESSON}.ipynb"
    path.write_text(nb) if isinstance(nb, str) else nbformat.write(nb, path)


def test_the_answer_of_each_notebook_is_played_with_the_functions_and_imports_before_it(course, states):
    helper = "x = 3\ndef share(state):\n    return np.float64(state.cash) / 4\nprint('not needed')"
    hand_in(course, "ann", notebook("def strategy(state):\n    return {'cost': (0, share(state))}", helper))
    hand_in(course, "bob", notebook("def strategy(state):\n    return {'cost': (0, x)}", helper))
    hand_in(course, "cy", notebook())
    hand_in(course, "dan", "no notebook")
    gone = notebook("def strategy(state):\n    return {'cost': (0, 1)}")
    del gone.cells[2]
    hand_in(course, "eve", gone)
    found = {entry.name: entry for entry in from_lesson(LESSON, course)}
    assert list(found) == ["ann", "bob", "cy", "dan", "eve"] and found["dan"].problem == f"{LESSON}.ipynb is not a notebook: NotJSONError."
    with Sandboxes({name: entry for name, entry in found.items() if not entry.problem}, workers=1) as theirs:
        said = theirs.ask(dict.fromkeys(("ann", "bob", "cy", "eve"), states[:1]))
    assert said["ann"][0]["cost"] == [0, 20] and str(said["bob"][0]) == "The strategy stopped with NameError: name 'x' is not defined"
    # An answer that was left as released, or deleted, returns nothing.
    assert str(said["cy"][0]) == str(said["eve"][0]) == "A decision is a dict of levers, not NoneType."


def test_a_notebook_that_is_too_long_is_not_read_into_every_question(course):
    hand_in(course, "ann", notebook(HALF, "#" * MOST))
    [entry] = from_lesson(LESSON, course)
    assert "and the most is 200,000" in entry.problem and not entry.source


def test_a_lesson_that_asks_for_no_strategy_has_no_tournament(course):
    with pytest.raises(FileNotFoundError, match="neither a folder 78-other with Python files nor a lesson"):
        from_lesson("78-other", course)
    with pytest.raises(FileNotFoundError, match=f"Nobody has handed in {LESSON}"):
        from_lesson(LESSON, course)
    nbformat.write(notebook(name="share-answer"), course / "lessons" / LESSON / f"{LESSON}.ipynb")
    with pytest.raises(ValueError, match=f"{LESSON} asks for no strategy: it has no cell strategy-answer"):
        from_lesson(LESSON, course)


# The command


@pytest.fixture
def instead(monkeypatch, outcome):
    """The command with a tournament that has been played, and how it was asked for."""
    seen = []

    def tournament(*arguments):
        seen.append(arguments)
        return seen_outcome[0], [Path("leader-board.html")]

    seen_outcome = [outcome]
    monkeypatch.setattr(run, "tournament", tournament)
    return seen, seen_outcome


def test_the_command_says_who_was_left_out_with_its_exit_code(instead, capsys, outcome):
    seen, outcomes = instead
    assert cli.main(["tournament", "strategies", "--seed", "7", "--workers", "3", "--aliases"]) == 1
    assert [arguments[:-1] for arguments in seen] == [("strategies", Path.cwd(), 7, 3, ask.SECONDS, None, True)] and capsys.readouterr().out.endswith("eve: eve.py is <b>no</b> file.\nleader-board.html\n")
    outcomes[0] = replace(outcome, refused=[])
    assert cli.main(["tournament", "strategies"]) == 0


def test_the_command_without_a_class_is_an_error(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["tournament", "nowhere"]) == 2
    assert "ccx: There is neither a folder nowhere with Python files nor a lesson lessons/nowhere." in capsys.readouterr().err


def test_the_command_is_broken_off_like_grading(monkeypatch, capsys):
    def tournament(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(run, "tournament", tournament)
    assert cli.main(["tournament", "strategies"]) == 130 and "nothing was written" in capsys.readouterr().err


def test_from_a_folder_to_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "MARKETS", 2)
    (tmp_path / "term").mkdir()
    (tmp_path / "term" / "ann.py").write_text(HALF)
    assert cli.main(["tournament", "term", "--seed", "1", "--workers", "1"]) == 0
    folder = tmp_path / "grading" / "tournaments" / "term"
    assert sorted(path.name for path in folder.iterdir()) == ["ecology.csv", "leader-board.html", "league.csv"]
    assert "term: 1 strategies, seed 1" in capsys.readouterr().out and "Tournament of term" in (folder / "leader-board.html").read_text(encoding="utf-8")


def test_a_seed_that_is_not_given_is_drawn(tmp_path, monkeypatch):
    (tmp_path / "ann.py").write_text(HALF)
    seen = []
    monkeypatch.setattr(run, "played", lambda name, entries, seed, workers, seconds, progress: seen.append(seed))
    monkeypatch.setattr(run, "_write", lambda *_: [])
    for _ in range(2):
        run.tournament(str(tmp_path), tmp_path)
    assert len(set(seen)) == 2


def test_a_student_sees_no_more_than_their_own_states(states):
    """What goes into the sandbox: the student's own code, and the states of their own firms."""
    source = ask._cell(Entry("ann", HALF, ("a = 1",)), states[:2], 0.2)
    asked = json.loads(eval(source.split("main(", 1)[1][:-1]))
    assert asked == {"context": ["a = 1"], "source": HALF, "states": json.loads(json.dumps([state.as_dict() for state in states[:2]])), "seconds": 0.2}
    secrets = {"seed", "taste", "inertia", "price_sensitivity", "rate", "worth"}
    assert not secrets & set(re.findall(r'"(\w+)":', json.dumps(asked["states"]))) and play([lambda state: {}] * 4, 1).forfeits == ()
