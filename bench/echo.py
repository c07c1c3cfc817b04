"""A gRPC server that computes nothing: Set keeps a reply, Echo returns it whatever it is sent. Run: python -m bench.echo"""

import asyncio
from collections.abc import Awaitable, Callable

import grpc
import uvloop


async def main() -> None:
    """Serve until the process ends."""
    kept = b""

    async def echo(request: bytes, context: object) -> bytes:
        return kept

    async def keep(request: bytes, context: object) -> bytes:
        nonlocal kept
        kept = request
        return b""

    methods: dict[str, Callable[[bytes, object], Awaitable[bytes]]] = {"Echo": echo, "Set": keep}
    size = 64 * 2**20
    server = grpc.aio.server(
        options=[("grpc.max_receive_message_length", size), ("grpc.max_send_message_length", size)]
    )
    handlers = {name: grpc.unary_unary_rpc_method_handler(method) for name, method in methods.items()}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"listening on 127.0.0.1:{port}", flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(main())
