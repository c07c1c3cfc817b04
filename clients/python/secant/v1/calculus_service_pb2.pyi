from secant.v1 import check_pb2 as _check_pb2
from secant.v1 import derivative_pb2 as _derivative_pb2
from secant.v1 import descend_pb2 as _descend_pb2
from secant.v1 import describe_pb2 as _describe_pb2
from secant.v1 import evaluate_pb2 as _evaluate_pb2
from secant.v1 import local_pb2 as _local_pb2
from secant.v1 import plot_pb2 as _plot_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
