"""Do the files for a cluster agree with each other, the hub's settings and the code?

No cluster and no Docker are at hand where these tests run (docs/deploy.md says so).
What can be held is held: the files parse, and names that must meet do meet.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.deploy.hub import DEPLOY
from workshop.cli_room import room as room_command
from workshop.room.address import proper_address
from workshop.room.hub_seats import read_seats

KUBERNETES = DEPLOY / "kubernetes"


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return YAML(typ="safe").load((KUBERNETES / "values.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def parts() -> dict[str, dict[str, Any]]:
    """What room.yaml makes, by its kind."""
    text = (KUBERNETES / "room.yaml").read_text("utf-8")
    made = list(YAML(typ="safe").load_all(text))
    assert len({part["kind"] for part in made}) == len(made)
    return {part["kind"]: part for part in made}


@pytest.fixture(scope="module")
def pod(parts: dict[str, Any]) -> dict[str, Any]:
    return parts["Deployment"]["spec"]["template"]


@pytest.fixture(scope="module")
def container(pod: dict[str, Any]) -> dict[str, Any]:
    (only,) = pod["spec"]["containers"]
    return only


@pytest.fixture(scope="module")
def dockerfile() -> list[list[str]]:
    """Its instructions, each with its words."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [line.split(None, 1) for line in whole if line.strip()]


def told(container: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one.get("value", "") for one in container["env"]}


def options(arguments: list[str]) -> dict[str, str]:
    return dict(one.removeprefix("--").split("=", 1) for one in arguments)


# --- Kubernetes -----------------------------------------------------------------------


def test_every_part_has_a_kind_a_version_and_a_name(parts):
    assert set(parts) == {
        "ConfigMap", "PersistentVolumeClaim", "Service", "Deployment", "NetworkPolicy",
    }  # fmt: skip
    for part in parts.values():
        assert {"apiVersion", "kind", "metadata"} <= set(part)
        assert re.fullmatch("[a-z][a-z0-9-]*", part["metadata"]["name"])


def test_service_deployment_and_policy_mean_the_same_pod(parts, pod):
    labels = pod["metadata"]["labels"]
    chosen = [
        parts["Service"]["spec"]["selector"],
        parts["Deployment"]["spec"]["selector"]["matchLabels"],
        parts["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
    ]
    for selector in chosen:
        assert selector.items() <= labels.items()
    assert labels["hub.jupyter.org/network-access-hub"] == "true"


def test_a_room_is_one_process_and_never_two(parts):
    spec = parts["Deployment"]["spec"]
    assert spec["replicas"] == 1
    assert spec["strategy"] == {"type": "Recreate"}


def test_the_pod_may_do_nothing_but_serve(pod, container):
    assert pod["spec"]["automountServiceAccountToken"] is False
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
    inside = container["securityContext"]
    assert inside["allowPrivilegeEscalation"] is False
    assert inside["readOnlyRootFilesystem"] is True
    assert inside["capabilities"] == {"drop": ["ALL"]}
    assert {"requests", "limits"} <= set(container["resources"])


def test_every_mounted_folder_is_there_and_the_list_is_where_it_is_read(
    parts, pod, container
):
    volumes = {one["name"]: one for one in pod["spec"]["volumes"]}
    mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    assert set(mounts) == set(volumes)
    claim = volumes["data"]["persistentVolumeClaim"]["claimName"]
    assert claim == parts["PersistentVolumeClaim"]["metadata"]["name"]
    held = volumes["seats"]["configMap"]["name"]
    assert held == parts["ConfigMap"]["metadata"]["name"]
    folder, _, name = options(container["args"])["hub"].rpartition("/")
    assert folder == mounts["seats"]
    assert name in parts["ConfigMap"]["data"]


def test_the_list_of_seats_can_be_read(parts, container, tmp_path):
    file = tmp_path / "seats.csv"
    file.write_text(parts["ConfigMap"]["data"]["seats.csv"], "utf-8")
    pairs = int(options(container["args"])["pairs"])
    assert read_seats(file, pairs=pairs)


def test_the_hub_and_the_room_call_each_other_by_the_same_names(
    values, parts, container
):
    ((name, service),) = values["hub"]["services"].items()
    (port,) = parts["Service"]["spec"]["ports"]
    where = f"http://{parts['Service']['metadata']['name']}:{port['port']}"
    assert service["url"] == where
    given = told(container)
    assert given["JUPYTERHUB_SERVICE_NAME"] == name
    assert given["JUPYTERHUB_CLIENT_ID"] == f"service-{name}"
    assert given["JUPYTERHUB_SERVICE_PREFIX"] == f"/services/{name}/"
    secret = next(e for e in container["env"] if e["name"] == "JUPYTERHUB_API_TOKEN")
    key = secret["valueFrom"]["secretKeyRef"]
    assert key == {"name": "hub", "key": f"hub.services.{name}.apiToken"}
    jupyterhub = values["hub"]["config"]["JupyterHub"]
    address = options(container["args"])["address"]
    assert address == f"{jupyterhub['public_url']}services/{name}"
    assert proper_address(address) == address
    assert jupyterhub["default_url"] == given["JUPYTERHUB_SERVICE_PREFIX"]


def test_one_server_and_a_cluster_give_people_the_same_rights(values):
    text = (DEPLOY / "jupyterhub" / "jupyterhub_config.py").read_text("utf-8")
    listed = re.search(r"^MAY = (\[.*?\])", text, re.MULTILINE | re.DOTALL)
    assert listed
    rights = json.loads(re.sub(r",\s*\]", "]", listed[1]))
    assert values["hub"]["loadRoles"]["user"]["scopes"] == rights
    assert not [right for right in rights if right.startswith(("self", "servers"))]


def test_nobody_gets_a_server_on_the_cluster_either(values):
    (code,) = values["hub"]["extraConfig"].values()
    compile(code, "extraConfig", "exec")
    assert "pre_spawn_hook = refuse" in code
    assert values["hub"]["config"]["JupyterHub"]["redirect_to_server"] is False


def test_only_the_proxy_reaches_the_room(parts):
    spec = parts["NetworkPolicy"]["spec"]
    assert set(spec["policyTypes"]) == {"Ingress", "Egress"}
    (way,) = spec["ingress"]
    (who,) = way["from"]
    assert who["podSelector"]["matchLabels"]["component"] == "proxy"


def test_nothing_secret_stands_in_the_files():
    for file in DEPLOY.rglob("*.y*ml"):
        if "node_modules" not in file.parts:
            text = file.read_text("utf-8")
            assert not re.search(r"(?m)^\s*(client_secret|apiToken|password):", text)


# --- the image ------------------------------------------------------------------------


def test_the_room_in_the_image_is_not_root_and_has_a_health_check(dockerfile, pod):
    names = [name for name, _ in dockerfile]
    assert names[:2] == ["ARG", "FROM"]
    assert names.count("FROM") == 2
    assert "HEALTHCHECK" in names
    (user,) = [words for name, words in dockerfile if name == "USER"]
    assert int(user.split(":")[0]) == pod["spec"]["securityContext"]["runAsUser"] > 0
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert not [words for name, words in dockerfile if name == "ADD"]


def test_what_the_image_starts_is_a_command_of_ours(dockerfile, container):
    ((_, words),) = [one for one in dockerfile if one[0] == "ENTRYPOINT"]
    command = json.loads(words)
    assert command[:2] == ["workshop", "room"]
    known = {one for option in room_command.params for one in option.opts}
    asked = [w for w in command[2:] if w.startswith("--")]
    assert {*asked, *(f"--{name}" for name in options(container["args"]))} <= known
    (exposed,) = [words for name, words in dockerfile if name == "EXPOSE"]
    assert command[command.index("--port") + 1] == exposed
    assert [one["containerPort"] for one in container["ports"]] == [int(exposed)]


def test_each_line_that_the_image_runs_can_be_read_by_a_shell(dockerfile):
    for name, words in dockerfile:
        if name == "RUN":
            assert shlex.split(words.replace("$(", "").replace(")", ""))


def test_the_image_is_given_what_the_wheel_is_made_of_and_nothing_else(root):
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert lines[0] == "*"
    given = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert {"workshop", "notebooks", "datasets", "pyproject.toml"} <= given
    for name in given:
        assert (root / name).exists(), name


# --- locks ----------------------------------------------------------------------------


def test_the_proxys_lock_names_no_registry_and_has_a_digest_for_each_package():
    lock = json.loads((DEPLOY / "jupyterhub" / "package-lock.json").read_text("utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    for name, one in packages.items():
        assert "resolved" not in one, name
        assert one["integrity"].startswith("sha512-"), name


def test_the_hubs_lock_is_hashed_and_agrees_with_the_others(root: Path):
    from tests.test_dependencies import read_lock

    text = (root / "requirements-hub.lock").read_text("utf-8")
    assert "://" not in text
    mine = read_lock(text)
    assert [block.name for block in mine if not block.hashes] == []
    for other in ("requirements.lock", "requirements-dagster.lock"):
        theirs = read_lock((root / other).read_text("utf-8"))
        versions = {(one.name, one.version) for one in theirs}
        names = {one.name for one in theirs}
        assert {
            (one.name, one.version) for one in mine if one.name in names
        } <= versions
