/** Where things are, seen from the built program, and the keys that lie in files. */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addressForms, isAddress } from "../../storage/database/database.ts";
import { UsageError } from "./help.ts";

const root = new URL("../../../../", import.meta.url);

export const migrations = {
  trading: fileURLToPath(new URL("sql/trading", root)),
  shop: fileURLToPath(new URL("sql/shop", root)),
} as const;

export const program = fileURLToPath(new URL("cli.js", import.meta.url));

/** The role the servers act in: it may not change what has been written to the journal. */
export const applicationRole = "kenshu_app";

export const version: string = (
  JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { version: string }
).version;

/** The database that the environment names. An address that is empty is none: so a shell or a container takes it back. */
export function databaseAddress(): string | undefined {
  const address = process.env["KENSHU_DATABASE_URL"] || undefined;
  if (address === undefined || isAddress(address)) return address;
  throw new UsageError(`KENSHU_DATABASE_URL is no address of a database: ${addressForms}.`);
}

/** A key by which a server signs, or the public half of one by which it has signed. Throws UsageError. */
export function readSigningKey(file: string): KeyObject {
  try {
    const pem = readFileSync(file, "utf8");
    return pem.includes("-----BEGIN PUBLIC KEY-----") ? createPublicKey(pem) : createPrivateKey(pem);
  } catch (error) {
    throw new UsageError(
      `The key to sign with cannot be read from ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const keyForm = /^[A-Za-z0-9+/]{43}=$/;

/** A key for personal data, as it is written or in a file. Throws UsageError. */
export function readKey(source: string): Buffer {
  if (keyForm.test(source)) return Buffer.from(source, "base64");
  let content: string;
  try {
    content = readFileSync(source, "utf8").trim();
  } catch (error) {
    throw new UsageError(
      `The key for personal data cannot be read from ${source}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!keyForm.test(content)) throw new UsageError(`${source} does not hold 32 bytes in base64.`);
  return Buffer.from(content, "base64");
}
