"""`secant check --verify`: Coq checks the certificate of an answer on this machine."""

import json

import pytest
from secant.command import verify

from .commands import inside

GOOD = "From Coq Require Import Reals.\nOpen Scope R_scope.\nTheorem t : 1 = 1.\nProof. reflexivity. Qed.\n"
REFUTED, FAILED = 1, 2


def program(folder, monkeypatch, script):
    """Put a program `coqc` first on the path."""
    file = folder / "coqc"
    file.write_text(f"#!/bin/sh\n[ $1 = --print-version ] && echo 8.16.1 4.13.1 && exit 0\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def test_an_accepted_certificate_names_the_version(tmp_path, monkeypatch):
    program(tmp_path, monkeypatch, "grep -q 'Theorem t' certificate.v")
    assert verify.verified(GOOD) == "Coq 8.16.1"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo 'File \"x\", line 1:' >&2; echo 'Error: no such goal' >&2; exit 1", "rejected by Coq: no such goal"),
        (
            "echo 'Error: Cannot find a physical path bound to logical path Coquelicot.' >&2; exit 1",
            "libcoq-coquelicot",
        ),
        ("exit 3", "exit code 3"),
        ("sleep 30", "longer than 1 seconds"),
    ],
)
def test_a_certificate_that_is_not_accepted_is_an_error(tmp_path, monkeypatch, script, message):
    program(tmp_path, monkeypatch, script.replace("sleep", "exec sleep"))
    with pytest.raises(verify.VerificationError, match=message):
        verify.verified(GOOD, 1.0)


def test_without_coq_the_packages_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(verify.VerificationError, match="apt-get install coq libcoq-coquelicot libcoq-interval"):
        verify.verified(GOOD)


@pytest.mark.parametrize(
    "text",
    [
        "Axiom a : 1 = 2.",
        'Redirect "x" Print nat.',
        'Cd "/".',
        'Load "x".',
        'Extraction "x" nat.',
        "Declare ML Module x.",
        "Lemma a : 1 = 2. Proof. Admitted.",
        "Lemma a : 1 = 2. Proof. - admit. Qed.",
        "Lemma a : 1 = 1. Proof. - Redirect x Print a. Qed.",
        "Time Axiom a : 1 = 2.",
        "Require Import Elsewhere.",
        "Open Scope nat_scope.",
        '(* " (* " *) Axiom a : 1 = 2. (* *) *)',
        "#[local] Axiom a : 1 = 2.",
        "Definition a := 1. Drop.",
        "Lemma \N{GREEK SMALL LETTER ALPHA} : 1 = 1.",
        "Unset Guard Checking.",
        'Set Warnings "-all". Set Printing All.',
        "Axiom a : 1 = 2. Lemma b : 1 = 2. Proof. (simpl in *). exact a. Qed.",
        '(* (Set Warnings "-all".* *) Axiom a : 1 = 2.',
        "Lemma a : 1 = 2. Proof. refine ?[x]. [x]: { Axiom b : 1 = 2. exact b. } Qed.",
    ],
)
def test_a_file_that_could_do_more_than_prove_is_not_run(tmp_path, monkeypatch, text):
    program(tmp_path, monkeypatch, "touch /tmp/never-run; exit 0")
    assert verify.forbidden(f"{GOOD}{text}\n")
    with pytest.raises(verify.VerificationError, match="no certificate has"):
        verify.verified(f"{GOOD}{text}\n")


def test_a_refuted_claim_is_verified(tmp_path, monkeypatch, ready):
    program(tmp_path, monkeypatch, "grep -q claim_is_wrong certificate.v")
    monkeypatch.setenv("SECANT_SERVER", ready.target)
    found = inside("check", "x^2", "x", "--verify", "--certificate", str(tmp_path / "a.v"))
    assert found.returncode == REFUTED
    assert "certificate: accepted by Coq 8.16.1" in found.stdout
    assert "claim_is_wrong" in (tmp_path / "a.v").read_text()
    found = inside("--json", "equal", "x^2", "x", "--verify")
    assert found.returncode == REFUTED
    assert json.loads(found.stdout)["certificate"]["point"] == {"x": "2"}
    assert "accepted" in found.stderr


def test_a_rejected_certificate_ends_with_code_2(tmp_path, monkeypatch, ready):
    program(tmp_path, monkeypatch, "echo 'Error: no' >&2; exit 1")
    monkeypatch.setenv("SECANT_SERVER", ready.target)
    found = inside("check", "x^2", "x", "--verify")
    assert (found.returncode, found.stderr) == (FAILED, "certificate: rejected by Coq: no\n")


@pytest.mark.parametrize("arguments", [["check", "claims.csv"], ["equal", "--file", "pairs.tsv"]])
@pytest.mark.parametrize("option", [["--verify"], ["--certificate", "a.v"]])
def test_files_of_claims_have_no_certificate(arguments, option):
    found = inside(*arguments, *option)
    assert found.returncode == FAILED
    assert "--certificate and --verify are for one" in found.stderr
