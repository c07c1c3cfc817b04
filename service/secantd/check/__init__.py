"""Checking claimed derivatives; the entry point is `judge.judge`.

Nothing is imported here: the server imports `witnesses` when it starts, for Describe, and `judge` with the first check.
"""
