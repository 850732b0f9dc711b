/** A shop without a system of its own at a guarded institution, with people of its own who come by invitation. */
import assert from "node:assert/strict";
import { openProfiles, type Profiles } from "../../../src/edge/profiles/profiles.ts";
import { openIdentity, openServerSecret } from "../../../src/storage/identity/identity.ts";
import { openKeyring } from "../../../src/storage/keyring/keyring.ts";
import { openVault } from "../../../src/storage/members/members.ts";
import { bearer, type Headers, type Json, type Reply, request, signIn } from "../wire/http.ts";
import { letterTo, tokenOf } from "./letters.ts";
import type { Guarded } from "./two-operators.ts";
import { testKey } from "./vault.ts";

export type Role = "owner" | "money" | "orders" | "reader";

export interface Mate {
  id: string;
  email: string;
  password: string;
  who: Headers;
}

export interface ShopTeam {
  shop: string;
  key: Headers;
  /** By the shop's own sign-in. */
  owner: Mate;
  profiles: Profiles;
  call: (method: string, path: string, who: Headers, body?: object) => Promise<Reply>;
  /** Proves an act of changing the team; answers what a call is made with then. */
  prove: (by: Mate, of: string) => Promise<Headers>;
  /** Proves it, and makes the call. */
  proven: (method: string, path: string, who: Mate, of: string, body?: object) => Promise<Reply>;
  invite: (by: Mate, role: Role, email: string) => Promise<Reply>;
  /** The link in the newest invitation to an address. */
  invitationTo: (email: string) => Promise<string>;
  /** Invites somebody, who chooses a password and signs in. */
  join: (role: Role, name: string, by?: Mate) => Promise<Mate>;
  /** An order of the shop's, whose buyer the demo's first member is. */
  order: (amount?: number) => Promise<string>;
  /** Its buyer accepts all of it, so that the shop is paid. */
  accept: (number: string) => Promise<void>;
}

/** Reads what is queued for mailboxes, with the secrets of the server. */
async function mailboxes({ database, url }: Guarded): Promise<Profiles> {
  const keyring = openKeyring([testKey]);
  const secret = await openServerSecret(database, keyring);
  return openProfiles({
    database,
    vault: openVault(keyring),
    identity: openIdentity({ database, secret }),
    mails: "kept",
    publicUrl: url,
    secret,
    house: { name: "Kenshu", timeZone: "UTC", language: "en", creditIn: [] },
  });
}

export async function shopTeam(guarded: Guarded, name = "Nishi"): Promise<ShopTeam> {
  const { url, demo, together } = guarded;
  const profiles = await mailboxes(guarded);
  const email = `${name.toLowerCase()}@shops.example`;
  const password = "leaves in the west wind";
  const call: ShopTeam["call"] = (method, path, who, body) => request(`${url}${path}`, method, who, body);
  const made = await call("POST", "/v1/shops", guarded.first, { name, contact: { email }, password });
  assert.equal(made.status, 201, made.text);
  const shop = String(made.json["id"]);
  await together("POST", `/v1/shops/${shop}/approve`, {});
  const owner: Mate = { id: shop, email, password, who: await signIn(url, { email, password }) };
  const key = bearer(String((await call("POST", `/v1/shops/${shop}/keys`, owner.who, {})).json["key"]));

  const prove: ShopTeam["prove"] = async (by, of) => {
    const shown = { act: "team.change", of, password: by.password };
    const { status, json, text } = await call("POST", "/v1/proofs", by.who, shown);
    assert.equal(status, 201, text);
    return { ...by.who, "kenshu-proof": String(json["proof"]) };
  };
  const proven: ShopTeam["proven"] = async (method, path, by, of, body) =>
    call(method, path, await prove(by, of), body);
  const people = `/v1/shops/${shop}/people`;
  const invite: ShopTeam["invite"] = (by, role, to) =>
    proven("POST", people, by, `new-${role}`, { name: `Mate ${to}`, email: to, role });
  const invitationTo: ShopTeam["invitationTo"] = async (to) =>
    tokenOf(await letterTo(profiles, to, "invited"));
  const join: ShopTeam["join"] = async (role, called, by = owner) => {
    const to = `${called}@shops.example`;
    const invited = await invite(by, role, to);
    assert.equal(invited.status, 201, invited.text);
    const chosen = `my own ${called} password`;
    const token = await invitationTo(to);
    const used = await call("POST", "/v1/password-resets/use", {}, { token, password: chosen });
    assert.equal(used.status, 204, used.text);
    const who = await signIn(url, { email: to, password: chosen });
    return { id: String(invited.json["id"]), email: to, password: chosen, who };
  };
  const asBuyer = () => {
    const [hana] = demo.members;
    return signIn(url, { email: hana?.email ?? "", password: hana?.password ?? "" });
  };
  const accept: ShopTeam["accept"] = async (number) => {
    const accepted = await call("POST", `/v1/trades/${number}/accept`, await asBuyer(), {});
    assert.equal(accepted.status, 200, accepted.text);
  };
  const order: ShopTeam["order"] = async (amount = 3000) => {
    const [hana] = demo.members;
    const proposed = await call("POST", "/v1/trades", key, {
      buyer: { member: hana?.number },
      currency: "JPY",
      amount,
    });
    assert.equal(proposed.status, 201, proposed.text);
    const number = String(proposed.json["number"]);
    const buyer = await asBuyer();
    const method = hana?.methods[0]?.id;
    const approved = await call("POST", `/v1/trades/${number}/approve`, buyer, { version: 1, method });
    assert.equal(approved.status, 200, approved.text);
    return number;
  };
  return { shop, key, owner, profiles, call, prove, proven, invite, invitationTo, join, order, accept };
}

export const itemsOf = ({ json }: Reply): Json[] => json["items"] as Json[];
