# make demo    the sample cube in napari: labelled, training      make check   style, types, fast tests
# make test    everything that is checked, real windows included  make bench   the measured figures
# make matrix  what concerns napari, with each version of it that is allowed, and the newest
# Each sets up .venv first (scripts/setup.sh); the first time takes a few minutes.

.PHONY: demo test check lint bench matrix install env clean
.DEFAULT_GOAL := test

bin := .venv/bin

# One Qt binding, whatever else is installed.
export QT_API := pyside6

# Windows need a display: without one, a virtual one.
ifeq ($(shell uname)$(DISPLAY)$(WAYLAND_DISPLAY),Linux)
with_display := xvfb-run -a -s "-screen 0 1600x1000x24"
endif

# As many processes as there are cores, each with a display of its own (pytest-xvfb).
side_by_side := --numprocesses auto --dist loadfile

demo: env
	$(bin)/hyperseg demo

test: lint
	OMP_NUM_THREADS=1 $(bin)/python -m pytest $(side_by_side)

check: lint
	OMP_NUM_THREADS=1 $(bin)/python -m pytest $(side_by_side) -m "not slow and not window and not gpu"

lint: env
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports

# DATA=FOLDER: also the real survey in it, see benchmarks/penobscot.py.
bench: env
	$(bin)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(bin)/python -m pip install --quiet --no-deps memcnn==1.5.2 iunets==0.1  # torchvision unused
	$(bin)/python -m benchmarks.net_memory --plot docs/images/net_memory.png
	$(bin)/python -m benchmarks.net_speed
	$(bin)/python -m benchmarks.net_slabs
	$(bin)/python -m benchmarks.survey_io --huge 40
	$(bin)/python -m benchmarks.sample
	$(bin)/python -m benchmarks.window
	$(bin)/python -m benchmarks.kills
	$(bin)/python -m benchmarks.tracking --generated
	$(bin)/python -m benchmarks.strokes
	$(bin)/python -m benchmarks.next_lines
	$(bin)/python -m benchmarks.lines
	$(bin)/python -m benchmarks.prediction
	$(bin)/python -m benchmarks.scale
	$(bin)/python -m benchmarks.accuracy --layouts "4 lines" --seeds 0 $(if $(DATA),--data $(DATA),--no-penobscot)
	$(if $(DATA),$(bin)/python -m benchmarks.tracking --data $(DATA))
	$(if $(DATA),$(bin)/python -m benchmarks.penobscot --data $(DATA))

matrix: env
	scripts/napari_matrix.sh

install env:
	@scripts/setup.sh

clean:
	rm -rf .venv .napari .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
