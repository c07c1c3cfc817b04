"""The files for TLS, read again when they change."""

import logging
import ssl
import time
from dataclasses import dataclass
from pathlib import Path

from secantd.filewatch import FileWatch

__all__ = ["Certificates", "TlsFiles", "TlsFilesError"]

log = logging.getLogger("secantd")

# X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL. Other errors depend on what a caller trusts.
OUT_OF_DATE = (9, 10)


class TlsFilesError(Exception):
    """The files cannot be used together; the message gives the file and the reason."""


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """The contents of the files (PEM): the server's key and chain, and the CA certificates for callers (empty: TLS is not mutual)."""

    key: bytes
    chain: bytes
    authority: bytes


class Certificates:
    """The server's certificate and key, and the CA certificates for callers.

    Args:
        certificate: File of the certificate chain.
        key: File of its private key.
        authority: File of the CA certificates that sign callers' certificates; "" if TLS is not mutual.

    Raises:
        TlsFilesError: A file cannot be read or is not PEM, or the key does not match the certificate.
    """

    def __init__(self, certificate: str, key: str, authority: str = "") -> None:
        self._certificate, self._key, self._authority = certificate, key, authority
        self._watch = FileWatch([name for name in (certificate, key, authority) if name])
        self.files = self._read()

    def renewed(self) -> TlsFiles | None:
        """Return the contents if the files have changed and can be used; otherwise None, and an unusable file is logged once.

        A key is often written before or after its certificate: the pair in between does not match and is not used.
        """
        if not self._watch.changed():
            return None
        try:
            files = self._read()
            if (problem := self.out_of_date()) is not None:
                raise TlsFilesError(problem)
        except TlsFilesError as error:
            log.warning("the changed certificate is not used, the previous one stays: %s", error)
            return None
        except OSError:
            # A file changed after it was read. The errors of ssl are OSErrors too.
            self._watch.again()
            return None
        if not self._watch.unchanged():
            # The files are being written; the next call reads them again.
            return None
        if files == self.files:
            return None
        self.files = files
        log.info("the certificate was reloaded")
        return files

    def out_of_date(self) -> str | None:
        """Return why every handshake would fail because a certificate has expired or is not valid yet; None if none would."""
        problem = refused(self._certificate, self._key)
        if problem is not None:
            return f"{self._certificate}: {problem}"
        if self._authority:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(self._authority)
            ends = [ssl.cert_time_to_seconds(str(each["notAfter"])) for each in context.get_ca_certs()]
            if ends and max(ends) < time.time():
                return f"{self._authority}: certificate has expired"
        return None

    def _read(self) -> TlsFiles:
        key, chain = pem("--tls-key", self._key), pem("--tls-certificate", self._certificate)
        authority = pem("--client-ca", self._authority) if self._authority else b""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            # Without a password argument OpenSSL would prompt for one on the terminal.
            context.load_cert_chain(self._certificate, self._key, password="")
        except (ssl.SSLError, OSError) as error:
            problem = f"{self._certificate} and {self._key} do not belong together or cannot be used"
            raise TlsFilesError(f"--tls-certificate and --tls-key: {problem} ({openssl_reason(error)})") from None
        try:
            if authority:
                context.load_verify_locations(cadata=authority.decode("ascii"))
        except (ssl.SSLError, ValueError) as error:
            raise TlsFilesError(f"--client-ca: {self._authority} holds no certificate ({error})") from None
        return TlsFiles(key, chain, authority)


def refused(certificate: str, key: str) -> str | None:
    """Return why a caller that trusts a certificate rejects it, such as "certificate has expired"; None if it accepts it.

    Python's ssl checks a certificate's dates only in a handshake, so this makes one in memory.
    """
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key, password="")
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client.load_verify_locations(certificate)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    caller, callee = client.wrap_bio(back, there), server.wrap_bio(there, back, server_side=True)
    for side in (caller, callee, caller):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError as error:
            return error.verify_message if error.verify_code in OUT_OF_DATE else None
    return None


def openssl_reason(error: OSError) -> str:
    """Return OpenSSL's reason as text."""
    reason = getattr(error, "reason", None)
    return reason.replace("_", " ").lower() if reason else str(error)


def pem(flag: str, name: str) -> bytes:
    """Return the bytes of a file that holds PEM."""
    try:
        found = Path(name).read_bytes()
    except OSError as error:
        raise TlsFilesError(f"{flag}: {name} cannot be read: {error}") from None
    if b"-----BEGIN " not in found:
        raise TlsFilesError(f"{flag}: {name} holds no PEM")
    return found
