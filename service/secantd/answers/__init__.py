"""From the fields of a request to a record of the engine: what a server and the command `secant` share.

A request is any object with the fields of the contract's message. Nothing here knows protobuf or gRPC.
"""
