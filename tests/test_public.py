"""The public names of `ccx` and its packages: light to import, documented, with an example that the doctests run."""

import inspect
import re
import subprocess
import sys

import pytest

import ccx
import ccx.base_audit
import ccx.clv
import ccx.market
import ccx.network
import ccx.paradox
import ccx.selection
import ccx.simulate

EVERY = {name: getattr(ccx, name) for name in ccx.__all__} | {
    f"{package.__name__}.{name}": getattr(package, name)
    for package in (ccx.base_audit, ccx.clv, ccx.market, ccx.network, ccx.paradox, ccx.selection, ccx.simulate) for name in package.__all__}
PUBLIC = {name: found for name, found in EVERY.items() if inspect.isroutine(found) or inspect.isclass(found)}
FUNCTIONS = {name: found for name, found in PUBLIC.items() if inspect.isfunction(found)}
MODELS = {name: found for name, found in PUBLIC.items() if inspect.isclass(found) and found.__module__.startswith("ccx.clv.")}
MEMBERS = {f"{model}.{name}": getattr(found, name) for model, found in MODELS.items() for name in dir(found) if name[0] != "_"}
METHODS = {name: found for name, found in MEMBERS.items() if inspect.isroutine(found)}
PROPERTIES = {name: found for name, found in MEMBERS.items() if isinstance(found, property)}


def each(things):
    return pytest.mark.parametrize("public", things.values(), ids=things)


def begins_with_a_sentence(text):
    """Its first paragraph is one sentence of no more than two lines."""
    first = text.split("\n\n")[0]
    return first.endswith(".") and not re.search(r"[.!?] +[A-Z]", first) and len(first.splitlines()) <= 2


def section(text, title):
    """What stands under a heading, up to the next one; nothing where there is no such heading."""
    _, _, rest = text.partition(f"\n{title}\n---")
    return re.split(r"\n\n\w+\n---", rest)[0].lstrip("-")


def described(text):
    """The names with which the lines of the section on parameters begin, before the colon."""
    lines = [line for line in section(text, "Parameters").splitlines() if line[:1].isalpha()]
    return {name for line in lines for name in line.split(" :")[0].split(", ")}


def arguments(function):
    return {name for name in inspect.signature(function).parameters if name != "self"}


def fields(model):
    """What a model is made of; what its fit adds can be given by name only."""
    return {name for name, field in inspect.signature(model).parameters.items() if field.kind is not field.KEYWORD_ONLY}


@each(PUBLIC)
def test_a_public_name_is_documented_with_an_example(public):
    text = inspect.getdoc(public)
    assert begins_with_a_sentence(text)
    assert "Examples\n--------\n>>> " in text


@each(FUNCTIONS)
def test_every_parameter_is_described(public):
    assert arguments(public) <= described(inspect.getdoc(public))


@each(MODELS)
def test_every_parameter_of_a_model_is_described(public):
    assert fields(public) and fields(public) <= described(inspect.getdoc(public))


@each(METHODS)
def test_what_a_model_can_be_asked_is_described(public):
    """Where there is something to pass, so is what comes back."""
    text = inspect.getdoc(public)
    assert begins_with_a_sentence(text) and arguments(public) <= described(text)
    assert section(text, "Returns").strip() or not arguments(public)


@each(PROPERTIES)
def test_what_a_model_knows_of_itself_is_described(public):
    assert begins_with_a_sentence(inspect.getdoc(public))


def test_the_rules_tell_a_description_from_a_mention():
    """On a docstring that describes two parameters of four."""
    text = "Add.\n\nParameters\n----------\na, b : float\n    With c : a colon.\n\nReturns\n-------\nd : float"
    assert described(text) == {"a", "b"} and section(text, "Returns").strip() == "d : float" and not section(text, "Raises")
    assert begins_with_a_sentence(text) and not begins_with_a_sentence("One. Two.") and not begins_with_a_sentence("None")


def modules_after(code, *names):
    """Which modules whose names begin so are there once the code has run in a fresh interpreter."""
    code += f"\nimport sys; print(*[name for name in sys.modules if name.startswith({names!r})])"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_importing_ccx_brings_in_none_of_the_heavy_packages():
    assert modules_after("import ccx", "numpy", "pandas", "scipy", "matplotlib", "IPython", "nbgrader") == []


def test_importing_the_models_brings_in_none_of_the_heavy_packages():
    """Nor does asking what there is."""
    assert modules_after("import ccx.clv; dir(ccx.clv)", "numpy", "pandas", "scipy", "matplotlib") == []


def test_a_prediction_from_known_parameters_needs_no_optimiser_and_no_figure():
    code = "from ccx.clv import BetaGeoModel; BetaGeoModel(0.2, 4, 0.8, 2.4).expected_purchases_new_customer(52)"
    assert modules_after(code, "scipy.optimize", "scipy.stats", "matplotlib") == []


def test_using_a_lesson_never_imports_the_classroom():
    code = "import ccx; ccx.gini(ccx.load('cdnow')['value']); ccx.plot.show(ccx.plot_lorenz([1, 2])); ccx.explore.wildness()"
    assert modules_after(code, "ccx.classroom", "nbgrader") == []
