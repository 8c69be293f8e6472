"""Registered names as data: claims, header parameters, algorithms and kinds of token. Nothing here is code.

Typed in from IANA's registries "JSON Web Token Claims" (iana.org/assignments/jwt) and "JSON Object Signing and Encryption"
(iana.org/assignments/jose) and the documents that they name, as of 2025. What was registered later is missing.

A row is: name, JSON type, what it means in a few words, where it is defined. The types are: string, strings (an array of them),
audience (a string or strings), time (seconds since 1970), number, boolean, object, array, any.

>>> CLAIMS["exp"].type, HEADER_PARAMETERS["kid"].reference
('time', 'RFC 7515 §4.1.4')
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Registered:
    """A registered name: the JSON type of its value, its meaning in a sentence, and the section that says so."""

    type: str
    meaning: str
    reference: str


def rows(table: str) -> dict[str, Registered]:
    """A table of lines `name | type | meaning | reference`."""
    found = {}
    for line in table.strip().splitlines():
        name, type_, meaning, reference = (cell.strip() for cell in line.split(" | "))
        found[name] = Registered(type_, meaning, reference)
    return found


HEADER_PARAMETERS = rows("""
alg | string | how the signature is made | RFC 7515 §4.1.1
typ | string | what kind of token this is | RFC 7519 §5.1
cty | string | what the payload is, when it is not claims | RFC 7519 §5.2
kid | string | the id of the key that signed it; the verifier looks it up among its own keys | RFC 7515 §4.1.4
jku | string | an address of keys, set by whoever created the token | RFC 7515 §4.1.2
jwk | object | a key, set by whoever created the token | RFC 7515 §4.1.3
x5u | string | an address of a certificate, set by whoever created the token | RFC 7515 §4.1.5
x5c | strings | a certificate, set by whoever created the token | RFC 7515 §4.1.6
x5t | string | the fingerprint of a certificate (SHA-1) | RFC 7515 §4.1.7
x5t#S256 | string | the fingerprint of a certificate (SHA-256) | RFC 7515 §4.1.8
crit | strings | parameters that must be understood, else the token is rejected | RFC 7515 §4.1.11
enc | string | how the content is encrypted | RFC 7516 §4.1.2
zip | string | how the content is compressed | RFC 7516 §4.1.3
epk | object | the sender's public key, for one message | RFC 7518 §4.6.1.1
apu | string | who sends it, for key agreement | RFC 7518 §4.6.1.2
apv | string | who receives it, for key agreement | RFC 7518 §4.6.1.3
iv | string | the initialization vector of the encrypted key | RFC 7518 §4.7.1.1
tag | string | the authentication tag of the encrypted key | RFC 7518 §4.7.1.2
p2s | string | the salt of a key made from a password | RFC 7518 §4.8.1.1
p2c | number | how many rounds make a key from a password | RFC 7518 §4.8.1.2
iss | string | the issuer, repeated outside of an encrypted token | RFC 7519 §5.3
sub | string | the subject, repeated outside of an encrypted token | RFC 7519 §5.3
aud | audience | the audience, repeated outside of an encrypted token | RFC 7519 §5.3
b64 | boolean | whether the payload is base64url | RFC 7797 §3
nonce | string | a value from the server, against replay (ACME) | RFC 8555 §6.5.2
url | string | the address that the request is for (ACME) | RFC 8555 §6.4.1
ppt | string | the extension of a PASSporT (telephone calls) | RFC 8225 §8.1
svt | strings | evidence that the signature was validated | RFC 9321 §4.2
trust_chain | array | statements that lead to a trust anchor | OpenID Federation §4.3
peer_trust_chain | array | the other party's statements that lead to a trust anchor | OpenID Federation §4.4
iheSSId | string | id of a document submission (health records) | IHE ITI TF-3
ek | string | the encapsulated key (HPKE) | draft-ietf-jose-hpke-encrypt
psk_id | string | which pre-shared key is used (HPKE) | draft-ietf-jose-hpke-encrypt
""")

# In the header of an encrypted token (JWE) these mean something else: nothing is signed there.
OF_ENCRYPTED = rows("""
alg | string | how the recipient gets the key | RFC 7516 §4.1.1
kid | string | the id of the recipient's key | RFC 7516 §4.1.6
""")

CLAIMS = rows("""
iss | string | who issued the token | RFC 7519 §4.1.1
sub | string | the id of the user that the token is about, as a string | RFC 7519 §4.1.2
aud | audience | whom the token is for; others must reject it | RFC 7519 §4.1.3
exp | time | from this moment on the token is rejected | RFC 7519 §4.1.4
nbf | time | before this moment the token is rejected | RFC 7519 §4.1.5
iat | time | when the token was issued | RFC 7519 §4.1.6
jti | string | the token's own id, as a string | RFC 7519 §4.1.7
name | string | the full name of a person | OpenID Connect Core §5.1
given_name | string | the first name or names | OpenID Connect Core §5.1
family_name | string | the last name or names | OpenID Connect Core §5.1
middle_name | string | the middle name or names | OpenID Connect Core §5.1
nickname | string | a casual name | OpenID Connect Core §5.1
preferred_username | string | the name a person wants to be called by; not unique | OpenID Connect Core §5.1
profile | string | the address of a profile page | OpenID Connect Core §5.1
picture | string | the address of a picture | OpenID Connect Core §5.1
website | string | the address of a web page | OpenID Connect Core §5.1
email | string | an e-mail address; not an id, it may change hands | OpenID Connect Core §5.1
email_verified | boolean | whether the e-mail address was verified | OpenID Connect Core §5.1
gender | string | a gender | OpenID Connect Core §5.1
birthdate | string | a birthday, YYYY-MM-DD | OpenID Connect Core §5.1
zoneinfo | string | a time zone | OpenID Connect Core §5.1
locale | string | a language | OpenID Connect Core §5.1
phone_number | string | a telephone number | OpenID Connect Core §5.1
phone_number_verified | boolean | whether the telephone number was verified | OpenID Connect Core §5.1
address | object | a postal address | OpenID Connect Core §5.1.1
updated_at | time | when this data about the person last changed | OpenID Connect Core §5.1
azp | string | the party the ID token was issued to | OpenID Connect Core §2
nonce | string | ties an ID token to the request for it | OpenID Connect Core §2
auth_time | time | when the user last proved who they are | OpenID Connect Core §2
at_hash | string | a hash of the access token that came with it | OpenID Connect Core §3.1.3.6
c_hash | string | a hash of the authorization code that came with it | OpenID Connect Core §3.3.2.11
acr | string | how strongly the user proved who they are | OpenID Connect Core §2
amr | strings | by which methods the user proved who they are | OpenID Connect Core §2
sub_jwk | object | the public key of a self-issued ID token | OpenID Connect Core §7.4
cnf | object | a key the bearer must prove to hold | RFC 7800 §3.1
sip_from_tag | string | a value of a SIP From header | RFC 8055
sip_date | number | a value of a SIP Date header | RFC 8055
sip_callid | string | a value of a SIP Call-ID header | RFC 8055
sip_cseq_num | string | a number of a SIP CSeq header | RFC 8055
sip_via_branch | string | a branch of a SIP Via header | RFC 8055
orig | object | who calls (telephone calls) | RFC 8225 §5.2.1
dest | object | who is called | RFC 8225 §5.2.1
mky | array | keys of the media stream | RFC 8225 §5.2.2
events | object | security events | RFC 8417 §2.2
toe | time | when the event happened | RFC 8417 §2.2
txn | string | an id of the transaction | RFC 8417 §2.2
rph | object | authorization of a call's priority | RFC 8443 §3
sid | string | an id of the session at the issuer | OpenID Connect Front-Channel Logout §3
vot | string | how far an identity may be trusted | RFC 8485
vtm | string | the address of a trust mark | RFC 8485
attest | string | how sure the operator is of the caller | RFC 8588
origid | string | an id of a call's origin | RFC 8588
act | object | who acts for the subject | RFC 8693 §4.1
scope | string | what the token may be used for, names with spaces between | RFC 8693 §4.2
client_id | string | the program that asked for the token | RFC 8693 §4.3
may_act | object | who may act for the subject | RFC 8693 §4.4
jcard | array | a visiting card | RFC 8688
at_use_nbr | number | how many requests an access token is good for | ETSI GS NFV-SEC 022
div | object | where a call was diverted | RFC 8946
opt | string | the original statement about a diverted call | RFC 8946
vc | object | a verifiable credential | W3C Verifiable Credentials Data Model 1.1 §6.3.1
vp | object | a verifiable presentation | W3C Verifiable Credentials Data Model 1.1 §6.3.1
sph | object | the priority of an emergency call | RFC 9027
ace_profile | string | the ACE profile that the token is used with | RFC 9200 §5.10
cnonce | string | a nonce of the client | RFC 9200 §5.10
exi | number | lifetime in seconds, for servers without a clock | RFC 9200 §5.10.3
roles | any | roles of the subject | RFC 9068 §2.2.3.1
groups | any | groups the subject belongs to | RFC 9068 §2.2.3.1
entitlements | any | what the subject is entitled to | RFC 9068 §2.2.3.1
token_introspection | object | a response about another token | RFC 9701 §5
authorization_details | array | what was authorized, in detail | RFC 9396 §9.1
htm | string | the method of the request that this proves the key for | RFC 9449 §4.2
htu | string | the address of the request that this proves the key for | RFC 9449 §4.2
ath | string | a hash of the access token that this proves the key for | RFC 9449 §4.2
atc | object | authority over an identifier (certificates) | RFC 9447
rcd | object | a caller's name and picture | RFC 9795
rcdi | object | hashes of a caller's data | RFC 9795
crn | string | why somebody calls | RFC 9795
msgi | string | a hash of a message | RFC 9475
cdniv | number | the version of a signed address (CDN) | RFC 9246 §2.1.8
cdnicrit | string | claims that a CDN must understand | RFC 9246 §2.1.9
cdniip | string | the address of the client (CDN) | RFC 9246 §2.1.10
cdniuc | string | the address that was signed (CDN) | RFC 9246 §2.1.11
cdniets | number | for how long a renewed token is good (CDN) | RFC 9246 §2.1.12
cdnistt | number | how a renewed token is handed over (CDN) | RFC 9246 §2.1.13
cdnistd | number | how deep a path a renewed token is for (CDN) | RFC 9246 §2.1.14
sig_val_claims | object | what was found when a signature was validated | RFC 9321 §3.2.3
verified_claims | any | claims and how they were verified | OpenID Identity Assurance
place_of_birth | object | where a person was born | OpenID Identity Assurance
nationalities | strings | nationalities of a person | OpenID Identity Assurance
birth_family_name | string | the last name at birth | OpenID Identity Assurance
birth_given_name | string | the first name at birth | OpenID Identity Assurance
birth_middle_name | string | the middle name at birth | OpenID Identity Assurance
salutation | string | how a person is addressed | OpenID Identity Assurance
title | string | a title | OpenID Identity Assurance
msisdn | string | a mobile telephone number | OpenID Identity Assurance
also_known_as | string | another name of a person | OpenID Identity Assurance
_claim_names | object | which claims come from elsewhere | OpenID Connect Core §5.6.2
_claim_sources | object | where those claims come from | OpenID Connect Core §5.6.2
rdap_allowed_purposes | strings | what registration data may be asked for | RFC 9560 §3.1.5.1
rdap_dnt_allowed | boolean | whether a query may go unlogged | RFC 9560 §3.1.5.2
geohash | any | a place as a geohash | Consumer Technology Association CTA-5009
_sd | strings | hashes of claims that are disclosed one by one | RFC 9901 §4.2.4.1
_sd_alg | string | the hash that is used for them | RFC 9901 §4.1.1
... | string | a hash of an array element that is disclosed by itself | RFC 9901 §4.2.4.2
sd_hash | string | a hash of the SD-JWT that this proves the key for | RFC 9901 §4.3
status | object | where to ask whether the token was revoked | Token Status List
status_list | object | a list of which tokens were revoked | Token Status List
ttl | number | seconds for which a status list may be kept | Token Status List
vct | string | the type of a credential | SD-JWT VC
vct#integrity | string | a hash of the description of that type | SD-JWT VC
eat_nonce | any | a value from the verifier, against replay (attestation) | RFC 9711 §4.1
ueid | string | the id of a device | RFC 9711 §4.2.1
sueids | object | more ids of a device | RFC 9711 §4.2.2
oemid | any | the maker of a device | RFC 9711 §4.2.3
hwmodel | string | the model of a device | RFC 9711 §4.2.4
hwversion | array | the version of the hardware | RFC 9711 §4.2.5
swname | string | the name of the software | RFC 9711 §4.2.6
swversion | array | the version of the software | RFC 9711 §4.2.7
oemboot | boolean | whether the maker authorized the boot | RFC 9711 §4.2.8
dbgstat | any | whether debugging is disabled | RFC 9711 §4.2.9
location | object | where a device is | RFC 9711 §4.2.10
uptime | number | seconds since the device started | RFC 9711 §4.2.11
bootcount | number | how often the device started | RFC 9711 §4.2.12
bootseed | string | a value that is new at each start | RFC 9711 §4.2.13
dloas | array | certifications of a device | RFC 9711 §4.2.14
manifests | array | manifests of the software | RFC 9711 §4.2.15
measurements | array | measurements of the software | RFC 9711 §4.2.16
measres | array | results of measurements | RFC 9711 §4.2.17
submods | object | statements about parts of a device | RFC 9711 §4.2.18
eat_profile | string | the profile of an attestation | RFC 9711 §4.3.2
intuse | any | what an attestation is meant for | RFC 9711 §4.3.3
metadata | object | what a member of a federation can do | OpenID Federation §3.1
metadata_policy | object | rules for that metadata | OpenID Federation §3.1
metadata_policy_crit | strings | rules that must be understood | OpenID Federation §3.1
constraints | object | limits for the members below | OpenID Federation §3.1
authority_hints | strings | who vouches for this member | OpenID Federation §3.1
trust_anchor_hints | strings | trust anchors above this member | OpenID Federation §3.1
trust_marks | array | trust marks of this member | OpenID Federation §3.1
trust_mark_owners | object | who owns a kind of trust mark | OpenID Federation §3.1
trust_mark_issuers | object | who may issue a kind of trust mark | OpenID Federation §3.1
trust_mark_type | string | the kind of a trust mark | OpenID Federation §7.1
trust_chain | array | statements that lead to a trust anchor | OpenID Federation §4
trust_anchor | string | the trust anchor of a response | OpenID Federation §12
source_endpoint | string | where a statement can be fetched | OpenID Federation §3.1
delegation | string | a delegation of a trust mark | OpenID Federation §7.2
logo_uri | string | the address of a logo | OpenID Federation §7.1
ref | string | the address of an explanation | OpenID Federation §7.1
keys | array | public keys, as a list of JWKs | OpenID Federation §5.2.1
jwks | object | public keys, as a JWK Set | OpenID Federation §3.1
crit | strings | claims that must be understood | OpenID Federation §3.1
""")

JWS_ALGORITHMS = rows("""
HS256 | secret | HMAC with SHA-256 | RFC 7518 §3.2
HS384 | secret | HMAC with SHA-384 | RFC 7518 §3.2
HS512 | secret | HMAC with SHA-512 | RFC 7518 §3.2
RS256 | RSA | RSA (PKCS #1 v1.5) with SHA-256 | RFC 7518 §3.3
RS384 | RSA | RSA (PKCS #1 v1.5) with SHA-384 | RFC 7518 §3.3
RS512 | RSA | RSA (PKCS #1 v1.5) with SHA-512 | RFC 7518 §3.3
PS256 | RSA | RSA-PSS with SHA-256 | RFC 7518 §3.5
PS384 | RSA | RSA-PSS with SHA-384 | RFC 7518 §3.5
PS512 | RSA | RSA-PSS with SHA-512 | RFC 7518 §3.5
ES256 | EC | ECDSA on P-256 with SHA-256 | RFC 7518 §3.4
ES384 | EC | ECDSA on P-384 with SHA-384 | RFC 7518 §3.4
ES512 | EC | ECDSA on P-521 with SHA-512 | RFC 7518 §3.4
EdDSA | OKP | Ed25519 or Ed448; RFC 9864 replaces it by those names | RFC 8037 §3.1
Ed25519 | OKP | EdDSA with Ed25519 | RFC 9864 §2.2
Ed448 | OKP | EdDSA with Ed448 | RFC 9864 §2.2
ES256K | EC | ECDSA on secp256k1 with SHA-256 | RFC 8812 §3.2
ML-DSA-44 | AKP | ML-DSA, post-quantum (FIPS 204) | draft-ietf-cose-dilithium
ML-DSA-65 | AKP | ML-DSA, post-quantum (FIPS 204) | draft-ietf-cose-dilithium
ML-DSA-87 | AKP | ML-DSA, post-quantum (FIPS 204) | draft-ietf-cose-dilithium
RS1 | RSA | RSA (PKCS #1 v1.5) with SHA-1, prohibited in tokens | W3C Web Cryptography
HS1 | secret | HMAC with SHA-1, prohibited in tokens | W3C Web Cryptography
none | none | no signature at all | RFC 7518 §3.6
""")

JWE_ALGORITHMS = rows("""
RSA1_5 | RSA | RSA (PKCS #1 v1.5) | RFC 7518 §4.2
RSA-OAEP | RSA | RSA-OAEP with SHA-1 | RFC 7518 §4.3
RSA-OAEP-256 | RSA | RSA-OAEP with SHA-256 | RFC 7518 §4.3
RSA-OAEP-384 | RSA | RSA-OAEP with SHA-384 | W3C Web Cryptography
RSA-OAEP-512 | RSA | RSA-OAEP with SHA-512 | W3C Web Cryptography
A128KW | secret | AES key wrap, 128 bits | RFC 7518 §4.4
A192KW | secret | AES key wrap, 192 bits | RFC 7518 §4.4
A256KW | secret | AES key wrap, 256 bits | RFC 7518 §4.4
dir | secret | the shared key is used directly | RFC 7518 §4.5
ECDH-ES | EC | key agreement | RFC 7518 §4.6
ECDH-ES+A128KW | EC | key agreement, then AES key wrap | RFC 7518 §4.6
ECDH-ES+A192KW | EC | key agreement, then AES key wrap | RFC 7518 §4.6
ECDH-ES+A256KW | EC | key agreement, then AES key wrap | RFC 7518 §4.6
A128GCMKW | secret | AES-GCM key encryption, 128 bits | RFC 7518 §4.7
A192GCMKW | secret | AES-GCM key encryption, 192 bits | RFC 7518 §4.7
A256GCMKW | secret | AES-GCM key encryption, 256 bits | RFC 7518 §4.7
PBES2-HS256+A128KW | secret | a key made from a password | RFC 7518 §4.8
PBES2-HS384+A192KW | secret | a key made from a password | RFC 7518 §4.8
PBES2-HS512+A256KW | secret | a key made from a password | RFC 7518 §4.8
A128CBC-HS256 | enc | AES-CBC with HMAC, 128 bits | RFC 7518 §5.2
A192CBC-HS384 | enc | AES-CBC with HMAC, 192 bits | RFC 7518 §5.2
A256CBC-HS512 | enc | AES-CBC with HMAC, 256 bits | RFC 7518 §5.2
A128GCM | enc | AES-GCM, 128 bits | RFC 7518 §5.3
A192GCM | enc | AES-GCM, 192 bits | RFC 7518 §5.3
A256GCM | enc | AES-GCM, 256 bits | RFC 7518 §5.3
""")
