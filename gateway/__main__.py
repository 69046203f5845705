"""`python -m gateway`: serve the HTTP API until SIGTERM or SIGINT."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from prometheus_client import REGISTRY

from gateway.app import create_app
from gateway.endpoints import Parts
from gateway.files import Files
from gateway.limits import Limit, Limits
from gateway.rpc import RpcClient
from shared.runtime.authority import KeySet, TokenVerifier
from shared.runtime.files import FileStore
from shared.runtime.health import Health
from shared.runtime.logging import configure_logging
from shared.runtime.settings import GatewaySettings, ProcessSettings, Unconfigured
from shared.runtime.telemetry import configure_tracing

CALL_SECONDS = 5.0
"""How long a service may take to answer."""
BAD_SETTINGS = 2
"""Exit status when the process cannot start as it is configured."""


def main() -> int:
    try:
        process, own = ProcessSettings.load(), GatewaySettings.load()
        keys = _key_set(process)
    except Unconfigured as error:
        print(f"gateway: cannot start:\n{error}", file=sys.stderr)  # noqa: T201  no logging yet
        return BAD_SETTINGS
    configure_logging(process.log_format, process.log_level)
    configure_tracing("gateway", process.otlp_endpoint)
    verifier = TokenVerifier(process.identity_issuer, process.identity_audience, keys)
    server = uvicorn.Server(server_config(application(own, verifier), own, process.stop_seconds))
    server.run()
    return 0 if server.started else 1


def application(own: GatewaySettings, verifier: TokenVerifier) -> FastAPI:
    """The application on its real parts, which live as long as it is served."""
    rpc = RpcClient(own.amqp_uri, timeout=CALL_SECONDS, registry=REGISTRY)
    store = FileStore.connect(own.files_uri, own.files_master_key)
    health = Health()
    health.check("broker", lambda: None if rpc.ready else "not connected")
    health.check("files", store.check)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await rpc.start()
        yield
        await rpc.stop()
        store.close()

    limits = Limits(
        caller=Limit(own.caller_rate, own.caller_burst),
        address=Limit(own.address_rate, own.address_burst),
    )
    return create_app(Parts(rpc, verifier, Files(store), limits), health, REGISTRY, lifespan)


def server_config(app: FastAPI, own: GatewaySettings, stop_seconds: float) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=own.host,
        port=own.port,
        http="h11",
        ws="none",
        log_config=None,  # ours
        access_log=False,  # would write whole addresses
        server_header=False,
        proxy_headers=bool(own.proxies),
        forwarded_allow_ips=own.proxies,
        timeout_graceful_shutdown=int(stop_seconds),
    )


def _key_set(process: ProcessSettings) -> KeySet:
    keys = KeySet(process.identity_jwks)
    try:
        keys.load()
    except (OSError, ValueError) as error:
        raise Unconfigured(f"IDENTITY_JWKS: {error}") from None
    return keys


if __name__ == "__main__":
    sys.exit(main())
