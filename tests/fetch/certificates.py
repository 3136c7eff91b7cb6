"""A certificate authority made for one test run, and good and bad certificates by it."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NOW = datetime.datetime.now(datetime.timezone.utc)
_DAY = datetime.timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Certificates:
    """`ca` is the authority's file; `context(kind)` a server's TLS context.

    Kinds: "good" (localhost, 127.0.0.1, good.test), "expired", "wrong-host", "self-signed".
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        authority = (
            x509.CertificateBuilder()
            .subject_name(_name("likewise test authority"))
            .issuer_name(_name("likewise test authority"))
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_NOW - _DAY)
            .not_valid_after(_NOW + 30 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self.ca = folder / "ca.pem"
        self.ca.write_bytes(authority.public_bytes(serialization.Encoding.PEM))

    def context(self, kind: str = "good", alpn: tuple[str, ...] = ("http/1.1",)) -> ssl.SSLContext:
        path = self._folder / f"{kind}.pem"
        if not path.exists():
            path.write_bytes(self._leaf(kind))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        context.set_alpn_protocols(list(alpn))
        return context

    def _leaf(self, kind: str) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName("elsewhere.test")]
        if kind != "wrong-host":
            names = [x509.DNSName("localhost"), x509.DNSName("good.test"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        self_signed = kind == "self-signed"
        end = _NOW - _DAY if kind == "expired" else _NOW + 30 * _DAY
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_name(kind))
            .issuer_name(_name(kind if self_signed else "likewise test authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_NOW - 10 * _DAY)
            .not_valid_after(end)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(key if self_signed else self._key, hashes.SHA256())
        )
        return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
