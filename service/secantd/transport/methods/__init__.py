"""The methods: a file and a row of the table for each."""

from secantd.transport.methods.table import METHODS, Kind, Rpc, answer, answer_message

__all__ = ["METHODS", "Kind", "Rpc", "answer", "answer_message"]
