// A second opinion from jose. Reads one JSON object on stdin, writes one on stdout:
// verify: tokens with what has to hold for them, each is answered with its claims, or with the code of jose's refusal;
// sign: how many tokens to make for which algorithm, answered with the tokens and the key set that verifies them.
import { createLocalJWKSet, createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, calculateJwkThumbprint, SignJWT } from "jose";
import { text } from "node:stream/consumers";

const question = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify({ verified: await verify(question.verify ?? []), signed: await sign(question.sign ?? []) }));

async function verify(cases) {
  const answers = [];
  for (const { token, jwks, address, secret, options } of cases) {
    const key = secret ? new TextEncoder().encode(secret) : address ? createRemoteJWKSet(new URL(address)) : createLocalJWKSet(jwks);
    try {
      answers.push({ claims: (await jwtVerify(token, key, options)).payload });
    } catch (error) {
      answers.push({ refused: error.code ?? String(error) });
    }
  }
  return answers;
}

async function sign(wishes) {
  const answers = [];
  for (const { alg, count, claims, typ, secret } of wishes) {
    const { publicKey, privateKey } = secret ? { privateKey: new TextEncoder().encode(secret) } : await generateKeyPair(alg);
    const jwk = publicKey && { ...(await exportJWK(publicKey)), alg, use: "sig" };
    if (jwk) jwk.kid = await calculateJwkThumbprint(jwk);
    const tokens = [];
    for (let number = 0; number < count; number++) {
      const header = { alg, typ, ...(jwk && { kid: jwk.kid }) };
      tokens.push(await new SignJWT({ ...claims, number }).setProtectedHeader(header).sign(privateKey));
    }
    answers.push({ tokens, jwks: jwk && { keys: [jwk] } });
  }
  return answers;
}
