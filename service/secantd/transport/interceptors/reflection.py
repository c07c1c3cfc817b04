"""gRPC reflection, v1 and v1alpha, with the types of errors: tools such as grpcurl show details only of types that they know."""

from typing import Any

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection, reflection_pb2, reflection_pb2_grpc

from secantd.transport.messages.contract import SERVICE

__all__ = ["add_reflection"]

# The messages of both versions are the same but for the name of their package (grpc/reflection/v1/reflection.proto).
ALPHA, STABLE = "grpc.reflection.v1alpha", "grpc.reflection.v1"
SERVICES = (
    SERVICE.full_name,
    health_pb2.DESCRIPTOR.services_by_name["Health"].full_name,
    f"{ALPHA}.ServerReflection",
    f"{STABLE}.ServerReflection",
)


class Types:
    """The types that reflection serves, collected at its first request."""

    def __init__(self) -> None:
        self._pool: DescriptorPool | None = None

    def __getattr__(self, name: str) -> Any:
        """Return a method of the pool, such as FindFileByName."""
        if self._pool is None:
            self._pool = pool()
        return getattr(self._pool, name)


def pool() -> DescriptorPool:
    """Return a pool of the service, what its errors carry (google.rpc), health and reflection."""
    # Imported here: few servers are ever asked.
    from google.rpc import code_pb2, error_details_pb2, status_pb2

    made = DescriptorPool()
    added: set[str] = set()

    def add(file: FileDescriptor) -> None:
        if file.name in added:
            return
        added.add(file.name)
        for each in file.dependencies:
            add(each)
        made.AddSerializedFile(file.serialized_pb)

    modules = (health_pb2, reflection_pb2, status_pb2, error_details_pb2, code_pb2)
    for file in (SERVICE.file, *(module.DESCRIPTOR for module in modules)):
        add(file)
    made.AddSerializedFile(stable().SerializeToString())
    return made


def stable() -> FileDescriptorProto:
    """Return the descriptor of version v1: that of v1alpha with another package."""
    file = FileDescriptorProto.FromString(reflection_pb2.DESCRIPTOR.serialized_pb)
    file.name, file.package = "grpc/reflection/v1/reflection.proto", STABLE
    for message in file.message_type:
        for field in message.field:
            if field.type_name:
                field.type_name = field.type_name.replace(ALPHA, STABLE)
    for method in file.service[0].method:
        method.input_type = method.input_type.replace(ALPHA, STABLE)
        method.output_type = method.output_type.replace(ALPHA, STABLE)
    return file


class Both:
    """What generated code takes for a server: registers a method under both versions of the service."""

    def __init__(self, registration: Any) -> None:
        self._registration = registration

    def add_registered_method_handlers(self, service: str, handlers: dict[str, Any]) -> None:
        """Register the methods of v1alpha for v1, too."""
        for name in (service, service.replace(ALPHA, STABLE)):
            self._registration.add_registered_method_handlers(name, handlers)

    def add_generic_rpc_handlers(self, handlers: Any) -> None:
        """Ignore the handlers, as the registration does."""


def add_reflection(registration: Any) -> None:
    """Serve reflection by a server.

    Args:
        registration: What generated `add_..._to_server` functions take for the server.
    """
    servicer = reflection.aio.ReflectionServicer(SERVICES, pool=Types())
    reflection_pb2_grpc.add_ServerReflectionServicer_to_server(servicer, Both(registration))
