"""What a release consists of: its metadata, and what the archives contain."""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from secantd.parts import PACKAGES
from secantd.version import __version__

HOME = Path(__file__).parents[2]
PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]


def names(requirements):
    """The names of requirements."""
    return {re.match(r"[\w.-]+", each)[0].lower() for each in requirements}


def build(kind, folder, **environment):
    """Return the archive that hatchling builds of the sources."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)],
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=300,
        env={"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": "1700000000"} | environment,
    )
    assert done.returncode == 0, done.stderr
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel in pure Python."""
    return build("wheel", tmp_path_factory.mktemp("wheel"))


def test_two_wheels_of_the_same_sources_have_the_same_bytes(wheel, tmp_path):
    assert build("wheel", tmp_path, TZ="Asia/Seoul", PYTHONHASHSEED="5").read_bytes() == wheel.read_bytes()


def test_a_wheel_has_both_programs_the_types_and_no_tests(wheel):
    with zipfile.ZipFile(wheel) as archive:
        files = archive.namelist()
        points = archive.read(f"secant-{__version__}.dist-info/entry_points.txt").decode()
    assert "secant = secant.command:main" in points
    assert "secantd = secantd.__main__:main" in points
    assert {"secant/py.typed", "secant/v1/calculus_service_pb2.pyi"} <= set(files)
    assert {file.split("/")[0] for file in files} == {"secant", "secantd", f"secant-{__version__}.dist-info"}
    assert not [file for file in files if Path(file).name.startswith(("test_", "conftest"))]


def test_a_wheel_has_every_file_of_the_sources(wheel):
    tracked = subprocess.run(
        ["git", "ls-files", "service/secantd", "clients/python/secant"], cwd=HOME, capture_output=True, text=True
    )
    if tracked.returncode:
        pytest.skip("not a checkout")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    sources = {re.sub("^(service|clients/python)/", "", file) for file in tracked.stdout.splitlines()}
    assert {
        file for file in sources if (HOME / "service" / file).exists() or (HOME / "clients/python" / file).exists()
    } <= packed


def test_the_sources_have_what_their_tests_need(tmp_path):
    with tarfile.open(build("sdist", tmp_path)) as archive:
        files = {name.partition("/")[2] for name in archive.getnames()}
    for file in (
        "dev",
        "tests/conftest.py",
        "tests/golden/seeds.tsv",
        "docs/operations.md",
        "deploy/dist.py",
        "CHANGELOG.md",
    ):
        assert file in files
    assert not [file for file in files if "__pycache__" in file or file.startswith((".venv", "build/", ".git/"))]


def test_the_client_alone_brings_nothing_that_only_a_server_needs():
    base = names(PROJECT["project"]["dependencies"])
    assert not base & {"sympy", "mpmath", "uvloop", "grpcio-health-checking", "grpcio-reflection"}
    assert set(PACKAGES.values()) <= names(EXTRAS["local"])
    assert EXTRAS["server"] == ["secant[local]"]
    assert "local" in re.search(r"\[(.*)\]", EXTRAS["test"][0])[1].split(",")


def test_the_recipe_for_conda_has_the_requirements_of_the_project():
    recipe = yaml.safe_load((HOME / "conda/recipe.yaml").read_text("utf-8"))
    assert recipe["context"]["version"] == __version__
    client, local = recipe["outputs"]

    def bounds(requirements):
        return {each.partition(";")[0].replace(" ", "") for each in requirements}

    assert bounds(client["requirements"]["run"]) - {"python"} == bounds(PROJECT["project"]["dependencies"])
    extra = (bounds(EXTRAS["local"]) | bounds(EXTRAS["http"])) - {"secant[http]"}
    assert {each for each in bounds(local["requirements"]["run"]) if not each.startswith("secant")} == extra
    assert bounds(client["requirements"]["host"]) - {"python", "pip"} == bounds(
        PROJECT["build-system"]["requires"]
    ) | bounds(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["dependencies"])
    points = [f"{name} = {at}" for name, at in PROJECT["project"]["scripts"].items()]
    assert client["build"]["python"]["entry_points"] == points


def test_all_that_names_the_version_names_the_same_one():
    assert yaml.safe_load((HOME / "CITATION.cff").read_text("utf-8"))["version"] == __version__
    assert f"\nVersion: {__version__}\n" in (HOME / "clients/r/DESCRIPTION").read_text("utf-8")


def test_wheels_are_built_for_each_version_of_python_that_the_project_names():
    named = [each.rpartition(" ")[2] for each in PROJECT["project"]["classifiers"] if "Python :: 3." in each]
    assert PROJECT["tool"]["cibuildwheel"]["build"] == [f"cp{each.replace('.', '')}-*" for each in named]
    assert PROJECT["project"]["requires-python"] == f">={named[0]}"


@pytest.mark.parametrize("file", sorted((HOME / ".github").rglob("*.yml")), ids=lambda file: file.name)
def test_files_for_github_are_yaml_and_run_what_is_there(file):
    text = file.read_text("utf-8")
    assert yaml.safe_load(text)
    for script in re.findall(r"run: (?:bash )?(\.[\w./]+)", text):
        assert (HOME / script).exists(), script


@pytest.mark.skipif(shutil.which("check-jsonschema") is None, reason="check-jsonschema is not installed")
@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", ".github/workflows/*.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/[bw]*.yml"),
        ("citation-file-format", "CITATION.cff"),
        ("compose-spec", "deploy/compose.yaml"),
    ],
)
def test_files_of_others_have_their_schemas(schema, files):
    command = ["check-jsonschema", "--builtin-schema", f"vendor.{schema}", "--default-filetype", "yaml"]
    done = subprocess.run([*command, *map(str, HOME.glob(files))], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
