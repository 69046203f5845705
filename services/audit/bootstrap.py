"""Composition root of the audit: the only place where its parts meet."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509 import Certificate, load_pem_x509_certificates

from services.audit.application import Audit
from services.audit.application.anchoring import Anchoring
from services.audit.application.books import Book
from services.audit.application.packing import Packing
from services.audit.application.packs import PACK, PackHandler, Packs
from services.audit.application.published import PublishedFiles
from services.audit.application.rounds import Rounds
from services.audit.application.stamping import Stamping, over_http
from services.audit.application.verifying import Verifying
from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from services.audit.domain.signing import KEYS, KeyChain, SigningKeys
from services.audit.projections import audit_projection
from services.audit.publishing import publish
from services.audit.queries import Queries
from shared.eventstore.transparency.mongodb import MongoTiles
from shared.eventstore.transparency.note import NoteRefused, Signer, VerifierKey
from shared.eventstore.transparency.stored import StoredLedger
from shared.eventstore.transparency.succession import succeed
from shared.eventstore.vault import secret_from_base64
from shared.kernel.errors import Rejected
from shared.messaging.publication import Publication
from shared.runtime.answering import Answering
from shared.runtime.clock import legal_now
from shared.runtime.entrypoints import SERVICES, discover
from shared.runtime.follow import Follower, Loop
from shared.runtime.ground import Ground
from shared.runtime.history import History
from shared.runtime.jobs import Jobs
from shared.runtime.settings import ServiceSettings, Unconfigured
from shared.runtime.views import Positions

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Composition(Answering[Audit, Queries]):
    """What the calls of the audit are answered with."""

    anchoring: Anchoring
    packs: Packs


def compose(settings: ServiceSettings, now: Now = legal_now) -> Composition:
    ground, key = Ground(settings), signing_key(settings)
    audit = Audit(ground.ledger, index=ground.index, now=now)
    return Composition(
        application=audit,
        queries=Queries(
            ground.views,
            [StoredLedger(name, ground.ledger_of(name)) for name in discover()],
            lambda ledger: str(Signer(f"{settings.log_origin}/{ledger}", key).verifier),
        ),
        publication=Publication.of(audit, publish),
        positions=Positions(ground.views),
        ready=ground.ready,
        close=lambda: _close(audit, ground),
        anchoring=Anchoring(_witnesses(settings)),
        packs=Packs(Jobs(ground.views), frozenset(discover())),
    )


def follower(
    settings: ServiceSettings, now: Now = legal_now, ledgers: Sequence[str] | None = None
) -> Follower:
    ground, key = Ground(settings), signing_key(settings)
    audit = Audit(ground.ledger, index=ground.index, now=now)
    followed = books(ground, ledgers or discover())

    def pack() -> Packing:
        chain = audit.signing_keys(settings.log_origin, key)
        if chain is None:
            raise Rejected("audit.key_not_present")
        return packing(ground, [book.ledger for book in followed], chain, key)

    rounds = Rounds(
        audit,
        followed,
        key,
        settings.log_origin,
        PublishedFiles(settings.checkpoints_folder),
    )
    return Follower(
        history=History.of(audit),
        views=ground.views,
        projections=[audit_projection(audit.as_of)],
        publication=Publication.of(audit, publish),
        jobs={PACK: PackHandler(pack, ground.files)},
        loops=[
            Loop("checkpoints", rounds.run, details=rounds.details),
            *_stamping(audit, settings),
        ],
        close=lambda: _close(audit, ground),
    )


@dataclass(frozen=True)
class Tools:
    """What the commands of an auditor stand on; close it in the end."""

    ground: Ground
    audit: Audit
    books: Sequence[Book]
    key: Ed25519PrivateKey
    origin: str
    files: PublishedFiles
    authorities: Sequence[Certificate]

    @classmethod
    def of(cls, settings: ServiceSettings, ledgers: Sequence[str] | None = None) -> Self:
        """Raises `Unconfigured`, also for a folder of checkpoints whose files are not signed."""
        ground = Ground(settings)
        return cls(
            ground,
            Audit(ground.ledger, index=ground.index, now=legal_now),
            books(ground, ledgers or discover()),
            signing_key(settings),
            settings.log_origin,
            PublishedFiles(settings.checkpoints_folder),
            authorities(settings),
        )

    @property
    def chain(self) -> KeyChain:
        """Raises `Unconfigured` for a key that may not sign."""
        chain = self.audit.signing_keys(self.origin, self.key)
        if chain is None:
            raise Unconfigured("AUDIT_SIGNING_KEY: not the key that the one before it named")
        return chain

    @property
    def packing(self) -> Packing:
        return packing(self.ground, self.ledgers, self.chain, self.key)

    @property
    def ledgers(self) -> list[StoredLedger]:
        return [book.ledger for book in self.books]

    def verifying(self, progress: Callable[[str, int], None]) -> Verifying:
        names = [each.name for each in self.ledgers]
        chain = self.chain
        try:
            files = {name: self.files.read(name, chain.keys(name)) for name in names}
        except NoteRefused as refusal:
            raise Unconfigured(f"AUDIT_CHECKPOINTS_FOLDER: {refusal}") from None
        return Verifying(
            ledgers=self.ledgers,
            own=Audit.name,
            tiles=lambda name: MongoTiles(self.ground.views, name),
            keys=chain,
            published={name: found for name, found in files.items() if found},
            progress=progress,
            authorities=self.authorities,
        )

    def rebuilt(self, ledger: str) -> int:
        """Make the tiles of a log anew; its size. Raises `Unsound`, `Unconfigured`."""
        book = next((each for each in self.books if each.name == ledger), None)
        if book is None:
            raise Unconfigured(f"there is no ledger {ledger}")
        recorded = self.audit.log_of(ledger)
        book.rebuilt(recorded.size, recorded.root)
        return recorded.size

    def rotate(self, new: Ed25519PrivateKey) -> None:
        """Have the present key name the next one, which signs from the next start on."""
        keys = self.audit.find(SigningKeys, KEYS) or SigningKeys()
        note = succeed(self.chain.origin, self.key, new.public_key())
        keys.succeed(note, self.audit.today())
        self.audit.record_own("rotate_key", [keys])

    def latest(self) -> str | None:
        """The checkpoint of the own log."""
        size = self.audit.log_of(Audit.name).size
        found = self.audit.find(SignedCheckpoint, checkpoint_id(Audit.name, size))
        return bytes(found.note).decode() if found else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _close(self.audit, self.ground)


def books(ground: Ground, ledgers: Sequence[str]) -> list[Book]:
    return [
        Book(StoredLedger(name, ground.ledger_of(name)), MongoTiles(ground.views, name))
        for name in ledgers
    ]


def packing(
    ground: Ground, ledgers: Sequence[StoredLedger], chain: KeyChain, key: Ed25519PrivateKey
) -> Packing:
    return Packing(
        ledgers={each.name: each for each in ledgers},
        keys=chain,
        sign=lambda text: bytes(Signer(f"{chain.origin}/pack", key).sign(text)),
        dataset=lambda file_id: ground.files.open(file_id).chunks(),
        rules=SERVICES,
        schemas=SERVICES.parent / "shared" / "contracts" / "schemas",
    )


def signing_key(settings: ServiceSettings) -> Ed25519PrivateKey:
    if settings.signing_key is None:
        raise Unconfigured("the audit signs, and has no SIGNING_KEY")
    return Ed25519PrivateKey.from_private_bytes(secret_from_base64(settings.signing_key))


def _stamping(audit: Audit, settings: ServiceSettings) -> Iterator[Loop]:
    """Off unless an authority is named."""
    if settings.timestamp_url is not None:
        ask = over_http(settings.timestamp_url)
        stamping = Stamping(audit, ask, authorities(settings), settings.timestamp_seconds)
        yield Loop("timestamps", stamping.run, details=stamping.details)


def authorities(settings: ServiceSettings) -> list[Certificate]:
    """Whom time stamps are believed from. Raises `Unconfigured`."""
    if settings.timestamp_roots is None:
        if settings.timestamp_url is not None:
            raise Unconfigured("AUDIT_TIMESTAMP_ROOTS: is missing")
        return []
    try:
        return load_pem_x509_certificates(settings.timestamp_roots.read_bytes())
    except (OSError, ValueError):
        raise Unconfigured("AUDIT_TIMESTAMP_ROOTS: no certificates can be read there") from None


def _witnesses(settings: ServiceSettings) -> list[VerifierKey]:
    try:
        return [VerifierKey.parse(text) for text in settings.witnesses.split()]
    except NoteRefused as refusal:
        raise Unconfigured(f"AUDIT_WITNESSES: {refusal}") from None


def _close(audit: Audit, ground: Ground) -> None:
    audit.close()
    ground.close()
