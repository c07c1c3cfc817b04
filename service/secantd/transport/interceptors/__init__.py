"""The layers between gRPC and a method: tokens, spans for telemetry, the limits of other services, unregistered methods."""
