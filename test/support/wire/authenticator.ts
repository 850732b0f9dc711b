/** An authenticator as WebAuthn describes one, without a browser: makes passkeys, signs, counts, and lies where a test says so. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

type Json = Record<string, unknown>;

export interface Asked {
  challenge: string;
  rpId?: string;
  rp?: { id: string };
}

interface Lies {
  origin?: string;
  rpId?: string;
  counter?: number;
  /** Nobody was asked for a finger or a code. */
  unverified?: boolean;
  type?: string;
}

const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const sha = (bytes: string | Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** CBOR (RFC 8949) of what there is in an attestation. */
function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  return value < 256
    ? Buffer.from([(major << 5) | 24, value])
    : Buffer.from([(major << 5) | 25, value >> 8, value & 0xff]);
}
const bytes = (value: Uint8Array) => Buffer.concat([head(2, value.length), value]);
const word = (value: string) => Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
const whole = (value: number) => (value < 0 ? head(1, -1 - value) : head(0, value));
const map = (...pairs: readonly (readonly [Buffer, Buffer])[]) =>
  Buffer.concat([head(5, pairs.length), ...pairs.flat()]);

export interface Authenticator {
  create(asked: unknown, lies?: Lies): Json;
  get(asked: unknown, lies?: Lies): Json;
  credential: string;
}

/** One passkey, for the pages of `origin`. */
export function authenticator(origin: string): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(32);
  let counter = 0;

  const client = (type: string, { challenge }: Asked, lies: Lies) =>
    Buffer.from(JSON.stringify({ type: lies.type ?? type, challenge, origin: lies.origin ?? origin }));
  const data = (rpId: string, lies: Lies, attested: Buffer = Buffer.alloc(0)) => {
    counter += 1;
    const flags = Buffer.from([1 | (lies.unverified === true ? 0 : 4) | (attested.length > 0 ? 64 : 0)]);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(lies.counter ?? counter);
    return Buffer.concat([sha(lies.rpId ?? rpId), flags, count, attested]);
  };
  const credential = { id: url(id), rawId: url(id), type: "public-key" };
  return {
    credential: url(id),
    create: (asked, lies = {}) => {
      const wish = asked as Asked;
      const length = Buffer.from([0, id.length]);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseOf(publicKey)]);
      const made = map(
        [word("fmt"), word("none")],
        [word("attStmt"), map()],
        [word("authData"), bytes(data(wish.rp?.id ?? "", lies, attested))],
      );
      const response = {
        clientDataJSON: url(client("webauthn.create", wish, lies)),
        attestationObject: url(made),
        transports: ["internal"],
      };
      return { ...credential, response };
    },
    get: (asked, lies = {}) => {
      const wish = asked as Asked;
      const said = client("webauthn.get", wish, lies);
      const authenticatorData = data(wish.rpId ?? "", lies);
      const signature = sign("sha256", Buffer.concat([authenticatorData, sha(said)]), privateKey);
      const response = {
        clientDataJSON: url(said),
        authenticatorData: url(authenticatorData),
        signature: url(signature),
      };
      return { ...credential, response };
    },
  };
}

/** ES256, as COSE writes it (RFC 9053). */
function coseOf(key: KeyObject): Buffer {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return map(
    [whole(1), whole(2)],
    [whole(3), whole(-7)],
    [whole(-1), whole(1)],
    [whole(-2), bytes(Buffer.from(x, "base64url"))],
    [whole(-3), bytes(Buffer.from(y, "base64url"))],
  );
}
