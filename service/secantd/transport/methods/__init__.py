"""The methods: a file and a row of the table for each."""

from secantd.transport.methods.jobs import AS_JSON, REPLY_AS_JSON, job, method_of
from secantd.transport.methods.table import METHODS, Kind, Rpc, answer, answer_message

__all__ = ["AS_JSON", "METHODS", "REPLY_AS_JSON", "Kind", "Rpc", "answer", "answer_message", "job", "method_of"]
