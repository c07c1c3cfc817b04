"""Certificates: statements about real numbers with proofs that Coq checks, as text. Printing needs no Coq.

A request goes through `derivatives`: `terms` translates its formulas, `walk` differentiates with a proof, and `equality` proves that
the claim is that derivative.
"""
