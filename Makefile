# Two commands: `make lab` opens the course, `make test` proves it. Both make .venv first.
PYTHON ?= python3
BIN = .venv/bin

lab: .venv/installed
	$(BIN)/ccx lab

test: .venv/installed
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lessons: .venv/installed
	$(BIN)/ccx lessons

certify: .venv/installed
	$(BIN)/ccx certify

site: .venv/installed
	$(BIN)/ccx site

pictures: .venv/installed
	CCX_PICTURES=tests/pictures $(BIN)/python -m pytest tests/test_browser.py -k readme

bench: .venv/installed
	$(BIN)/python tests/bench.py
	$(BIN)/python tests/bench_clv.py
	$(BIN)/python tests/bench_explore.py
	$(BIN)/python tests/bench_grade.py
	$(BIN)/python tests/bench_audit.py

# grading/ holds grades and submissions, so it is not for cleaning.
clean:
	rm -rf .venv dist .pytest_cache .hypothesis

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[course,cluster,postgres,test]"
	@touch $@

.PHONY: lab test lessons certify site pictures bench clean
