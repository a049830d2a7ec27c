"""What the README says of deploying is true of the files: versions, ports, the image's content, the Space's header."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import SpaceCard
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from streamlit import config

PORT = 8501


@pytest.fixture(scope="module")
def read(root):
    return lambda name: (root / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def steps(read) -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with its arguments."""
    code = re.sub(r"\\\n\s*", "", read("Dockerfile"))
    lines = [line.partition(" ") for line in code.splitlines() if line and not line.startswith("#")]
    return [(name, arguments) for name, _space, arguments in lines]


def only(steps: list[tuple[str, str]], instruction: str) -> str:
    (found,) = [arguments for name, arguments in steps if name == instruction]
    return found


def pins(text: str) -> dict[str, Requirement]:
    lines = [line.strip() for line in text.splitlines()]
    named = [Requirement(line.split(" #")[0]) for line in lines if line and line[0] not in "#-"]
    return {requirement.name: requirement for requirement in named}


def test_the_images_python_is_one_that_the_project_takes_and_the_readme_names(read, steps):
    assert only(steps, "FROM") == "${BASE}"
    (version,) = re.fullmatch(r"BASE=python:(\d+\.\d+)\.\d+-slim@sha256:[0-9a-f]{64}", steps[0][1]).groups()
    assert SpecifierSet(tomllib.loads(read("pyproject.toml"))["project"]["requires-python"]).contains(version)
    deploy = read("README.md").split("## Deploy", 1)[1]
    assert set(re.findall(r"Python (3\.\d+)", deploy.split("\n## ")[0])) == {version}


def test_one_port_everywhere(read, steps):
    assert only(steps, "EXPOSE") == str(PORT)
    assert f"http://localhost:{PORT}/_stcore/health" in only(steps, "HEALTHCHECK")
    command = json.loads(only(steps, "CMD"))
    assert command[command.index("--server.port") + 1] == str(PORT)
    assert f"PORT ?= {PORT}" in read("Makefile")
    assert f"docker run --rm -p {PORT}:{PORT} --memory 3g --cpus 2 --pids-limit 512 afterimage" in read("README.md")
    assert f"http://localhost:{PORT}" in read("README.md")


def test_the_image_runs_the_app_as_nobody_special(root, steps):
    assert only(steps, "USER") not in ("root", "0")
    assert [name for name, _arguments in steps].index("USER") < [name for name, _arguments in steps].index("CMD")
    assert (root / json.loads(only(steps, "CMD"))[4]).is_file()
    copied = [path for name, arguments in steps if name == "COPY" for path in arguments.split()[:-1]]
    assert all((root / path).exists() for path in copied)


def left_out(path: Path, patterns: list[str]) -> bool:
    """Whether ``.dockerignore`` leaves the path out: a pattern fits it from the root on, or anywhere behind ``**/``."""
    return any(
        fnmatch(path.name, pattern[3:]) if pattern.startswith("**/") else path.as_posix() == pattern
        for pattern in patterns
    )


def test_what_goes_into_the_image_is_enough(root, read, tmp_path):
    """The app in a folder with nothing but that."""
    patterns = [line for line in read(".dockerignore").splitlines() if line and not line.startswith("#")]
    image = tmp_path / "app"

    def ignore(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if left_out(Path(folder).relative_to(root) / name, patterns)}

    shutil.copytree(root, image, ignore=ignore)
    assert not {".git", ".venv", "tests", "runs", "data", "wheels"} & {path.name for path in image.iterdir()}
    code = (
        "from streamlit.testing.v1 import AppTest\n"
        "test = AppTest.from_file('app/streamlit_app.py', default_timeout=300).run()\n"
        "for page in ('caption', 'about'):\n"
        "    test.switch_page(f'app_pages/{page}.py').run()\n"
        "    assert not test.exception and test.title, test.exception\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=image, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_what_git_ignores_stays_out_of_the_image(read):
    kept_out = read(".dockerignore").splitlines()
    ignored = [line.strip("/") for line in read(".gitignore").splitlines()]
    assert [name for name in ignored if name not in kept_out and f"**/{name}" not in kept_out] == []


def test_servers_get_torchs_cpu_build_of_the_same_version(root, read):
    usual, server = pins(read("requirements.txt")), pins(read("app/requirements.txt"))
    assert f"{server['torch'].specifier}" == f"{usual['torch'].specifier}+cpu"
    assert usual["torch"].specifier.contains("2.13.0+cpu")
    (included,) = re.findall(r"^-r (.+)$", read("app/requirements.txt"), re.MULTILINE)
    assert (root / "app" / included).resolve() == root / "requirements.txt"


def locked(text: str) -> dict[str, str]:
    """What a lock pins, by name; each by hashes."""
    lines = [line for line in re.sub(r" \\\n +", " ", text).splitlines() if line and line.lstrip()[0] not in "#-"]
    assert all(re.search(r"==\S+ .*--hash=sha256:[0-9a-f]{64}", line) for line in lines)
    return {Requirement(line.split(" --hash")[0].strip()).name: line.split(" ")[0] for line in lines}


def test_the_container_installs_by_hashes_what_the_app_asks_for(read, steps):
    """All but what only a graphics card needs; torch and torchvision from where their CPU builds lie."""
    pinned, torchs = locked(read("app/requirements.lock")), locked(read("app/torch.lock"))
    assert len(pinned) > 60 and set(torchs) == {"torch", "torchvision"}
    for name, requirement in pins(read("requirements.txt")).items():
        if name in torchs:
            assert name not in pinned and torchs[name].removesuffix("+cpu") == str(requirement)
        else:
            assert pinned[name] == str(requirement), "run make lock"
    assert not [name for name in pinned if name.startswith(("nvidia", "cuda", "triton"))]
    server = read("app/requirements.txt")
    links = re.findall(r"^--find-links .+$", read("app/torch.lock"), re.MULTILINE)
    assert links == re.findall(r"^--find-links .+$", server, re.MULTILINE)
    installed = next(arguments for name, arguments in steps if name == "RUN" and "pip install" in arguments)
    assert installed.count("--require-hashes --no-deps -r app/") == 2 and installed.endswith("pip check")
    assert "app/requirements.lock" in installed and "app/torch.lock" in installed


def test_the_proxy_sets_headers_that_spaces_bear(read):
    caddy = read("deploy/Caddyfile")
    assert "X-Content-Type-Options nosniff" in caddy
    (ancestors,) = re.findall(r"frame-ancestors ([^\"]+)", caddy)
    assert ancestors.split() == ["'self'", "https://huggingface.co", "https://*.hf.space"]


def test_three_servers_share_one_database_behind_the_proxy(root, read):
    compose = yaml.safe_load(read("deploy/compose.yaml"))
    services = compose["services"]
    servers = [name for name in services if name.startswith("afterimage-")]
    assert len(servers) == 3 and all(f"{name}:{PORT}" in read("deploy/Caddyfile") for name in servers)
    for name in servers:
        url = services[name]["environment"]["AFTERIMAGE_DATABASE"]
        assert url.startswith("postgresql://") and "@database/" in url
        assert services[name]["depends_on"]["database"]["condition"] == "service_healthy"
        assert (root / "deploy" / services[name]["build"]["context"] / "Dockerfile").is_file()
    assert services["database"]["healthcheck"] and "lb_policy cookie" in read("deploy/Caddyfile")
    assert "health_uri /_stcore/health" in read("deploy/Caddyfile")
    optional = tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"]["postgresql"]
    assert optional and all(f" {package}" in read("Dockerfile") for package in optional)


def test_the_spaces_readme_begins_with_a_header_that_the_hub_reads(read):
    card: Any = SpaceCard(read(".huggingface/space.yml") + read("README.md")).data
    assert card.sdk == "docker" and card["app_port"] == PORT and card.license == "mit"
    colours = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
    assert {card["colorFrom"], card["colorTo"]} <= colours
    assert len(card["short_description"]) <= 60
    assert yaml.safe_load(read("CITATION.cff"))["title"] == card.title
    assert read("README.md").startswith("# Afterimage\n"), "the project's own README needs no such header"


def test_the_server_is_set_as_the_readme_says(read):
    server = tomllib.loads(read(".streamlit/config.toml"))
    assert server["server"]["enableXsrfProtection"] is True and server["server"].get("enableCORS", True) is True
    assert "address" not in server["server"], "others in the network could not open it"
    assert server["browser"]["serverAddress"] == "localhost"
    assert "STREAMLIT_SERVER_XSRF_COOKIE_SAME_SITE" in read("README.md")
    assert config.get_option("server.xsrfCookieSameSite") == "lax"


@pytest.mark.skipif(shutil.which("make") is None, reason="There is no make here.")
def test_make_app_takes_what_the_readme_gives_it(root):
    def said(*variables: str) -> str:
        run = subprocess.run(["make", "--dry-run", "app", *variables], cwd=root, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return run.stdout

    assert "--server.address" not in said() and "--server.port 8501" in said()
    assert "--server.port 8511 --server.address 127.0.0.1" in said("PORT=8511", "ADDRESS=127.0.0.1")
    assert "--server.sslCertFile cert.pem --server.sslKeyFile key.pem" in said("CERT=cert.pem", "KEY=key.pem")


def test_the_readme_names_targets_modules_and_files_that_exist(root, read):
    readme, targets = read("README.md"), re.findall(r"^(\w+):", read("Makefile"), re.MULTILINE)
    assert {"app", "test"} <= set(re.findall(r"(?:^|`)make (\w+)", readme, re.MULTILINE)) <= set(targets)
    for module in set(re.findall(r"python -m ((?:model|tests)[\w.]*)", readme)):
        path = root / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module
    paths = re.findall(r"`((?:app|model|assets|tests|\.streamlit|\.huggingface)/[\w./-]+)`", readme)
    links = re.findall(r"\]\((?!http|#)([^)]+)\)", readme)
    assert len(paths) > 10 and not [path for path in {*paths, *links} if not (root / path).exists()]
