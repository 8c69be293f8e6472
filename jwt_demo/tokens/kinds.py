"""What kind of token this is: an access token, or one of those that an API must not take for one (RFC 8725 §3.11).

>>> kind_of({"typ": "dpop+jwt"}, {"htm": "GET", "htu": "https://api.example/"}).name
'a DPoP proof'
>>> kind_of({"typ": "JWT"}, {"sub": "1"}) is None
True
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of token: `use` says who it is for; `needs_exp` and `brings_key` what is normal for it."""

    name: str
    reference: str
    use: str
    is_access: bool = False
    needs_exp: bool = False
    brings_key: bool = False  # a key in its header is part of its definition


ACCESS = Kind(
    "an access token", "RFC 9068 §2.1", "an API accepts it", is_access=True, needs_exp=True
)
ID_TOKEN = Kind(
    "an ID token", "OpenID Connect Core §2",
    "it tells the client who logged in; an API must not accept it", needs_exp=True,
)  # fmt: skip
DPOP = Kind(
    "a DPoP proof", "RFC 9449 §4.2",
    "it is sent beside an access token, once, and proves that the sender has its key", brings_key=True,
)  # fmt: skip
LOGOUT = Kind(
    "a logout token", "OpenID Connect Back-Channel Logout §2.4",
    "the issuer sends it to a client to end a session",
)  # fmt: skip
EVENT = Kind("a security event token", "RFC 8417 §2", "it reports what happened and grants nothing")
REFRESH = Kind(
    "a refresh token", "RFC 6749 §1.5",
    "only its issuer takes it, for a new access token; an API must not accept it",
)  # fmt: skip
ASSERTION = Kind(
    "a client assertion", "RFC 7523 §3",
    "a client proves with it to the issuer who it is; an API must not accept it", needs_exp=True,
)  # fmt: skip
ENTITY = Kind("an entity statement", "OpenID Federation §3", "it describes a member of a federation", needs_exp=True)  # fmt: skip
REQUEST = Kind("a signed authorization request", "RFC 9101 §4", "a client sends it to the issuer")
INTROSPECTION = Kind("an introspection response", "RFC 9701 §5", "the issuer responds with it about another token")  # fmt: skip
KEY_BINDING = Kind("a key binding token", "RFC 9901 §4.3", "it ends an SD-JWT and proves that the sender has its key")  # fmt: skip
SD_JWT = Kind("the signed part of an SD-JWT", "RFC 9901 §4.1", "disclosures follow it, each after a `~`", brings_key=True)  # fmt: skip
CREDENTIAL = Kind("a verifiable credential", "W3C Verifiable Credentials 2.0", "a wallet keeps it and presents it", brings_key=True)  # fmt: skip
PRESENTATION = Kind("a verifiable presentation", "W3C Verifiable Credentials 2.0", "a wallet makes it for one verifier", brings_key=True)  # fmt: skip
STATUS_LIST = Kind("a status list", "Token Status List", "it says which tokens were revoked", brings_key=True)  # fmt: skip
PROOF = Kind("a key proof for a credential", "OpenID4VCI appendix F.1", "a wallet proves with it that it has its key", brings_key=True)  # fmt: skip
ATTESTATION = Kind("an attestation of a client", "draft-ietf-oauth-attestation-based-client-auth", "it proves what a client is", brings_key=True)  # fmt: skip
PASSPORT = Kind("a PASSporT", "RFC 8225 §4", "it says who makes a telephone call", brings_key=True)
TRANSACTION = Kind("a transaction token", "OAuth Transaction Tokens", "services of one company pass it among themselves", needs_exp=True)  # fmt: skip
RESPONSE = Kind("a signed authorization response", "JARM §2.1", "the issuer sends it to a client", needs_exp=True)  # fmt: skip

BY_TYP = {
    "at+jwt": ACCESS,
    "dpop+jwt": DPOP,
    "logout+jwt": LOGOUT,
    "secevent+jwt": EVENT,
    "rt+jwt": REFRESH,
    "refresh+jwt": REFRESH,
    "client-authentication+jwt": ASSERTION,
    "oauth-client-attestation+jwt": ATTESTATION,
    "oauth-client-attestation-pop+jwt": ATTESTATION,
    "wallet-attestation+jwt": ATTESTATION,
    "wia+jwt": ATTESTATION,
    "verifier-attestation+jwt": ATTESTATION,
    "key-attestation+jwt": ATTESTATION,
    "keyattestation+jwt": ATTESTATION,
    "oauth-authz-req+jwt": REQUEST,
    "token-introspection+jwt": INTROSPECTION,
    "entity-statement+jwt": ENTITY,
    "trust-mark+jwt": ENTITY,
    "trust-mark-delegation+jwt": ENTITY,
    "trust-mark-status-response+jwt": ENTITY,
    "resolve-response+jwt": ENTITY,
    "explicit-registration-response+jwt": ENTITY,
    "jwk-set+jwt": ENTITY,
    "kb+jwt": KEY_BINDING,
    "sd-jwt": SD_JWT,
    "dc+sd-jwt": SD_JWT,
    "vc+sd-jwt": SD_JWT,
    "vc+jwt": CREDENTIAL,
    "vc-ld+jwt": CREDENTIAL,
    "vc+ld+jwt": CREDENTIAL,
    "vc+ld+json+jwt": CREDENTIAL,
    "vp+jwt": PRESENTATION,
    "vp+ld+jwt": PRESENTATION,
    "vp+ld+json+jwt": PRESENTATION,
    "statuslist+jwt": STATUS_LIST,
    "openid4vci-proof+jwt": PROOF,
    "passport": PASSPORT,
    "txntoken+jwt": TRANSACTION,
    "txn_token": TRANSACTION,
    "oauth-id-jag+jwt": ASSERTION,
    "id": ID_TOKEN,  # as Keycloak writes it, in the claims
    "id+jwt": ID_TOKEN,
    "refresh": REFRESH,
    "offline": REFRESH,
    "logout": LOGOUT,
}
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def kind_of(header: dict[str, Any], claims: dict[str, Any] | None) -> Kind | None:
    """By `typ`, else by claims that only one kind has; None for a token that may be an access token."""
    claims = claims or {}
    for typ in (header.get("typ"), claims.get("typ")):
        if isinstance(typ, str) and (kind := BY_TYP.get(media_type(typ))):
            return kind
    if isinstance(claims.get("events"), dict):
        return LOGOUT if LOGOUT_EVENT in claims["events"] else EVENT
    if "htm" in claims and "htu" in claims:
        return DPOP
    if isinstance(claims.get("_sd"), list) or "_sd_alg" in claims:
        return SD_JWT
    if "sd_hash" in claims:
        return KEY_BINDING
    if "authority_hints" in claims or "metadata" in claims and "jwks" in claims:
        return ENTITY
    if isinstance(claims.get("vc"), dict):
        return CREDENTIAL
    if isinstance(claims.get("vp"), dict):
        return PRESENTATION
    if isinstance(claims.get("token_introspection"), dict):
        return INTROSPECTION
    if "response_type" in claims and "client_id" in claims:
        return REQUEST
    if "scope" not in claims and (
        {"at_hash", "c_hash"} & claims.keys() or {"nonce", "sub", "aud"} <= claims.keys()
    ):
        return ID_TOKEN
    if "code" in claims and "state" in claims or {"state", "iss", "aud"} <= claims.keys():
        return RESPONSE
    if (
        "aud" in claims
        and "sub" in claims
        and claims.get("iss") == claims["sub"]
        and "jti" in claims
    ):
        return ASSERTION
    return None


def media_type(typ: object) -> str:
    """`typ` in one spelling: `application/` may be left out, case does not count (RFC 7515 §4.1.9).

    >>> media_type("application/AT+JWT")
    'at+jwt'
    """
    return typ.lower().removeprefix("application/") if isinstance(typ, str) else ""
