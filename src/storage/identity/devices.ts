import { timingSafeEqual } from "node:crypto";
import { randomToken } from "../database/database.ts";
import { makeSeal } from "./trade-links.ts";

/**
 * Devices on which somebody has signed in before. The cookie of one is signed for the address that was used, and has a
 * count of wrong passwords of its own: what strangers try at an address does not count against those who are known there.
 */
export interface Devices {
  /** The cookie for a device on which this address has just signed in: the same one, where it was known. */
  tokenFor(email: string, known: string | undefined): string;
  /** The name of the device; undefined where it has never signed in under this address. */
  nameOf(email: string, token: string | undefined): string | undefined;
}

const form = /^kh_([A-Za-z0-9_-]{22})_([0-9a-f]{40})$/;

export function openDevices(secret: Buffer): Devices {
  const seal = makeSeal(secret, "devices");
  const signed = (name: string, email: string) => seal(`${name} ${email}`).toString("hex").slice(0, 40);
  const nameOf: Devices["nameOf"] = (email, token = "") => {
    const [, name, given] = form.exec(token) ?? [];
    if (name === undefined || given === undefined) return undefined;
    return timingSafeEqual(Buffer.from(given), Buffer.from(signed(name, email))) ? name : undefined;
  };
  return {
    nameOf,
    tokenFor: (email, known) => {
      const name = nameOf(email, known) ?? randomToken(16);
      return `kh_${name}_${signed(name, email)}`;
    },
  };
}
