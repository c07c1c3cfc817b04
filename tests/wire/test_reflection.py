"""Reflection, from which tools learn the contract and the types of error details."""

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from secantd.settings import Settings


def test_reflection_can_be_switched_off(start):
    ask = reflection_pb2.ServerReflectionRequest(list_services="")
    for reflected in (True, False):
        settings = Settings(listen="127.0.0.1:0", pool=0, reflection=reflected)
        with start(settings) as server, grpc.insecure_channel(server.address) as channel:
            stub = reflection_pb2_grpc.ServerReflectionStub(channel)
            replies = stub.ServerReflectionInfo(iter([ask]), timeout=5)
            if reflected:
                names = [s.name for s in next(replies).list_services_response.service]
                assert "secant.v1.CalculusService" in names
            else:
                with pytest.raises(grpc.RpcError) as caught:
                    next(replies)
                assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


def reflected(channel, version, symbol):
    """The names of the files that one version of reflection returns for a symbol, in order."""
    ask = reflection_pb2.ServerReflectionRequest(file_containing_symbol=symbol)
    method = channel.stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        reflection_pb2.ServerReflectionRequest.SerializeToString,
        reflection_pb2.ServerReflectionResponse.FromString,
    )
    reply = next(method(iter([ask]), timeout=5))
    assert reply.WhichOneof("message_response") == "file_descriptor_response", reply.error_response
    files = [FileDescriptorProto.FromString(each) for each in reply.file_descriptor_response.file_descriptor_proto]
    # A tool builds the types from what it gets.
    types, added = DescriptorPool(), set()
    while waiting := [file for file in files if file.name not in added]:
        file = next(file for file in waiting if added.issuperset(file.dependency))
        types.Add(file)
        added.add(file.name)
    assert types.FindFileContainingSymbol(symbol)
    return [file.name for file in files]


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
def test_reflection_serves_the_service_the_types_of_errors_and_itself(server, version):
    with grpc.insecure_channel(server.address) as channel:
        for symbol, file in (
            ("secant.v1.CalculusService", "secant/v1/calculus_service.proto"),
            ("google.rpc.Status", "google/rpc/status.proto"),
            ("google.rpc.ErrorInfo", "google/rpc/error_details.proto"),
            ("google.rpc.BadRequest", "google/rpc/error_details.proto"),
            ("google.rpc.Code", "google/rpc/code.proto"),
            ("grpc.health.v1.Health", "health/v1/health.proto"),
            (f"grpc.reflection.{version}.ServerReflection", "reflection.proto"),
        ):
            assert reflected(channel, version, symbol)[0].endswith(file)
