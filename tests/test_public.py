"""The public names of `ccx`: light to import, documented, with an example that the doctests run."""

import inspect
import subprocess
import sys

import pytest

import ccx

NAMES = [name for name in ccx.__all__ if not inspect.ismodule(getattr(ccx, name))]


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_documented_with_an_example(name):
    text = inspect.getdoc(getattr(ccx, name))
    first = text.split("\n\n")[0]
    assert first.endswith(".") and len(first.splitlines()) <= 2
    assert "Examples\n--------\n>>> " in text


@pytest.mark.parametrize("name", [name for name in NAMES if inspect.isfunction(getattr(ccx, name))])
def test_every_parameter_is_described(name):
    function = getattr(ccx, name)
    described = inspect.getdoc(function).split("\nParameters\n")[-1]
    for parameter in inspect.signature(function).parameters:
        assert f"{parameter} :" in described or f"{parameter}," in described or f", {parameter}" in described


def test_importing_ccx_brings_in_none_of_the_heavy_packages():
    code = "import sys, ccx; print(sorted({'numpy', 'pandas', 'scipy', 'matplotlib', 'IPython', 'nbgrader'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_using_a_lesson_never_imports_the_classroom():
    code = ("import sys, ccx; ccx.gini(ccx.load('cdnow')['value']); ccx.plot.show(ccx.plot_lorenz([1, 2])); ccx.explore.wildness();"
            "print([name for name in sys.modules if 'classroom' in name or 'nbgrader' in name])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
