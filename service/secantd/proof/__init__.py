"""Certificates: statements about real numbers with proofs that Coq checks, as text. Printing needs no Coq."""
