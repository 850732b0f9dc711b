/** Signed notes as a log and its witnesses make them, by Node's own cryptography. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";

/** Signs as a log (1) or as a witness (4) of this name, with a new key. */
export function noteSigner(name: string, kind: 1 | 4) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  const material = Buffer.concat([Buffer.of(kind), raw]);
  const id = createHash("sha256").update(`${name}\n`).update(material).digest().subarray(0, 4);
  const line = (bytes: Buffer): string => `\u2014 ${name} ${Buffer.concat([id, bytes]).toString("base64")}\n`;
  return {
    key: `${name}+${id.toString("hex")}+${material.toString("base64")}`,
    sign: (text: string) => line(sign(null, Buffer.from(text), privateKey)),
    cosign: (text: string, seconds: bigint) => {
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(seconds);
      const said = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
      return line(Buffer.concat([time, sign(null, said, privateKey)]));
    },
  };
}
