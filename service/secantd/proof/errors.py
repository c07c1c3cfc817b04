"""The error of certificates."""

__all__ = ["NoCertificateError"]


class NoCertificateError(Exception):
    """There is no certificate; the message is the reason, in words for the caller."""
