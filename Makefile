# make app     set up and serve the pages          make check   lint, types and the quick tests: two minutes
# make bench   time what matters                   make test    set up and run all checks
# make lint    ruff and mypy
# make i18n    bring the translations up to date         make lock    pin what the container installs, by hashes
# make requirements   write requirements.txt and requirements-dev.txt from pyproject.toml
# make weights DATA="flickr8k coco coco_more"   train the captioner, and make anew all that hangs on its weights
#
# PORT=8502 changes the port, PYTHON=python3.12 the interpreter that makes .venv; PIP_ARGS goes to pip. ADDRESS=127.0.0.1
# serves this computer alone, CERT=cert.pem KEY=key.pem by HTTPS. The README has examples.

PYTHON ?= python3
PORT ?= 8501
PIP_ARGS ?=
ADDRESS ?=
CERT ?=
KEY ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check $(PIP_ARGS)

.PHONY: app bench check i18n lint lock requirements system test weights

SERVER := --server.port $(PORT) $(if $(ADDRESS),--server.address $(ADDRESS)) \
	$(if $(CERT),--server.sslCertFile $(CERT) --server.sslKeyFile $(KEY))
# Without a network, there are no others.
OTHERS := from streamlit.net_util import get_internal_ip; ip = get_internal_ip(); \
	ip == "127.0.0.1" or print(f"For others in this network: http$(if $(CERT),s)://{ip}:$(PORT)")

app: .venv/runtime
	@$(if $(ADDRESS),,$(BIN)/python -c '$(OTHERS)')
	$(BIN)/python -m streamlit run app/streamlit_app.py $(SERVER)

# Whatever the environment says, modules are compiled once: else each of the tests' many processes does it anew.
check test: export PYTHONDONTWRITEBYTECODE =

# What is slow, tests/conftest.py says: browsers, the whole app, training, brian2.
check: .venv/dev lint
	$(BIN)/python -m pytest -m "not slow" --ignore tests/browser --ignore tests/benchmarks \
		--numprocesses auto --dist loadfile -q

# The tests also hold that every text has its translation. Those in a browser come last: each process of theirs has a
# server and a Chromium of its own, and those that are left over go to whichever is free.
test: system .venv/dev lint
	$(BIN)/python -m pytest --ignore tests/browser --numprocesses auto --dist loadfile
	$(BIN)/python -m pytest tests/browser --numprocesses auto --maxprocesses 4 --dist worksteal

bench: .venv/dev
	$(BIN)/python -m pytest tests/benchmarks --benchmark-enable --benchmark-only

lint: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Hours, not minutes: see model/training/weights.mk.
weights: .venv/dev
	$(MAKE) --no-print-directory -f model/training/weights.mk weights

# Fails while a text has no translation: fill it in, in app/locale/zh/LC_MESSAGES/afterimage.po, and run it again.
i18n: .venv/dev
	$(BIN)/pybabel --quiet extract --mapping pyproject.toml --omit-header --sort-by-file --add-location file \
		--output app/locale/afterimage.pot app model
	$(BIN)/pybabel --quiet update --domain afterimage --input-file app/locale/afterimage.pot --output-dir app/locale \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/python -m pytest -q tests/app/test_i18n.py

# pip of Python 3.11 to 3.13 and hosts read these; pyproject.toml is where they are kept, with the reasons for each.
COMPILE := $(BIN)/uv pip compile --quiet --no-sources --no-deps --universal --no-annotate --no-header
requirements: .venv/dev
	@{ echo "# What the app needs to run. Written by make requirements from pyproject.toml, which says what each is for."; \
		$(COMPILE) pyproject.toml; } > requirements.txt
	@{ echo "# Tests, linting, training and evaluation. Written by make requirements from pyproject.toml."; \
		echo "-r requirements.txt"; $(COMPILE) --group dev; } > requirements-dev.txt

# Every package of the container with its hashes, but for torch's own: the CPU build is not on PyPI (see the Dockerfile),
# and needs none of what the graphics card's build brings along.
CUDA := cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas nvidia-cuda-cupti nvidia-cuda-nvrtc \
	nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft nvidia-cufile nvidia-curand nvidia-cusolver nvidia-cusparse \
	nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx triton
lock: .venv/dev
	$(BIN)/uv pip compile --quiet requirements.txt --generate-hashes --python-version 3.11 \
		--python-platform x86_64-manylinux_2_28 --custom-compile-command "make lock" \
		$(addprefix --no-emit-package ,torch torchvision $(CUDA)) --output-file app/requirements.lock

# The stamps are newer than the requirements that were installed last.
.venv/runtime: requirements.txt | $(BIN)/python
	@echo "Installing what the app needs; the first time takes some minutes."
	$(PIP) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt requirements.txt | $(BIN)/python
	@echo "Installing what the app and its tests need; the first time takes some minutes."
	$(PIP) -r requirements-dev.txt
	@touch $@ .venv/runtime

# Debian splits ensurepip from Python; where it is missing, the interpreter's own pip fills the environment.
TOO_OLD := Afterimage needs Python 3.11 or newer, and this is %d.%d. Choose another one: make PYTHON=python3.12
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Choose another one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if v >= (3, 11) else "$(TOO_OLD)" % v)'
	@$(PYTHON) -m venv .venv 2>/dev/null || { rm -rf .venv && \
		$(PYTHON) -m venv --without-pip .venv && $(PYTHON) -m pip --python .venv install --quiet pip; }

# What the tests use besides Python, installed where we may: a browser, Chinese type, Java for the field's tokeniser and
# METEOR, a PostgreSQL for rooms. Elsewhere the tests that need them are skipped and say so.
system:
	@wanted=""; \
	{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null || wanted="$$wanted chromium"; \
	fc-list :lang=zh 2>/dev/null | grep -q . || wanted="$$wanted fontconfig fonts-noto-cjk"; \
	java -version >/dev/null 2>&1 || wanted="$$wanted default-jre-headless"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || wanted="$$wanted postgresql"; \
	if [ -n "$$wanted" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing$$wanted"; \
		{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$wanted; } \
			>/dev/null || echo "Could not install$$wanted: the tests that need them are skipped."; \
	elif [ -n "$$wanted" ]; then echo "Not installed:$$wanted: the tests that need them are skipped."; fi
