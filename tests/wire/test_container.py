"""The image of deploy/Containerfile, built and run without a daemon; minutes, so only where it is asked for."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import grpc
import pytest
from secant.v1 import derivative_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

HOME = Path(__file__).parents[2]
BUILDAH = ["buildah", "--storage-driver", "vfs"]
MISSING = [tool for tool in ("buildah", "mmdebstrap") if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.skipif("SECANT_TEST_CONTAINER" not in os.environ, reason="minutes: set SECANT_TEST_CONTAINER=1"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
    pytest.mark.skipif(os.getuid() != 0, reason="buildah without a daemon is run as root here"),
]


def buildah(*words):
    return subprocess.run([*BUILDAH, *words], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module", params=["slim", "with-r"])
def container(request):
    """A container made of the image that was built now."""
    done = subprocess.run([HOME / "deploy" / "build-here.sh", request.param], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    print(done.stdout.splitlines()[-1])
    made = buildah("from", f"localhost/secantd:{request.param}")
    yield made
    buildah("rm", made)


def test_the_image_serves_as_nobody_and_ends_when_told(container):
    command = [*BUILDAH, "run", "--isolation", "chroot", container, "--", "secantd", "--listen", "127.0.0.1:0"]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().split()[-1]
        print(f"ready after {time.monotonic() - began:.2f} s")
        with grpc.insecure_channel(address) as channel:
            stub = CalculusServiceStub(channel)
            request = derivative_pb2.DifferentiateRequest(expression=expression_pb2.Expression(text="x^2"))
            assert stub.Differentiate(request, timeout=20).derivative.text == "2 * x"
        run = ("run", "--isolation", "chroot", container, "--")
        assert buildah(*run, "id", "-u") == "65532"
        buildah(*run, "python", "-m", "secantd.health", address)
        assert buildah(*run, "sh", "-c", "touch /opt/secant/x 2> /dev/null || echo no") == "no"
        (server,) = subprocess.run(
            ["pgrep", "-u", "65532", "-f", "^[^ ]*python[^ ]* [^ ]*secantd --listen"], capture_output=True, text=True
        ).stdout.split()[:1]
        began = time.monotonic()
        os.kill(int(server), 15)
        assert process.wait(20) == 0
        print(f"ended after {time.monotonic() - began:.2f} s")
    finally:
        process.kill()
        process.wait()
