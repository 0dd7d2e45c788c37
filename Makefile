PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint bench samples clean

run: $(VENV)/ready
	$(BIN)/streamlit run app.py

test: $(VENV)/ready lint
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/ready
	$(BIN)/python -m benchmarks

SAMPLES := docs/samples

samples: $(VENV)/ready
	$(BIN)/privascope assess demo_data/hospital.csv --roles demo_data/hospital_roles.json \
	    --hierarchies demo_data/hierarchies --recipe $(SAMPLES)/hospital-recipe.json --policy k11 \
	    --answers $(SAMPLES)/hospital-answers.json --attacks $(SAMPLES)/hospital-attacks.json \
	    --alternatives $(SAMPLES)/hospital-alternatives.json --second-opinion \
	    --pdf $(SAMPLES)/hospital.pdf --json $(VENV)/hospital-assessment.json
	$(BIN)/privascope report $(VENV)/hospital-assessment.json --public \
	    --pdf $(SAMPLES)/hospital-public.pdf
	$(BIN)/privascope assess demo_data/school.csv --roles demo_data/school_roles.json \
	    --hierarchies demo_data/school_hierarchies --policy school10 \
	    --answers $(SAMPLES)/school-answers.json --pdf $(SAMPLES)/school.pdf || test $$? -eq 1

clean:
	rm -rf $(VENV)

# The lock file is the environment: hashes are checked, nothing is resolved again.
$(VENV)/ready: requirements.lock
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Privascope needs Python 3.11 or later; set PYTHON=...')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m reports.document.fonts
	touch $@
