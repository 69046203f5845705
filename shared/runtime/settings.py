"""Settings: what an operator may decide about a process, read once at its start and then frozen.

Every value comes from an environment variable. What one service alone may know (addresses with
passwords, keys) may instead stand in its settings file `SETTINGS_DIR/NAME.env`, lines `KEY=value`
without the service's prefix; a variable outweighs the file. `docs/configuration.md` is generated
from these classes (`python -m shared.runtime.configuration`).
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.eventstore.vault import secret_from_base64
from shared.runtime.needs import Needs, NeedsUnclear

SETTINGS_DIR = "SETTINGS_DIR"
MISSING = "is missing"


class Unconfigured(Exception):
    """Settings that are missing or wrong: a line for each, by the name of its variable."""


def _key(text: str) -> str:
    secret_from_base64(text)
    return text


def _with_database(uri: str) -> str:
    if not urlsplit(uri).path.strip("/"):
        raise ValueError("names no database as its path")
    return uri


def _file_or_https(source: str) -> str:
    if "://" in source and not source.startswith("https://"):
        raise ValueError("a file or an https:// address is expected")
    return source


AmqpUri = Annotated[str, StringConstraints(pattern=r"^amqps?://"), Field(repr=False)]
_Database = Annotated[
    str, StringConstraints(pattern=r"^mongodb://"), AfterValidator(_with_database)
]
_Secret = Annotated[str, AfterValidator(_key)]
MongoUri = Annotated[_Database, Field(repr=False)]
Key = Annotated[_Secret, Field(repr=False)]
OptionalMongoUri = Annotated[_Database | None, Field(repr=False)]
OptionalKey = Annotated[_Secret | None, Field(repr=False)]
Port = Annotated[int, Field(ge=0, le=65535)]


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then what `_load` read from the settings file."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @classmethod
    def _load(
        cls, prefix: str, file: Path | None, needed: Iterable[str] = (), **given: str
    ) -> Self:
        """`needed` are optional settings that this process cannot do without."""
        from_file = _read(file) if file else {}
        try:
            settings = cls(_env_prefix=prefix, **from_file, **given)  # type: ignore[arg-type]
        except ValidationError as error:
            problems = _problems(error)
        else:
            problems = [
                (name.upper(), MISSING) for name in needed if getattr(settings, name) is None
            ]
            if not problems:
                return settings
        place = f", or in {file} as {{}}" if file else ""
        raise Unconfigured(
            "\n".join(
                f"{prefix}{name}{place.format(name)}: {problem}" for name, problem in problems
            )
        )


class ProcessSettings(_Settings):
    """What every process needs, whichever services it runs."""

    health_host: str = Field("127.0.0.1", description="Interface of the health and metrics page")
    health_port: Port = Field(0, description="Its port; 0 takes a free one")
    log_format: Literal["json", "console"] = Field(
        "json", description="`json` for machines, `console` for people"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe messages that are written"
    )
    identity_issuer: str = Field(
        min_length=1, description="Issuer (`iss`) whose tokens are accepted"
    )
    identity_audience: str = Field(
        min_length=1, description="Audience (`aud`) that tokens must name"
    )
    identity_jwks: Annotated[str, AfterValidator(_file_or_https)] = Field(
        description="Public keys of the issuer (RFC 7517): a file or an `https://` address"
    )
    otlp_endpoint: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = Field(
        None, description="Where traces are sent (OTLP over HTTP); unset: nowhere"
    )
    max_workers: int = Field(
        32, ge=1, le=1000, description="Calls that one service answers at the same time"
    )
    stop_seconds: float = Field(
        20.0, gt=0, description="Time for running work when the process is asked to stop"
    )
    verify_seconds: float = Field(
        86_400.0,
        ge=0,
        description="How often `follow` compares read models with ones made anew; 0: never",
    )

    @classmethod
    def load(cls) -> Self:
        """From the environment. Raises `Unconfigured`."""
        return cls._load("", None)


VAULT = ("vault_uri", "vault_master_key")
LEDGERS = ("ledgers_uri",)
SIGNING = ("signing_key",)
VERIFICATION = ("verification_url",)
FORMS = ("form_url",)
PublicAddress = Annotated[str, StringConstraints(pattern=r"^https?://.+[^/]$")]


class ServiceSettings(_Settings):
    """What one service alone may know."""

    service: str = Field(exclude=True)
    amqp_uri: AmqpUri = Field(description="The broker, with the service's own user")
    ledger_uri: MongoUri = Field(description="Its ledger; a user who may only find and insert")
    views_uri: MongoUri = Field(description="Its read models, jobs and positions")
    index_key: Key = Field(
        description="Digests of commands and of values that are searched for: base64 of 32 bytes, "
        "never changed"
    )
    files_uri: MongoUri = Field(description="The file store")
    files_master_key: Key = Field(description="Wraps the keys of files: base64 of 32 bytes")
    vault_uri: OptionalMongoUri = Field(
        None, description="The keys of the subjects; required where `needs.toml` says `vault`"
    )
    vault_master_key: OptionalKey = Field(
        None, description="Wraps those keys: base64 of 32 bytes; required with them"
    )
    ledgers_uri: OptionalMongoUri = Field(
        None, description="All ledgers, to read; required where `needs.toml` says `ledgers`"
    )
    signing_key: OptionalKey = Field(
        None,
        description="Signs checkpoints (Ed25519): base64 of 32 bytes; required where `needs.toml` "
        "says `signing`, and nobody else may have it",
    )
    log_origin: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]*$")] = Field(
        "localhost",
        description="Name of this installation before the ledger's in the origin of its checkpoints: "
        "an address without scheme that is its owner's, never changed",
    )
    checkpoints_folder: Path | None = Field(
        None,
        description="Where each latest checkpoint is kept as a file, apart from the database, so that "
        "a restored database is recognised; unset: nowhere",
    )
    witnesses: str = Field(
        "",
        description="Keys of the witnesses whose cosignatures are taken, as `name+id+key`, with spaces "
        "between them; unset: none",
    )
    timestamp_url: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = Field(
        None,
        description="Time-stamping authority (RFC 3161) that stamps checkpoints; unset: none. What "
        "it signs is not secret, so `http://` will do",
    )
    timestamp_roots: Path | None = Field(
        None, description="Certificates that its own must lead to (PEM); required with it"
    )
    timestamp_seconds: float = Field(86_400.0, gt=0, description="From one time stamp to the next")
    verification_url: PublicAddress | None = Field(
        None,
        description="Public address at which a document's code is verified: `URL/CODE`, as printed "
        "on it; required where `needs.toml` says `verification`",
    )
    form_url: PublicAddress | None = Field(
        None,
        description="Public address of web forms: `URL/TOKEN`, as printed on an invitation; required "
        "where `needs.toml` says `forms`",
    )

    @classmethod
    def load(cls, service: str) -> Self:
        """From the environment and the service's settings file. Raises `Unconfigured`."""
        try:
            needs = Needs.of(service)
        except NeedsUnclear as error:
            raise Unconfigured(str(error)) from None
        needed = [
            *(VAULT if needs.vault else ()),
            *(LEDGERS if needs.ledgers else ()),
            *(SIGNING if needs.signing else ()),
            *(VERIFICATION if needs.verification else ()),
            *(FORMS if needs.forms else ()),
        ]
        return cls._load(f"{service.upper()}_", _settings_file(service), needed, service=service)

    @property
    def ledger_database(self) -> str:
        return database_of(self.ledger_uri)

    @property
    def views_database(self) -> str:
        return database_of(self.views_uri)


class GatewaySettings(_Settings):
    """What the gateway alone may know."""

    amqp_uri: AmqpUri = Field(description="The broker, with the gateway's own user")
    files_uri: MongoUri = Field(description="The file store")
    files_master_key: Key = Field(description="Wraps the keys of files: base64 of 32 bytes")
    host: str = Field("127.0.0.1", description="Interface of the HTTP API")
    port: Port = Field(0, description="Its port; 0 takes a free one")
    caller_rate: float = Field(
        100.0, gt=0, description="Requests per second of one caller in the long run"
    )
    caller_burst: int = Field(2000, ge=1, description="Requests of one caller at once")
    address_rate: float = Field(
        20.0, gt=0, description="Requests per second from one address without a valid token"
    )
    address_burst: int = Field(200, ge=1, description="Such requests at once")
    proxies: str = Field(
        "",
        description="Addresses and networks, comma-separated, of the proxies in front, whose "
        "`X-Forwarded-For` names the client's address; unset: nobody's",
    )

    @classmethod
    def load(cls) -> Self:
        """From the environment and the gateway's settings file. Raises `Unconfigured`."""
        return cls._load("GATEWAY_", _settings_file("gateway"))


def database_of(uri: str) -> str:
    """The database that an address names."""
    return urlsplit(uri).path.strip("/")


def _settings_file(name: str) -> Path | None:
    folder = os.environ.get(SETTINGS_DIR)
    return Path(folder, f"{name}.env") if folder else None


def _read(file: Path) -> dict[str, str]:
    try:
        values = dotenv_values(file, interpolate=False)
    except OSError as error:
        raise Unconfigured(f"{file}: {error.strerror}") from None
    return {key.lower(): value for key, value in values.items() if value is not None}


def _problems(error: ValidationError) -> list[tuple[str, str]]:
    return [
        (
            str(problem["loc"][0]).upper(),
            MISSING if problem["type"] == "missing" else _lower(problem["msg"]),
        )
        for problem in error.errors(include_input=False, include_url=False)
    ]


def _lower(message: str) -> str:
    """Pydantic's message as the end of a sentence."""
    text = message.removeprefix("Value error, ").removeprefix("String ")
    return text[:1].lower() + text[1:]
