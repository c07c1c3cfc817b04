"""Calls that are encrypted: by whom, for whom, and with certificates that are renewed while the server runs."""

import os
import shutil
import subprocess
import time

import grpc
import pytest
from secant.v1 import describe_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub
from secantd import server as server_module
from secantd.certificates import Certificates, TlsFilesError
from secantd.settings import Settings

from .waiting import wait_until

ASK = describe_pb2.DescribeRequest()


@pytest.fixture(scope="module")
def tls_files(issue):
    """Those of an authority."""
    return issue("first")


@pytest.fixture(scope="module")
def others(issue):
    """Those of another authority."""
    return issue("second")


def settings(folder, *, mutual):
    authority = {"client_ca": str(folder / "ca.pem")} if mutual else {}
    pair = {"tls_certificate": str(folder / "server.pem"), "tls_key": str(folder / "server.key")}
    return Settings(listen="127.0.0.1:0", pool=0, **pair, **authority)


def secure(tls_files, address, *, client):
    """A channel of its own that trusts the authority of `tls_files`, and shows the client's certificate or none."""
    read = {name: (tls_files / name).read_bytes() for name in os.listdir(tls_files)}
    pair = (read["client.key"], read["client.pem"]) if client else (None, None)
    own = [("grpc.use_local_subchannel_pool", 1)]
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(read["ca.pem"], *pair), own)


def code(ended, tls_files, address, *, client=False):
    """How a call ends on a connection of its own."""
    with secure(tls_files, address, client=client) as channel:
        return ended(CalculusServiceStub(channel).Describe, ASK, timeout=10)[0]


@pytest.mark.parametrize("mutual", [False, True])
def test_calls_are_encrypted(tls_files, start, ended, mutual):
    with start(settings(tls_files, mutual=mutual)) as server:
        assert code(ended, tls_files, server.address, client=mutual) == "OK"


def test_callers_without_a_certificate_or_without_tls_are_rejected(tls_files, others, start, ended):
    with start(settings(tls_files, mutual=True)) as server:
        assert code(ended, tls_files, server.address) == "UNAVAILABLE"
        with grpc.insecure_channel(server.address) as channel:
            assert ended(CalculusServiceStub(channel).Describe, ASK, timeout=10)[0] == "UNAVAILABLE"


@pytest.mark.parametrize("mutual", [False, True])
def test_the_health_check_knows_the_servers_own_certificate(tls_files, start, mutual):
    from secantd import health

    with start(settings(tls_files, mutual=mutual)) as server:
        files = {"TLS_CERTIFICATE": "server.pem", "TLS_KEY": "server.key"} | ({"CLIENT_CA": "ca.pem"} if mutual else {})
        environment = {f"SECANT_{name}": str(tls_files / file) for name, file in files.items()}
        assert health.main([server.address], environment) == 0
        assert health.main([server.address], {}) == 1


def test_the_health_check_says_which_address_it_asks_by_default_and_refuses_what_is_none(capsys):
    from secantd import health

    with pytest.raises(SystemExit, match=r"^0$"):
        health.main(["--help"], {"SECANT_LISTEN": "127.0.0.1:4711"})
    assert "default: 127.0.0.1:4711" in capsys.readouterr().out
    with pytest.raises(SystemExit, match=r"^2$"):
        health.main(["--hlp"], {})
    assert "--hlp" in capsys.readouterr().err


@pytest.fixture
def folder(tls_files, tmp_path, monkeypatch):
    """A folder of the server's own with the first TLS files; it is read again after a short delay."""
    monkeypatch.setattr(server_module, "SECONDS_BETWEEN_LOOKS", 0.02)
    return renew(tmp_path, tls_files)


def renew(folder, tls_files):
    """Replace certificate, key and authority as tools do that renew them: each by a rename."""
    for name in ("server.pem", "server.key", "ca.pem"):
        shutil.copy(tls_files / name, folder / "new")
        os.replace(folder / "new", folder / name)
    return folder


@pytest.mark.parametrize("mutual", [False, True])
def test_a_renewed_certificate_is_used_without_a_restart(folder, tls_files, others, start, ended, mutual):
    with start(settings(folder, mutual=mutual)) as server, secure(tls_files, server.address, client=mutual) as old:
        calculus = CalculusServiceStub(old)
        assert ended(calculus.Describe, ASK, timeout=10)[0] == "OK"
        renew(folder, others)
        wait_until(lambda: code(ended, others, server.address, client=mutual) == "OK")
        # Whoever trusts only the old authority, or shows a certificate of it, is a stranger now.
        assert code(ended, tls_files, server.address, client=mutual) == "UNAVAILABLE"
        # An open connection stays open.
        assert ended(calculus.Describe, ASK, timeout=10)[0] == "OK"


def test_with_a_renewed_authority_callers_of_the_old_one_are_strangers(folder, tls_files, others, start, ended):
    with start(settings(folder, mutual=True)) as server:
        shutil.copy(others / "ca.pem", folder / "ca.pem")

        def mixed():
            # The server's certificate is the old one still, the caller's is of the new authority.
            pair = (others / "client.key").read_bytes(), (others / "client.pem").read_bytes()
            trusted = grpc.ssl_channel_credentials((tls_files / "ca.pem").read_bytes(), *pair)
            with grpc.secure_channel(server.address, trusted, [("grpc.use_local_subchannel_pool", 1)]) as channel:
                return ended(CalculusServiceStub(channel).Describe, ASK, timeout=10)[0]

        wait_until(lambda: mixed() == "OK")
        assert code(ended, tls_files, server.address, client=True) == "UNAVAILABLE"


BROKEN = {
    "half a certificate": ("server.pem", lambda own, other: own[: len(own) // 2], "cannot be used"),
    "another's key": ("server.key", lambda own, other: other, "do not belong together"),
    "no PEM": ("server.pem", lambda own, other: b"hello", "holds no PEM"),
    "an authority that is none": ("ca.pem", lambda own, other: own[:60], "holds no certificate"),
    "no file": ("server.key", lambda own, other: None, "cannot be read"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_used_is_logged_once_and_the_old_certificate_stays(
    folder, tls_files, others, start, ended, caplog, case
):
    name, broken, expected = BROKEN[case]
    content = broken((tls_files / name).read_bytes(), (others / name).read_bytes())
    warnings = lambda: [r.getMessage() for r in caplog.records if "the previous one stays" in r.getMessage()]  # noqa: E731
    with caplog.at_level("WARNING", "secantd"), start(settings(folder, mutual=True)) as server:
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(content)
        wait_until(warnings)
        time.sleep(0.2)
        assert code(ended, tls_files, server.address, client=True) == "OK"
        assert len(warnings()) == 1 or case.startswith("half"), warnings()
        assert expected in warnings()[-1]
        # Mended, it is used.
        renew(folder, others)
        wait_until(lambda: code(ended, others, server.address, client=True) == "OK")


def test_a_key_that_wants_a_password_is_refused_and_nobody_is_asked(tls_files, tmp_path):
    words = [
        "openssl",
        "ec",
        "-in",
        tls_files / "server.key",
        "-aes256",
        "-passout",
        "pass:secret",
        "-out",
        tmp_path / "k",
    ]
    subprocess.run(words, check=True, capture_output=True)
    with pytest.raises(TlsFilesError, match="cannot be used"):
        Certificates(str(tls_files / "server.pem"), str(tmp_path / "k"))


@pytest.fixture(scope="module")
def expired(issue):
    """Those of an authority whose certificates for others ended yesterday."""
    return issue("third", days=-1)


def test_an_expired_certificate_of_the_server_is_logged_and_callers_get_the_reason(expired, start, ended, caplog):
    with start(settings(expired, mutual=False)) as server, secure(expired, server.address, client=False) as channel:
        found, message = ended(CalculusServiceStub(channel).Describe, ASK, timeout=10)
    assert found == "UNAVAILABLE"
    assert "certificate has expired" in message
    assert caplog.messages == [
        f"no encrypted connection will succeed: {expired / 'server.pem'}: certificate has expired"
    ]


def test_a_caller_whose_certificate_has_expired_is_refused(tls_files, expired, start, ended, tmp_path, caplog):
    # The server vouches for the authority of the expired certificate.
    for name in os.listdir(tls_files):
        shutil.copy(tls_files / name, tmp_path / name)
    shutil.copy(expired / "ca.pem", tmp_path / "ca.pem")
    with start(settings(tmp_path, mutual=True)) as server:
        shutil.copy(tls_files / "ca.pem", tmp_path / "ca.pem")
        for name in ("client.pem", "client.key"):
            shutil.copy(expired / name, tmp_path / name)
        assert code(ended, tmp_path, server.address, client=True) == "UNAVAILABLE"
    assert caplog.messages == []


def test_a_renewed_certificate_that_has_expired_is_not_used(folder, tls_files, expired, start, ended, caplog):
    with start(settings(folder, mutual=False)) as server:
        renew(folder, expired)
        wait_until(lambda: len(caplog.messages) == 1)
        assert code(ended, tls_files, server.address) == "OK"
    assert "the previous one stays" in caplog.messages[0]
    assert "certificate has expired" in caplog.messages[0]
