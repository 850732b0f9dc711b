/** The pages about passkeys, and where it is proved that somebody is there, with made-up data. */
import { type ComponentChild, h } from "preact";
import { SignInPage } from "../../../src/edge/member-views/sign-in.tsx";
import type { CreationOptions, RequestOptions } from "../../../src/edge/moments/moments.ts";
import { MakePasskeyPage, PasskeysPage } from "../../../src/edge/passkeys/passkey-views.tsx";
import { type Attempt, type Frame } from "../../../src/edge/parts/layout.tsx";
import { ProofPage } from "../../../src/edge/proof-views/proof-views.ts";
import type { SampleTexts } from "./sample-trades.ts";

const passkeyOptions: RequestOptions = {
  challenge: "AA",
  rpId: "localhost",
  timeout: 300_000,
  userVerification: "required",
  allowCredentials: [],
};

const creation: CreationOptions = {
  rp: { id: "localhost", name: "Kenshu" },
  user: { id: "AA", name: "4821073395", displayName: "Kenshu 4821073395" },
  challenge: "AA",
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  timeout: 300_000,
  excludeCredentials: [],
  authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  attestation: "none",
};

export function passkeyPages(
  frame: Frame,
  texts: SampleTexts,
  attempt: Attempt,
): Record<string, ComponentChild> {
  const wanted = { by: "passkey", options: passkeyOptions } as const;
  const mine = { id: "1", name: texts.person, since: "2026-11-29T00:00:00Z", wanted };
  const passkeys = [
    { ...mine, synced: true, used: "2026-11-29T01:00:00Z", proves: true },
    { ...mine, id: "2", synced: false, used: undefined, proves: false },
  ];
  const page = { frame, open: true, place: "Firefox, Linux", isOperator: false };
  const wrong: Attempt = { ...attempt, errors: { name: () => texts.reason } };
  const act = { act: "trade.approve", of: "1", amount: 1_234_567n, currency: "JPY", version: 1 } as const;
  const asked = { frame, to: "/trades/1/approve", fields: [["key", "1"]], act, attempt, back: "/" } as const;
  return {
    "sign-in-passkey": h(SignInPage, { frame: { face: frame.face }, passkey: passkeyOptions }),
    passkeys: h(PasskeysPage, { ...page, passkeys, wanted, done: "added" }),
    "passkeys-none": h(PasskeysPage, { ...page, passkeys: [], wanted: { by: "password" }, attempt: wrong }),
    "passkeys-operator": h(PasskeysPage, { ...page, passkeys, wanted, isOperator: true, of: "2", attempt }),
    "passkeys-closed": h(PasskeysPage, { ...page, passkeys: [], wanted: { by: "password" }, open: false }),
    "passkey-make": h(MakePasskeyPage, { frame, name: texts.person, email: undefined, options: creation }),
    "proof-passkey": h(ProofPage, { ...asked, wanted }),
    "proof-password": h(ProofPage, { ...asked, wanted: { by: "password" } }),
    "proof-later": h(ProofPage, { ...asked, wanted: { by: "later" } }),
    "proof-nowhere": h(ProofPage, { ...asked, whom: texts.shop, wanted: { by: "nowhere" } }),
    "proof-unlimited": h(ProofPage, {
      ...asked,
      act: { act: "consent.give", of: "1", amount: null },
      wanted: { by: "password" },
    }),
  };
}
