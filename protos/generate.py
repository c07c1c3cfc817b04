"""Write the Python stubs of protos/secant/v1 below clients/python, or below a folder given as argument.

python protos/generate.py [FOLDER]
"""

import sys
from importlib import resources
from pathlib import Path

from grpc_tools import protoc

HERE = Path(__file__).resolve().parent
HOME = HERE.parent / "clients" / "python"


def generate(folder: Path) -> None:
    """Write *_pb2.py, *_pb2.pyi and the service's *_pb2_grpc.py below `folder`/secant/v1."""
    folder.mkdir(parents=True, exist_ok=True)
    protos = sorted(str(p.relative_to(HERE)) for p in HERE.glob("secant/v1/*.proto"))
    common = ["protoc", f"-I{HERE}", f"-I{resources.files('grpc_tools') / '_proto'}"]
    messages = [*common, f"--python_out={folder}", f"--pyi_out={folder}", *protos]
    stubs = [*common, f"--grpc_python_out={folder}", "secant/v1/calculus_service.proto"]
    for command in (messages, stubs):
        if protoc.main(command):
            raise SystemExit(1)


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME)
