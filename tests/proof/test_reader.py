"""The reader of certificates: what it reads, and what it refuses."""

from fractions import Fraction

import pytest
from secantd.language import read

from .alike import alike, value
from .grammar import ReadError
from .reader import read_file

BEGIN = "Open Scope R_scope.\n"


def conclusion(text):
    return read_file(f"{BEGIN}Theorem t : forall x y : R, {text}. Proof. Qed.").theorems["t"].conclusion


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x - y - 1 = 0", ("=", ("-", ("-", "x", "y"), Fraction(1)), Fraction(0))),
        ("x - (y - 1) = 0", ("=", ("-", "x", ("-", "y", Fraction(1))), Fraction(0))),
        ("- x ^ 2 = 0", ("=", ("neg", ("^", "x", Fraction(2))), Fraction(0))),
        ("(- x) ^ 2 = 0", ("=", ("^", ("neg", "x"), Fraction(2)), Fraction(0))),
        ("- x * y = 0", ("=", ("*", ("neg", "x"), "y"), Fraction(0))),
        ("/ x ^ 2 * y = 0", ("=", ("*", ("inv", ("^", "x", Fraction(2))), "y"), Fraction(0))),
        ("exp x ^ 2 = 0", ("=", ("^", ("exp", "x"), Fraction(2)), Fraction(0))),
        ("exp (x ^ 2) = 0", ("=", ("exp", ("^", "x", Fraction(2))), Fraction(0))),
        ("1 <= x <= 2", ("/\\", ("<=", Fraction(1), "x"), ("<=", "x", Fraction(2)))),
        ("Rpower x (1 / 3) = y", ("=", ("Rpower", "x", ("/", Fraction(1), Fraction(3))), "y")),
        ("(if Rlt_dec x y then 1 else x) = y", ("=", ("if", "<", "x", "y", Fraction(1), "x"), "y")),
    ],
)  # fmt: skip
def test_operations_bind_as_in_coq(text, expected):
    assert conclusion(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Axiom a : 1 = 2.",
        "Parameter x : R.",
        'Notation "x + y" := (x * y).',
        'Infix "+" := Rmult.',
        "Section s.",
        "Module m.",
        "Variable x : R.",
        "Hypothesis h : 1 = 2.",
        "Coercion c : nat >-> R.",
        "Open Scope Z_scope.",
        "Require Import Bool.",
        "From Elsewhere Require Import Reals.",
        "Definition exp (x : R) : R := x.",
        "Definition PI : R := 3.",
        "Definition is_derive (f : R) (x : R) (y : R) : R := 0.",
        "Lemma ln : 1 = 1. Proof. Qed.",
        "Lemma a : 1 = 1. Proof. Admitted.",
        "Lemma a : 1 = 1. Proof. admit. Qed.",
        'Set Printing All. (* " *)',
        "#[local] Lemma a : 1 = 1.",
        "Theorem a : 1 = 1. Proof. Qed. Theorem a : 1 = 2. Proof. Qed.",
        "Theorem a : 1 = 1.",
        "Theorem a : unknown 1 = 1. Proof. Qed. (*",
        "Redirect \N{LEFT DOUBLE QUOTATION MARK}x",
    ],
)
def test_what_could_change_the_meaning_of_a_statement_is_refused(text):
    with pytest.raises(ReadError):
        read_file(f"{BEGIN}{text}\n")


def test_a_definition_is_read_from_the_file():
    text = f"{BEGIN}Definition half (u : R) : R := u / 2. Theorem t : forall x : R, half (x + 1) = x. Proof. Qed."
    stated = read_file(text).theorems["t"].conclusion
    assert stated == ("=", ("/", ("+", "x", Fraction(1)), Fraction(2)), "x")


def test_a_binder_catches_no_name():
    text = f"{BEGIN}Definition f (u : R) : R := RInt (fun x : R => x * u) 0 1. Theorem t : forall x : R, f x = 0. Proof. Qed."
    with pytest.raises(ReadError, match="caught"):
        read_file(text)


@pytest.mark.parametrize(
    ("formula", "term"),
    [
        ("x - y/2", "x + - y * / 2"),
        ("2/(x*y)", "2 * / x * / y"),
        ("tan(x)", "sin x / cos x"),
        ("sqrt(x)", "Rpower x (1 / 2)"),
        ("x^-2", "/ (x * x) "),
        ("log(x, 2)", "ln x / ln 2"),
        ("ifelse(x > y, x, y)", "if Rlt_dec y x then x else y"),
        ("0.1*x", "x / 10"),
    ],
)
def test_terms_of_one_form_are_alike(formula, term):
    left = conclusion(f"({term}) = 0")[1]
    found = alike(left, read(formula).outputs[0], {"x": "x", "y": "y"})
    # A product is not a power.
    assert found is (formula != "x^-2")


@pytest.mark.parametrize(
    ("formula", "term"),
    [
        ("x + y", "0 + 0"),
        ("x + y", "x - y"),
        ("0*x", "0"),
        ("x + x", "2 * x"),
        ("x - (y - 1)", "x - y - 1"),
        ("(x^2)^y", "Rpower x (2 * y)"),
        ("x/y/2", "x / (y / 2)"),
        ("sqrt(x)", "x ^ 2"),
        ("x", "y"),
        ("0.1*x", "0.1000001 * x"),
        ("ifelse(x > y, x, y)", "if Rlt_dec x y then x else y"),
    ],
)
def test_other_terms_are_not_alike(formula, term):
    left = conclusion(f"({term}) = 0")[1]
    assert not alike(left, read(formula).outputs[0], {"x": "x", "y": "y"})


def test_values_have_forty_digits():
    left = conclusion("exp (ln x * 2) - x ^ 2 + RInt (fun t : R => t) 0 1 = 0")[1]
    assert abs(value(left, {"x": Fraction(3)} | {"x": __import__("mpmath").mpf(3)}) - 0.5) < 1e-12
