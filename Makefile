# Two commands: `make run` and `make test`. `make PYTHON=python3.13 test` picks an interpreter.
PYTHON ?= python3
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
VENV := .venv-$(VERSION)
READY := $(VENV)/.ready

.PHONY: run test bench bench-scene bench-browser gallery films soak oracles clean

run: $(READY)
	$(VENV)/bin/voltyard demo

test: $(READY)
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile

bench: $(READY)
	$(VENV)/bin/voltyard bench sim
	$(VENV)/bin/voltyard bench model
	$(VENV)/bin/voltyard bench model --strategy mpc
	$(VENV)/bin/voltyard bench training
	$(VENV)/bin/voltyard bench scene

# The picture at every tier, and beside one ursina Entity a part.
bench-scene: $(READY)
	$(VENV)/bin/voltyard bench scene --tier low --tier medium --tier high --tier ultra \
	    --vehicles 25 --vehicles 100 --vehicles 1000 --vehicles 10000
	$(VENV)/bin/python benchmarks/naive_ursina.py

# The same fleet in the browser stack, by turns with ours. Needs npm and Chromium; packages go to
# out/browser.
bench-browser: $(READY)
	$(VENV)/bin/python benchmarks/browser/run.py

# Every still that the tests compare, and contact sheets of them, under out/gallery.
gallery: $(READY)
	$(VENV)/bin/python tests/gallery.py

# The films of assets/shots, to out/films; goes on where it was stopped.
FILMS := $(filter-out tour,$(notdir $(basename $(wildcard assets/shots/*.toml))))
films: $(FILMS:%=out/films/%.mp4)

out/films/%.mp4: assets/shots/%.toml $(READY)
	$(VENV)/bin/voltyard film --shots $* --fps 24 --tier high --supersample 2 -o $@

# Hours of the demo in less time, offscreen, visitors among them; fails if memory, open files or
# the scene grow. `make HOURS=0.5 soak` for a short one.
HOURS ?= 8
soak: $(READY)
	$(VENV)/bin/python benchmarks/soak.py --hours $(HOURS)

# Compares with ACN-Sim, EV2Gym, pandapower and transformer-thermal-model, which it installs into
# environments of their own.
oracles: $(READY)
	$(VENV)/bin/python benchmarks/oracles.py
	$(VENV)/bin/python benchmarks/powerflow_oracle.py
	$(VENV)/bin/python benchmarks/transformer_oracle.py
	$(VENV)/bin/python benchmarks/orders.py

$(READY): pyproject.toml
	@if [ -z "$(VERSION)" ]; then \
	    echo "$(PYTHON): no such interpreter; Voltyard needs Python 3.11 to 3.13" >&2; exit 2; fi
	@case "$(VERSION)" in 3.11|3.12|3.13) ;; *) \
	    echo "$(PYTHON) is Python $(VERSION); Voltyard needs 3.11 to 3.13" >&2; exit 2;; esac
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make virtual environments: apt-get install -y python3-venv" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

clean:
	rm -rf .venv-* build dist *.egg-info out
