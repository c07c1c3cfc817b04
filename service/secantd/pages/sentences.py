"""The names of rules and the sentences of a page, in each language."""

from collections.abc import Mapping
from typing import Final

from secantd.errors import CalculusError, Reason
from secantd.shown import quoted, series

__all__ = ["LANGUAGES", "NAMES", "SENTENCES", "Words", "language_of"]

LANGUAGES: Final = ("en", "ko")

# Keys are those of the rules; each row has an entry for each of LANGUAGES. Korean as in 고등학교 미적분 textbooks.
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "constant": ("derivative of a constant", "상수함수의 미분법"),
    "variable": ("derivative of the variable", "항등함수의 미분법"),
    "sum": ("sum rule", "합과 차의 미분법"),
    "constant multiple": ("constant multiple rule", "실수배의 미분법"),
    "product": ("product rule", "곱의 미분법"),
    "quotient": ("quotient rule", "몫의 미분법"),
    "reciprocal": ("reciprocal rule", "역수의 미분법"),
    "power": ("power rule", "거듭제곱의 미분법"),
    "exponential": ("exponential rule", "지수함수의 미분법"),
    "logarithm": ("logarithm rule", "로그함수의 미분법"),
    "power and exponential": ("logarithmic differentiation", "로그미분법"),
    "chain": ("chain rule", "합성함수의 미분법 (연쇄법칙)"),
    "chain of several": ("chain rule for several arguments", "다변수 합성함수의 미분법 (연쇄법칙)"),
    "choice": ("case by case", "구간별 미분"),
    "steps": ("constant between jumps", "계단함수: 불연속점 사이에서 상수"),
    "trigonometric": ("derivative of {name}", "삼각함수의 미분법"),
    "inverse trigonometric": ("derivative of {name}", "역삼각함수의 미분법"),
    "hyperbolic": ("derivative of {name}", "쌍곡선함수의 미분법"),
    "root": ("derivative of the square root", "제곱근의 미분법"),
    "absolute": ("derivative of the absolute value", "절댓값의 미분법"),
    "function": ("derivative of {name}", "{name}의 도함수"),
    "reduction": ("entries one by one", "성분별 미분"),
    "definition": ("definition of the derivative", "도함수의 정의"),
    # Vectors and matrices.
    "transpose": ("transpose", "전치행렬의 미분"),
    "inverse": ("inverse matrix", "역행렬의 미분"),
    "linear system": ("linear system", "연립일차방정식의 해의 미분"),
    "determinant": ("determinant", "행렬식의 미분"),
    "logarithm of a determinant": ("logarithm of a determinant", "로그행렬식의 미분"),
    "trace": ("trace", "대각합의 미분"),
    "outer product": ("outer product", "외적의 미분"),
    "inner product": ("inner product", "내적의 미분"),
    "quadratic form": ("quadratic form", "이차형식의 미분"),
    "sum of squares": ("sum of squares", "제곱합의 미분"),
    "sum of entries": ("sum of entries", "성분의 합의 미분"),
    "mean": ("mean", "평균의 미분"),
    "product of entries": ("product of entries", "성분의 곱의 미분"),
    "largest entry": ("largest entry", "최댓값의 미분"),
    "smallest entry": ("smallest entry", "최솟값의 미분"),
    "linear operation": ("linear operation", "선형연산의 미분"),
    "diagonal": ("diagonal", "대각성분의 미분"),
    "diagonal matrix": ("diagonal matrix", "대각행렬의 미분"),
    "Cholesky factor": ("Cholesky factor", "촐레스키 분해의 미분"),
    "recursion": ("recursion", "점화식의 미분"),
    "recurrence": ("recurrence", "점화식의 미분"),
    "cumulative product": ("cumulative product", "누적곱의 미분"),
    "sums of rows": ("sums of rows", "행의 합의 미분"),
    "sums of columns": ("sums of columns", "열의 합의 미분"),
    "largest or smallest of each row": ("largest or smallest of each row", "행별 최댓값·최솟값의 미분"),
    "log-sum-exp": ("log-sum-exp", "log-sum-exp의 미분"),
    "softmax": ("softmax", "소프트맥스의 미분"),
    "gradient": ("gradient", "그래디언트 (기울기 벡터)"),
    "Jacobian": ("Jacobian matrix", "야코비 행렬"),
    "differential": ("differential", "미분(전미분)"),
}  # fmt: skip

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "derivative": ("Derivative with respect to {x}", "{x}에 대한 도함수"),
    "partial": ("Partial derivative with respect to {x}", "{x}에 대한 편도함수"),
    "higher": ("Differentiate once more, with respect to {x}", "{x}에 대하여 한 번 더 미분"),
    "gradient": ("Gradient with respect to {x}", "{x}에 대한 그래디언트 (기울기 벡터)"),
    "by definition": ("Derivative with respect to {x} from its definition", "정의에 의한 {x}에 대한 도함수"),
    "differential": ("Derivative with respect to {x} by differentials", "미분을 이용한 {x}에 대한 도함수"),
    "plan": ("Outline", "풀이의 순서"),
    "answer": ("Answer", "답"),
    "parts": ("with", "여기서"),
    "step": ("step {n}", "{n}단계"),
    "simplify": ("simplify", "정리"),
    "combine": ("expand the numerator", "분자를 전개"),
    "table": ("derivative of the function", "함수의 도함수"),
    "replace": ("replace {x} by {x} + {h}", "{x} 대신 {x} + {h}를 대입"),
    "subtract": ("subtract f({x}); every remaining term contains {h}", "f({x})를 빼면 남은 항은 모두 {h}를 포함"),
    "divide": ("divide by {h}: the difference quotient", "{h}로 나눈 평균변화율"),
    "limit": ("let {h} go to 0", "{h} → 0일 때의 극한"),
    "shortened": (
        "The page shows the first {shown:,} of {all:,} steps.",
        "전체 {all:,}단계 중 처음 {shown:,}단계만 나타내었다.",
    ),
    "long": (
        "Parts of formulas of more than {n:,} characters are shown as “…”.",
        "{n:,}자가 넘는 식의 일부는 “…”로 나타내었다.",
    ),
    "kinks": (
        "Where the inside of an absolute value is 0, or two cases meet, f may have a kink or a jump, and then no derivative.",
        "절댓값 안의 식이 0이거나 두 경우가 만나는 점에서 f는 미분가능하지 않을 수 있다.",
    ),
    "read off": (
        "the change of f is a linear function of the change of {x}: its coefficients are the derivative",
        "f의 변화량은 {x}의 변화량에 대한 일차식이고, 그 계수가 도함수",
    ),
}  # fmt: skip

# The family of a function of the table: its name is that of NAMES.
FAMILIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("sin", "cos", "tan", "sinpi", "cospi", "tanpi"), "trigonometric"),
    **dict.fromkeys(("asin", "acos", "atan", "atan2"), "inverse trigonometric"),
    **dict.fromkeys(("sinh", "cosh", "tanh"), "hyperbolic"),
    **dict.fromkeys(("log", "log_base", "log2", "log10", "log1p"), "logarithm"),
    **dict.fromkeys(("exp", "expm1"), "exponential"),
    "sqrt": "root",
    "abs": "absolute",
}


class Words:
    """The words of one language.

    Args:
        language: One of LANGUAGES.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.place = LANGUAGES.index(language)

    def rule(self, key: str, name: str = "") -> str:
        """Return the name of a rule; `name` is that of a function.

        >>> Words("ko").rule("product"), Words("en").rule("trigonometric", "sin")
        ('곱의 미분법', 'derivative of sin')
        """
        row = NAMES.get(key) or NAMES["function"]
        return row[self.place].format(name=name or key)

    def function(self, op: str, written: str) -> str:
        """Return the name of the rule of a function of the table."""
        return self.rule(FAMILIES.get(op, "function"), written)

    def sentence(self, key: str, **values: object) -> str:
        """Return a sentence."""
        return SENTENCES[key][self.place].format(**values)


def language_of(text: str) -> Words:
    """Return the words of a requested language.

    Args:
        text: "en" or "ko", also with a country: "ko-KR", "ko_KR.UTF-8"; "": English.

    Raises:
        CalculusError: INVALID_VALUE for a language without sentences.
    """
    primary = text.strip().lower().replace("_", "-").partition("-")[0].partition(".")[0]
    language = primary or LANGUAGES[0]
    if language not in LANGUAGES or (text and not primary):
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"derivations are not written in the language {quoted(text)}",
            f"the languages are {series([repr(x) for x in LANGUAGES])}",
            field="language",
        )
    return Words(language)
