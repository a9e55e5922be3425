"""The certificates of a cluster: one folder, the same on every machine that takes part.

Who has the folder belongs to the cluster, and may run programs on it; nobody else can connect.
The key of the authority that signs is thrown away: nobody can make more certificates of it.
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_config_path

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.address import Address
from napari_hyperseg.survey.replacing import replacing_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, KeyUsage
    from distributed import Security

AUTHORITY, CERTIFICATE, KEY = "authority.pem", "cluster.pem", "cluster-key.pem"
FILES = (AUTHORITY, CERTIFICATE, KEY)
VALID_DAYS = 1096  # three years
_LATE_CLOCKS = datetime.timedelta(hours=1)


def usual_folder() -> Path:
    """Where certificates are, if the user does not say."""
    return user_config_path("napari-hyperseg", appauthor=False) / "cluster"


def make_certificates(folder: Path) -> None:
    """Make an authority, and a certificate and key that it signed.

    Parameters
    ----------
    folder : Path
        Made, too; only its owner can read it.

    Raises
    ------
    JobError
        If it exists, or cannot be written.
    """
    if folder.exists():
        raise JobError(
            f"{folder} exists already: its certificates are not replaced, others may use them. "
            "Remove the folder, or name another one."
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with replacing_folder(folder) as beside:
            beside.chmod(0o700)
            for name, content in _made().items():
                _write_privately(beside / name, content)
    except OSError as error:
        raise JobError(f"{folder}: cannot be written: {error.strerror}.") from error


def security_for(address: Address, folder: Path | None, *, clear: bool) -> Security:
    """How to talk to a scheduler, or to listen there.

    Parameters
    ----------
    address : Address
    folder : Path or None
        Of the certificates; None: the usual one.
    clear : bool
        Whether the user wants to talk to other machines in the clear.

    Raises
    ------
    JobError
        If it would be in the clear unasked, or certificates are missing or no good.
    """
    from distributed import Security

    address.check(clear=clear)
    if not address.secure:
        return Security(require_encryption=False)
    folder = usual_folder() if folder is None else folder
    authority, certificate, key = (str(_existing(folder / name)) for name in FILES)
    security = Security(
        require_encryption=True,
        tls_ca_file=authority,
        **{f"tls_{role}_cert": certificate for role in _ROLES},
        **{f"tls_{role}_key": key for role in _ROLES},
    )
    try:
        security.get_connection_args("client")
    except OSError as error:  # ssl.SSLError is one
        raise JobError(
            f"{folder}: the certificates cannot be used ({error}). Copy the folder of the "
            "scheduler's machine again."
        ) from error
    return security


_ROLES = ("client", "scheduler", "worker")


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise JobError(
            f"{path} is missing, which TLS needs. Make certificates with 'hyperseg "
            "certificates', once, and copy their folder to every machine of the cluster."
        )
    return path


def _made() -> dict[str, bytes]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    signing, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate("hyperseg authority", signing, None, signing)
    certificate = _certificate("hyperseg cluster", own, authority, signing)
    pem = serialization.Encoding.PEM
    return {
        AUTHORITY: authority.public_bytes(pem),
        CERTIFICATE: certificate.public_bytes(pem),
        KEY: own.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    }


def _certificate(
    name: str,
    key: EllipticCurvePrivateKey,
    authority: Certificate | None,
    signing: EllipticCurvePrivateKey,
) -> Certificate:
    """Make the certificate of a key; without an authority, it is one (RFC 5280)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(tz=datetime.UTC)
    public, signer = key.public_key(), signing.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if authority is None else authority.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LATE_CLOCKS)
        .not_valid_after(now + datetime.timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
        .add_extension(_key_usage(signs=authority is None), critical=True)
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
    )
    if authority is not None:
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        names = x509.SubjectAlternativeName([x509.DNSName("hyperseg-cluster")])
        builder = builder.add_extension(x509.ExtendedKeyUsage(both), critical=False)
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signing, hashes.SHA256())


def _key_usage(*, signs: bool) -> KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write_privately(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
