"""The files that encryption needs, read again when they are renewed."""

import logging
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Certificates", "Papers", "PapersError"]

log = logging.getLogger("secantd")

Stamp = tuple[int, int, int]


class PapersError(Exception):
    """The files cannot be used together; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What the files hold, PEM: the server's key and chain, and who signs for callers (empty: nobody is asked)."""

    key: bytes
    chain: bytes
    authority: bytes


class Certificates:
    """A certificate, its key, and the authority of callers' certificates, "" for none.

    Raises:
        PapersError: They cannot be read, are no PEM, or do not belong together.
    """

    def __init__(self, certificate: str, key: str, authority: str = "") -> None:
        self._certificate, self._key, self._authority = certificate, key, authority
        self._seen = self._stamps()
        self.papers = self._read()

    def renewed(self) -> Papers | None:
        """Return what the files hold if that is new and good; what is not good is logged once and left alone.

        A key is often written before its certificate, or after it: the pair in between is not good either.
        """
        seen = self._stamps()
        if seen == self._seen:
            return None
        self._seen = seen
        try:
            papers = self._read()
        except PapersError as error:
            log.warning("the renewed certificate is not used, the one before stays: %s", error)
            return None
        if self._stamps() != seen:
            # It is being written at this moment: the next look sees the whole.
            self._seen = ()
            return None
        if papers == self.papers:
            return None
        self.papers = papers
        log.info("certificate read again")
        return papers

    def _stamps(self) -> Sequence[Stamp | None]:
        """Return what changes when a file is written or replaced."""
        return [stamp(name) for name in (self._certificate, self._key, self._authority) if name]

    def _read(self) -> Papers:
        key, chain = pem("--tls-key", self._key), pem("--tls-certificate", self._certificate)
        authority = pem("--client-ca", self._authority) if self._authority else b""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            # A key with a password would have OpenSSL ask for it on the terminal.
            context.load_cert_chain(self._certificate, self._key, password="")
        except (ssl.SSLError, OSError) as error:
            said = f"{self._certificate} and {self._key} do not belong together or cannot be used"
            raise PapersError(f"--tls-certificate and --tls-key: {said} ({why(error)})") from None
        try:
            if authority:
                context.load_verify_locations(cadata=authority.decode("ascii"))
        except (ssl.SSLError, ValueError) as error:
            raise PapersError(f"--client-ca: {self._authority} holds no certificate ({error})") from None
        return Papers(key, chain, authority)


def why(error: OSError) -> str:
    """Return OpenSSL's reason in words."""
    reason = getattr(error, "reason", None)
    return reason.replace("_", " ").lower() if reason else str(error)


def stamp(name: str) -> Stamp | None:
    """Return what changes when a file is written or replaced; None where it is not there."""
    try:
        seen = os.stat(name)
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


def pem(flag: str, name: str) -> bytes:
    """Return the bytes of a file that holds PEM."""
    try:
        found = Path(name).read_bytes()
    except OSError as error:
        raise PapersError(f"{flag}: {name} cannot be read: {error}") from None
    if b"-----BEGIN " not in found:
        raise PapersError(f"{flag}: {name} holds no PEM")
    return found
