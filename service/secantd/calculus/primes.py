"""The primes of a whole number."""

__all__ = ["prime_factors"]


def prime_factors(n: int) -> list[tuple[int, int]]:
    """Return the primes of a whole number above 0, each with its exponent, by trial division up to its square root.

    >>> prime_factors(12)
    [(2, 2), (3, 1)]
    """
    found = []
    prime = 2
    while prime * prime <= n:
        count = 0
        while n % prime == 0:
            n //= prime
            count += 1
        if count:
            found.append((prime, count))
        prime += 1
    if n > 1:
        found.append((n, 1))
    return found
