"""Signs of terms: which follow from hypotheses by the rules for sums, products, powers, roots and exponentials.

A proof is a term of Coq as text. It is found in one pass from the parts to the whole, without search.
"""

from collections.abc import Iterable
from fractions import Fraction

from secantd.proof.reals import Term, below, coq_text

__all__ = ["Signs"]


def positive_number(value: Fraction) -> str:
    """Return a proof that a number above 0 is positive."""
    top = f"(IZR_lt 0 {value.numerator} eq_refl)"
    return top if value.denominator == 1 else f"(Rdiv_lt_0_compat _ _ {top} (IZR_lt 0 {value.denominator} eq_refl))"


def nonzero_number(value: Fraction) -> str:
    """Return a proof that a number other than 0 is not 0."""
    if value > 0:
        return f"(Rgt_not_eq _ _ {positive_number(value)})"
    top = f"(Rlt_not_eq _ _ (IZR_lt ({value.numerator}) 0 eq_refl))"
    if value.denominator == 1:
        return top
    below = f"(Rinv_neq_0_compat _ (Rgt_not_eq _ _ (IZR_lt 0 {value.denominator} eq_refl)))"
    return f"(Rmult_integral_contrapositive_currified _ _ {top} {below})"


class Signs:
    """What is known about signs.

    >>> from secantd.proof.reals import Terms
    >>> t = Terms()
    >>> signs = Signs()
    >>> signs.positive(t.make("add", t.number(1), t.power(t.variable("x"), 2)))
    '(Rplus_lt_le_0_compat _ _ (IZR_lt 0 1 eq_refl) (even_nonnegative 1 _))'
    """

    def __init__(self) -> None:
        self.less: dict[tuple[int, int], str] = {}
        self.above: dict[int, str] = {}
        self.apart: dict[int, str] = {}
        self.differ: dict[tuple[int, int], str] = {}
        self.numbers: dict[int, Fraction] = {}
        self.given: list[tuple[str, Term, Term, str]] = []

    def suppose(self, relation: str, left: Term, right: Term, name: str) -> None:
        """Add a hypothesis of the statement with its name."""
        self.given.append((relation, left, right, name))
        self.assume(relation, left, right, name)

    def assume(self, relation: str, left: Term, right: Term, proof: str) -> None:
        """Add a hypothesis or a fact with its proof."""
        if left.op == "number":
            self.numbers[left.index] = left.value
        if relation == "<":
            if left.op == "number" and left.value >= 0:
                self.above.setdefault(right.index, proof if not left.value else "")
                if left.value:
                    self.above[right.index] = f"(Rlt_trans _ _ _ {positive_number(left.value)} {proof})"
            elif right.op == "number" and right.value <= 0:
                less = proof if not right.value else f"(Rlt_trans _ _ _ {proof} (IZR_lt ({right.value}) 0 eq_refl))"
                self.apart.setdefault(left.index, f"(Rlt_not_eq _ _ {less})")
            self.less.setdefault((left.index, right.index), proof)
            self._parts_of_positive(right)
        elif right.op == "number" and not right.value:
            self.apart.setdefault(left.index, proof)
        else:
            self.differ.setdefault((left.index, right.index), proof)

    def _parts_of_positive(self, term: Term) -> None:
        """Add that a factor or a denominator of a positive term is positive, where the rest of it is."""
        while (above := self.above.get(term.index)) and term.op in ("mul", "div", "inv"):
            *rest, part = term.args
            given = [self.positive(other) for other in rest]
            if term.op == "mul" and given == [None]:
                # The other factor.
                rest, part = [part], rest[0]
                given = [self.positive(rest[0])]
                above = f"(eq_ind _ (Rlt 0) {above} _ (Rmult_comm _ _))"
            if None in given:
                return
            holes = " _" * len(term.args)
            self.above.setdefault(part.index, f"(part_of_{term.op}{holes} {' '.join([above, *map(str, given)])})")
            term = part

    def holds(self, relation: str, left: Term, right: Term) -> str | None:
        """Return a proof of a relation, None where it does not follow."""
        if relation == "<":
            if (left.index, right.index) in self.less:
                return self.less[left.index, right.index]
            if left.op == "number" and left.value == -1 and right.op == "tanh":
                return "(tanh_above _)"
            if right.op == "number" and right.value == 1 and left.op == "tanh":
                return "(tanh_below _)"
            if left.op == "number" and right.op == "number" and left.value < right.value:
                return f"(ltac:(lra) : {coq_text(left)} < {coq_text(right)})"
            return self.positive(right) if left.op == "number" and not left.value else None
        if right.op == "number" and not right.value:
            return self.nonzero(left)
        if left.op == "number" and not left.value:
            nonzero = self.nonzero(right)
            return f"(not_eq_sym {nonzero})" if nonzero else None
        if (right.index, left.index) in self.differ:
            return f"(not_eq_sym {self.differ[right.index, left.index]})"
        if (left.index, right.index) in self.less:
            return f"(Rlt_not_eq _ _ {self.less[left.index, right.index]})"
        if (right.index, left.index) in self.less:
            return f"(Rgt_not_eq _ _ {self.less[right.index, left.index]})"
        return self.differ.get((left.index, right.index))

    def proof(self, relation: str, left: Term, right: Term) -> str:
        """Return the proof of a relation that follows from the hypotheses."""
        found = self.holds(relation, left, right)
        assert found is not None, (relation, left.op, right.op)
        return found

    def positive(self, term: Term) -> str | None:
        """Return a proof of 0 < term, None where it does not follow."""
        return self._signs([term])[term.index][0]

    def nonzero(self, term: Term) -> str | None:
        """Return a proof of term <> 0, None where it does not follow."""
        return self._signs([term])[term.index][2]

    def _signs(self, terms: Iterable[Term]) -> dict[int, tuple[str | None, str | None, str | None]]:
        """Return proofs that each part is positive, at least 0, and not 0."""
        made: dict[int, tuple[str | None, str | None, str | None]] = {}
        for term in below(terms):
            parts = [made[a.index] for a in term.args]
            above = self.above.get(term.index) or self._above(term, parts)
            least = f"(Rlt_le _ _ {above})" if above else self._least(term, parts)
            apart = self.apart.get(term.index)
            if above:
                apart = f"(Rgt_not_eq _ _ {above})"
            made[term.index] = above, least, apart or self._apart(term, parts)
        return made

    def _above(self, term: Term, parts: list[tuple[str | None, str | None, str | None]]) -> str | None:
        op = term.op
        if op == "number":
            return positive_number(term.value) if term.value > 0 else None
        if op == "pi":
            return "PI_RGT_0"
        if op == "exp" or op == "rpower":
            return "(exp_pos _)"
        if op == "cosh":
            return "(cosh_positive _)"
        if op == "ln":
            inside = term.args[0]
            large = inside.op == "number" and inside.value > 1
            return f"(ln_positive _ (ltac:(lra) : 1 < {coq_text(inside)}))" if large else None
        if not parts:
            return None
        first = parts[0]
        if op == "sqrt":
            return f"(sqrt_lt_R0 _ {first[0]})" if first[0] else None
        if op == "Rabs":
            return f"(Rabs_pos_lt _ {first[2]})" if first[2] else None
        if op == "inv":
            return f"(Rinv_0_lt_compat _ {first[0]})" if first[0] else None
        if op == "pow":
            if first[0]:
                return f"(pow_lt _ {term.exponent} {first[0]})"
            even = not term.exponent % 2 and first[2]
            return f"(even_positive {term.exponent // 2} _ {first[2]})" if even else None
        if op == "sub":
            known = self.less.get((term.args[1].index, term.args[0].index))
            return f"(Rlt_Rminus _ _ {known})" if known else self._square_apart(term)
        if op in ("add", "mul", "div"):
            second = parts[1]
            if op == "add":
                if first[0] and second[0]:
                    return f"(Rplus_lt_0_compat _ _ {first[0]} {second[0]})"
                if first[0] and second[1]:
                    return f"(Rplus_lt_le_0_compat _ _ {first[0]} {second[1]})"
                if first[1] and second[0]:
                    return f"(Rplus_le_lt_0_compat _ _ {first[1]} {second[0]})"
            elif first[0] and second[0]:
                return f"({'Rmult_lt_0_compat' if op == 'mul' else 'Rdiv_lt_0_compat'} _ _ {first[0]} {second[0]})"
        return None

    def _square_apart(self, term: Term) -> str | None:
        """Return a proof of 0 < 1 - u^2 for -1 < u < 1, and of 0 < u^2 - 1 for 1 < u."""
        left, right = term.args
        if left.op == "number" and left.value == 1 and right.op == "pow" and right.exponent == 2:
            u = right.args[0]
            low = next((p for (a, b), p in self.less.items() if b == u.index and self.numbers.get(a) == -1), None)
            low = "(tanh_above _)" if u.op == "tanh" else low
            high = self.holds("<", u, left)
            return f"(inside_square _ {low} {high})" if low and high else None
        if right.op == "number" and right.value == 1 and left.op == "pow" and left.exponent == 2:
            known = self.holds("<", right, left.args[0])
            return f"(arccosh_domain _ {known})" if known else None
        return None

    def _least(self, term: Term, parts: list[tuple[str | None, str | None, str | None]]) -> str | None:
        op = term.op
        if op == "number":
            return "(Rle_refl 0)" if not term.value else None
        if op == "sqrt":
            return "(sqrt_pos _)"
        if op == "Rabs":
            return "(Rabs_pos _)"
        if op == "pow":
            if not term.exponent % 2:
                return f"(even_nonnegative {term.exponent // 2} _)"
            return f"(pow_le _ {term.exponent} {parts[0][1]})" if parts[0][1] else None
        if op in ("add", "mul", "div") and parts[0][1] and parts[1][1 if op != "div" else 0]:
            if op == "div":
                return f"(Rmult_le_pos _ _ {parts[0][1]} (Rlt_le _ _ (Rinv_0_lt_compat _ {parts[1][0]})))"
            return f"({'Rplus_le_le_0_compat' if op == 'add' else 'Rmult_le_pos'} _ _ {parts[0][1]} {parts[1][1]})"
        if op == "mul" and term.args[0] is term.args[1]:
            return "(Rle_0_sqr _)"
        return None

    def _apart(self, term: Term, parts: list[tuple[str | None, str | None, str | None]]) -> str | None:
        op = term.op
        if op == "number":
            return nonzero_number(term.value) if term.value else None
        if op == "sub":
            return self._difference(term)
        if not parts or not parts[0][2]:
            return None
        if op == "neg":
            return f"(Ropp_neq_0_compat _ {parts[0][2]})"
        if op == "inv":
            return f"(Rinv_neq_0_compat _ {parts[0][2]})"
        if op == "pow":
            return f"(pow_nonzero _ {term.exponent} {parts[0][2]})"
        if op in ("mul", "div") and parts[1][2]:
            second = parts[1][2] if op == "mul" else f"(Rinv_neq_0_compat _ {parts[1][2]})"
            return f"(Rmult_integral_contrapositive_currified _ _ {parts[0][2]} {second})"
        return None

    def _difference(self, term: Term) -> str | None:
        left, right = term.args
        known = self.holds("<>", left, right)
        return f"(Rminus_eq_contra _ _ {known})" if known else None
