"""The contract of design.md as Python: generated, never edited."""
