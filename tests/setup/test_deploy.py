"""The files of deploy/: what they name exists, and they agree with the server and with each other."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from secantd.flags import settings
from secantd.metrics import Metrics, Totals, process_families
from secantd.settings import Settings
from secantd.transport import Servicer
from secantd.version import __version__

HOME = Path(__file__).parents[2]
DEPLOY = HOME / "deploy"
ALERTS = yaml.safe_load((DEPLOY / "monitoring/alerts.yaml").read_text("utf-8"))
BOARD = json.loads((DEPLOY / "monitoring/grafana-dashboard.json").read_text("utf-8"))
DOCUMENTS = [
    document
    for file in sorted((DEPLOY / "kubernetes/base").glob("*.yaml"))
    for document in yaml.safe_load_all(file.read_text("utf-8"))
]


def of(kind, name="secant"):
    """The document of a kind and name."""
    (found,) = [d for d in DOCUMENTS if d["kind"] == kind and d.get("metadata", {}).get("name") == name]
    return found


CONTAINER = of("Deployment")["spec"]["template"]["spec"]["containers"][0]


@pytest.fixture(scope="module")
def exported():
    """The families of a page of metrics with their labels, of one server or the sum over several."""
    metrics = Metrics()
    metrics.more = process_families
    Servicer(Settings(pool=0), metrics)
    metrics.calls.add(1, "Gradient", "OK")
    metrics.seconds.add(0.1, "Gradient")
    metrics.lag.add(0.1)
    lines = [*metrics.text().splitlines(), *Totals().text().splitlines()]
    samples = [re.fullmatch(r"(\w+)(?:\{(.*)\})? \S+", line) for line in lines if not line.startswith("#")]
    found = {}
    for sample in samples:
        found.setdefault(sample[1], set()).update(re.findall(r"(\w+)=", sample[2] or ""))
    return found


EXPRESSIONS = [
    *(pytest.param(rule["expr"], id=rule["alert"]) for group in ALERTS["groups"] for rule in group["rules"]),
    *(
        pytest.param(target["expr"], id=f"{panel['title']}-{target['refId']}")
        for panel in BOARD["panels"]
        for target in panel["targets"]
    ),
]
# Of Prometheus itself, which adds the labels to each series of a server.
OF_PROMETHEUS, ADDED = {"up"}, {"job", "instance"}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_each_metric_and_label_of_a_query_is_exported_by_the_server(expression, exported):
    named = set(re.findall(r"\b(?:secant|process|up)\w*", re.sub(r'"[^"]*"', "", expression))) - OF_PROMETHEUS
    assert named <= exported.keys()
    labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", expression))
    for group in re.findall(r"by \(([^)]*)\)", expression):
        labels |= {label.strip() for label in group.split(",")}
    assert labels - ADDED <= set().union(*(exported[name] for name in named), set())


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian's package prometheus)")
def test_prometheus_takes_the_alerts_and_their_tests_pass():
    for command in (["check", "rules", "alerts.yaml"], ["test", "rules", "alerts-test.yaml"]):
        done = subprocess.run(["promtool", *command], cwd=DEPLOY / "monitoring", capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_has_what_to_do():
    for group in ALERTS["groups"]:
        for rule in group["rules"]:
            assert rule["annotations"]["action"].endswith("."), rule["alert"]


def test_panels_have_their_own_place_on_the_board():
    taken = set()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def variables():
    return {each["name"]: each["value"] for each in CONTAINER["env"]}


def test_the_environment_of_the_pod_is_a_valid_configuration():
    made, _ = settings([], variables())
    ports = {port["name"]: port["containerPort"] for port in CONTAINER["ports"]}
    assert made.listen == f"0.0.0.0:{ports['grpc']}"
    assert made.metrics == f"0.0.0.0:{ports['metrics']}"
    pod = of("Deployment")["spec"]["template"]
    assert pod["metadata"]["annotations"]["prometheus.io/port"] == str(ports["metrics"])
    # Two seconds after the pause and the grace the process ends in any case.
    assert pod["spec"]["terminationGracePeriodSeconds"] > made.drain_pause + made.grace + 2
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert CONTAINER[probe]["grpc"]["port"] == ports["grpc"]
    # A server that drains leaves the list before it rejects calls.
    assert CONTAINER["readinessProbe"]["periodSeconds"] < made.drain_pause


def test_services_and_policies_select_the_pods_and_name_their_ports():
    labels = of("Deployment")["spec"]["template"]["metadata"]["labels"]
    names = {port["name"] for port in CONTAINER["ports"]}
    selectors = [of("Deployment")["spec"]["selector"]["matchLabels"]]
    selectors += [of("Service", name)["spec"]["selector"] for name in ("secant", "secant-headless")]
    selectors += [of("PodDisruptionBudget")["spec"]["selector"]["matchLabels"]]
    selectors += [of("NetworkPolicy")["spec"]["podSelector"]["matchLabels"]]
    for selector in selectors:
        assert selector == labels
    for name in ("secant", "secant-headless"):
        assert [port["targetPort"] for port in of("Service", name)["spec"]["ports"]] == ["grpc"]
    allowed = {port["port"] for rule in of("NetworkPolicy")["spec"]["ingress"] for port in rule["ports"]}
    assert allowed == names


def test_the_pod_is_nobody_and_can_change_nothing():
    pod = of("Deployment")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert f"USER {pod['securityContext']['runAsUser']}:" in (DEPLOY / "Containerfile").read_text("utf-8")
    assert CONTAINER["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_image_has_the_version_of_the_project():
    (image,) = of_base()["images"]
    assert (image["name"], image["newTag"]) == (CONTAINER["image"], __version__)
    assert sorted(of_base()["resources"]) == sorted(
        file.name for file in (DEPLOY / "kubernetes/base").glob("*.yaml") if file.name != "kustomization.yaml"
    )


def of_base():
    return yaml.safe_load((DEPLOY / "kubernetes/base/kustomization.yaml").read_text("utf-8"))


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_kubectl_builds_the_overlay_with_tokens():
    done = subprocess.run(
        ["kubectl", "kustomize", str(DEPLOY / "kubernetes/tokens")], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    (deployment,) = [d for d in yaml.safe_load_all(done.stdout) if d["kind"] == "Deployment"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    folders = [mount["mountPath"] for mount in container["volumeMounts"]]
    (tokens,) = [each["value"] for each in container["env"] if each["name"] == "SECANT_TOKENS"]
    assert str(Path(tokens).parent) in folders


def test_the_unit_of_systemd_gives_the_server_the_time_to_drain():
    unit = (DEPLOY / "systemd/secantd.service").read_text("utf-8")
    defaults = Settings()
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.M)[1]) > defaults.drain_pause + defaults.grace + 2


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_unit(tmp_path):
    unit = (DEPLOY / "systemd/secantd.service").read_text("utf-8").replace("/opt/secant/bin/secantd", "/bin/true")
    (tmp_path / "secantd.service").write_text(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "secantd.service")], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("file", ["envoy.yaml", "nginx.conf"])
def test_a_proxy_has_the_ports_and_the_limits_of_the_server(file):
    text = (DEPLOY / "proxies" / file).read_text("utf-8")
    for port in (50050, 50051, 50052):
        assert str(port) in text
    streams = Settings().limits.connection_streams
    assert re.search(rf"max_concurrent_streams:? {streams}\b", text)
    if file == "envoy.yaml":
        envoy = yaml.safe_load(text)
        (cluster,) = envoy["static_resources"]["clusters"]
        interval = float(cluster["health_checks"][0]["interval"].removesuffix("s"))
        assert interval < Settings().drain_pause
        assert f"request_body_buffer_limit: {Settings().limits.message_bytes}" in text


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_its_configuration():
    done = subprocess.run(
        ["nginx", "-t", "-c", str(DEPLOY / "proxies/nginx.conf")], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
