"""Whether two formulas are equal; the entry point is `judge.judge_equal`.

Nothing is imported here, as in the folder above.
"""
