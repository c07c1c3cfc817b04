"""The image of deploy/Containerfile, built and run without a daemon; minutes, so only where it is asked for.

It runs as deploy/compose.yaml has it: nothing of its file system can be written, no capability is left. The
target `slim` has no place to write at all, `with-r` has a /tmp in memory, which R and matplotlib want.
"""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import secant

HOME = Path(__file__).parents[2]
PODMAN = ["podman", "--storage-driver", "vfs", "--cgroup-manager=cgroupfs", "--runtime", "runc"]
NEEDED = ("buildah", "mmdebstrap", "podman", "runc")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]
# Docker's defaults are higher than what a container here may have.
BOUNDS = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]
SEALED = ["--read-only", "--read-only-tmpfs=false", "--cap-drop", "all", "--security-opt", "no-new-privileges"]
WRITABLE = {"slim": [], "with-r": ["--tmpfs", "/tmp"]}

pytestmark = [
    pytest.mark.skipif("SECANT_TEST_CONTAINER" not in os.environ, reason="minutes: set SECANT_TEST_CONTAINER=1"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
    pytest.mark.skipif(os.getuid() != 0, reason="podman without a daemon is run as root here"),
]


@dataclass
class Container:
    """A server in a container that runs; `process` is its number on this machine."""

    target: str
    name: str
    address: str
    process: int
    podman: subprocess.Popen

    def run(self, *words):
        """Run a command inside."""
        return subprocess.run([*PODMAN, "exec", self.name, *words], capture_output=True, text=True)


@pytest.fixture(scope="module", params=["slim", "with-r"])
def container(request):
    """A container of the image that was built now, on the host's own network."""
    built = subprocess.run([HOME / "deploy" / "build-here.sh", request.param], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr[-2000:]
    print(f"\n{request.param}:", built.stdout.splitlines()[-1])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    name = f"secantd-test-{request.param}"
    flags = [*SEALED, *BOUNDS, *WRITABLE[request.param], "--network", "host", "--env", f"SECANT_LISTEN={address}"]
    subprocess.run([*PODMAN, "rm", "--force", "--ignore", name], capture_output=True)
    create = [*PODMAN, "create", "--name", name, *flags, f"localhost/secantd:{request.param}"]
    made = subprocess.run(create, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    podman = subprocess.Popen([*PODMAN, "start", "--attach", name], stdout=subprocess.PIPE, text=True)
    try:
        line = podman.stdout.readline()
        ready = time.clock_gettime(time.CLOCK_BOOTTIME)
        assert line == f"listening on {address}\n"
        inspect = [*PODMAN, "inspect", "--format", "{{.State.Pid}}", name]
        process = int(subprocess.run(inspect, capture_output=True, text=True, check=True).stdout)
        seconds, worked = ready - begun(process), processor(process)
        print(f"{request.param}: listening after {seconds:.2f} s, {worked:.2f} s of work, load {load()}")
        yield Container(request.param, name, address, process, podman)
    finally:
        subprocess.run([*PODMAN, "rm", "--force", "--ignore", "--time", "0", name], capture_output=True)
        podman.kill()
        podman.wait()


def begun(process):
    """Seconds after the machine's start when a process was made: field 22 of proc(5)'s stat."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def processor(process):
    """Seconds of work that a process has done."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load():
    return f"{os.getloadavg()[0]:.1f}"


def test_the_python_client_calls_it(container):
    with secant.connect(container.address) as client:
        assert str(client.differentiate("x^2", "x")) == "2 * x"
        # A call that is answered by one of the processes for long ones.
        assert str(client.differentiate("x^3", "x", "x", "x")) == "6"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The R package, installed."""
    asked = 'quit(status = !(requireNamespace("RProtoBuf") && requireNamespace("curl")))'
    if shutil.which("Rscript") is None or subprocess.run(["Rscript", "--vanilla", "-e", asked]).returncode:
        pytest.skip("R with RProtoBuf and curl is not installed")
    folder = tmp_path_factory.mktemp("library")
    flags = ["--no-docs", "--no-test-load", f"--library={folder}"]
    subprocess.run(["R", "CMD", "INSTALL", *flags, HOME / "clients" / "r"], check=True, capture_output=True)
    return folder


def test_the_r_client_calls_it(container, library):
    code = "library(secant); print(differentiate(~ x^2)); print(gradient(~ x^2 + 2*y^2, at = c(x = 2, y = 1)))"
    environment = os.environ | {"R_LIBS": str(library), "SECANT_SERVER": container.address}
    done = subprocess.run(["Rscript", "--vanilla", "-e", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["2", "*", "x", "x", "y", "4", "4"]


def test_it_is_nobody_without_capabilities(container):
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{container.process}/status").read_text().splitlines() if ":" in line
    )
    assert status["Uid"].split() == ["65532"] * 4
    assert {status[name].strip() for name in ("CapEff", "CapPrm", "CapBnd")} == {"0" * 16}
    assert status["NoNewPrivs"].strip() == "1"


@pytest.mark.parametrize("user", ["65532", "0"])
def test_nothing_can_be_written(container, user):
    root = next(line.split() for line in Path(f"/proc/{container.process}/mounts").read_text().splitlines())
    assert root[1] == "/"
    assert "ro" in root[3].split(",")
    for folder in (
        "/",
        "/opt/secant",
        "/usr/bin",
        "/etc",
        "/var/tmp",
        *(["/tmp"] if container.target == "slim" else []),
    ):
        command = [*PODMAN, "exec", "--user", user, container.name, "touch", f"{folder}/new"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode != 0, f"{folder} can be written"
        assert "Read-only file system" in done.stderr, done.stderr


def test_figures_are_drawn_where_matplotlib_is(container):
    with secant.connect(container.address, timeout=60) as client:
        if container.target == "slim":
            with pytest.raises(secant.Error, match="no plotting library"):
                client.plot("x^2", "curve")
            return
        for figure in ("curve", "surface"):
            image = client.plot("x^2" if figure == "curve" else "x^2 + y^2", figure, format="png")
            assert image.image.startswith(b"\x89PNG\r\n")


def test_deriv_is_asked_where_r_is(container):
    with secant.connect(container.address, timeout=60) as client:
        judged = client.check("x^2", "2*x")
    verdicts = {witness.name: witness.verdict for witness in judged.witnesses}
    assert (verdicts.get("deriv") == "AGREES") == (container.target == "with-r"), judged


def test_the_health_check_of_the_image_is_answered(container):
    done = subprocess.run([*PODMAN, "healthcheck", "run", container.name], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    wrong = container.run("python", "-m", "secantd.health", "127.0.0.1:1")
    assert (wrong.returncode, wrong.stderr) == (1, "127.0.0.1:1: UNAVAILABLE\n")


def test_settings_are_checked_inside(container):
    began = time.monotonic()
    done = container.run("secantd", "--check-config", "--steps", "many")
    print(f"{container.target}: --check-config took {time.monotonic() - began:.2f} s with podman's exec")
    assert done.returncode == 2
    assert "--steps is 'many'" in done.stderr


def test_it_exits_with_0_after_a_signal(container):
    began = time.monotonic()
    os.kill(container.process, 15)
    while Path(f"/proc/{container.process}").exists():
        time.sleep(0.01)
    print(f"{container.target}: ended {time.monotonic() - began:.2f} s after SIGTERM, load {load()}")
    assert container.podman.wait(20) == 0
