/**
 * A guarantor and an institution that collects for it, in this process, each on its own database, as people and shops meet
 * them: over HTTP, with the demo's people in them. The institution can be taken away and brought back.
 */
import {
  createGuarantor,
  type Guarantor,
  type GuarantorOptions,
  reconcileGuarantor,
} from "../../../src/servers/guarantor/guarantor.ts";
import type { OwnAccount } from "../../../src/engines/arrivals/arrivals.ts";
import type { BillRules } from "../../../src/engines/debts/debts.ts";
import { createInstitution, type Institution } from "../../../src/servers/institution/institution.ts";
import { type Database, openDatabase, uuidv7 } from "../../../src/storage/database/database.ts";
import {
  type Demo,
  type GuarantorDemo,
  seedGuarantor,
  seedInstitution,
} from "../../../src/tools/demo/demo.ts";
import { bearer, type Headers, type Json, type Reply, request, signIn } from "../wire/http.ts";
import { freshDatabase } from "./cluster.ts";
import { freePort } from "./free-port.ts";
import { oneOperator, twoOperators } from "./operators.ts";
import { confirmAt, institutionId } from "./pair.ts";
import { testKey } from "./vault.ts";

const guarantorId = "00000000-0000-4000-8000-000000000040";
type Party = "guarantor" | "institution";

const common = {
  role: "kenshu_app",
  version: "0.0.0",
  sandbox: true,
  log: "silent",
  personalDataKeys: [testKey],
} as const;
const settings = {
  approval: "none",
  currencies: ["JPY", "USD"],
  fee: { fixed: 0n, basisPoints: 0, roundTo: "shop" },
  timeZone: "UTC",
} as const;

export interface Guaranteed {
  guarantor: Guarantor & { url: string; demo: GuarantorDemo; place: { url: string; schema: string } };
  institution: { url: string; demo: Demo };
  /** Connections to the two databases that may change anything. */
  admin: Record<Party, Database>;
  call: (at: Party, method: string, path: string, who?: Headers, body?: Json) => Promise<Reply>;
  /** Moves the clocks of both, one after the other, and runs what has become due. */
  advance: (by: string) => Promise<void>;
  /** Pays what is due under a number at the counter of the store, as its clerk; `change` says what is otherwise. */
  pay: (number: string, amount: number, change?: Json) => Promise<Reply>;
  /** Ends the institution's server, as if it had gone; its database stays. */
  takeInstitutionAway(): Promise<void>;
  bringInstitutionBack(): Promise<void>;
  reconcile(): ReturnType<typeof reconcileGuarantor>;
}

interface Setting {
  operators?: "one";
  webhooksMayReach?: string[];
  limits?: GuarantorOptions["limits"];
  /** How the guarantor sends bills; none are sent without it. */
  bills?: BillRules;
  /** The institution's accounts at banks, to which people transfer what is due. */
  bankAccounts?: readonly OwnAccount[];
}

export async function openGuaranteed(
  t: { after(release: () => Promise<void>): unknown },
  { operators, webhooksMayReach = [], limits, bills, bankAccounts = [] }: Setting = {},
): Promise<Guaranteed> {
  const places = {
    institution: await freshDatabase(t, "trading"),
    guarantor: await freshDatabase(t, "trading"),
  };
  const ports = { institution: await freePort(), guarantor: await freePort() };
  const urlOf = (party: Party) => `http://127.0.0.1:${ports[party]}`;
  const optionsOf = (party: Party) => {
    const { url, schema } = places[party];
    const all = { ...settings, ...(operators === "one" ? oneOperator : twoOperators) };
    return { ...common, settings: all, url, schema, publicUrl: urlOf(party), webhooksMayReach };
  };
  const guarantorPeer = { id: guarantorId, name: "Guarantor", url: urlOf("guarantor") };
  const institutions = [{ id: institutionId, name: "Institution", url: urlOf("institution") }];
  const demo = await seedInstitution({
    ...optionsOf("institution"),
    guarantor: guarantorPeer,
    loadMembers: 2,
  });
  if (demo?.payees === undefined) throw new Error("The institution has no demo.");
  const payees = { ...demo.payees, institution: institutionId };
  const guaranteed = await seedGuarantor(optionsOf("guarantor"), payees, 2);
  if (guaranteed === undefined) throw new Error("The guarantor has no demo.");
  let institution: Institution | undefined;
  const bringInstitutionBack = async () => {
    institution = await createInstitution({
      ...optionsOf("institution"),
      peers: [guarantorPeer],
      bankAccounts,
    });
    await institution.server.listen({ host: "127.0.0.1", port: ports.institution });
  };
  const takeInstitutionAway = async () => {
    await institution?.close();
    institution = undefined;
  };
  await bringInstitutionBack();
  const own = { ...optionsOf("guarantor"), id: guarantorId, institutions };
  const guarantor = await createGuarantor({ ...own, limits, bills });
  await guarantor.server.listen({ host: "127.0.0.1", port: ports.guarantor });
  await confirmAt(urlOf("institution"), demo);
  await confirmAt(urlOf("guarantor"), guaranteed);
  const open = ({ url, schema }: { url: string; schema: string }) => openDatabase({ url, schema });
  const admin = { guarantor: open(places.guarantor), institution: open(places.institution) };
  t.after(async () => {
    await guarantor.close();
    await takeInstitutionAway();
    await admin.guarantor.close();
    await admin.institution.close();
  });
  const call: Guaranteed["call"] = (at, method, path, who = {}, body) =>
    request(`${urlOf(at)}${path}`, method, who, body);
  return {
    guarantor: { ...guarantor, url: urlOf("guarantor"), demo: guaranteed, place: places.guarantor },
    institution: { url: urlOf("institution"), demo },
    admin,
    call,
    advance: async (by) => {
      await moveClock(call, "institution", demo.adminKey, by);
      await moveClock(call, "guarantor", guaranteed.adminKey, by);
    },
    pay: await counterOf(call, urlOf("institution"), demo),
    takeInstitutionAway,
    bringInstitutionBack,
    reconcile: () => reconcileGuarantor(own, {}),
  };
}

async function moveClock(call: Guaranteed["call"], party: Party, key: string, by: string): Promise<void> {
  const { status, text } = await call(party, "POST", "/v1/test-clock/advance", bearer(key), { by });
  if (status !== 200) throw new Error(`The clock of the ${party} stands: ${text}`);
}

/** Paying at the first counter, by its clerk who has signed in. */
async function counterOf(
  call: Guaranteed["call"],
  url: string,
  { clerks }: Demo,
): Promise<Guaranteed["pay"]> {
  const [clerk] = clerks;
  if (clerk === undefined) throw new Error("The institution has no clerk.");
  const signedIn = await signIn(url, clerk);
  const usual = { currency: "JPY", channel: clerk.channel, reference: "till 1" };
  return (number, amount, change = {}) => {
    const body = { id: uuidv7(), amount, ...usual, ...change };
    return call("institution", "POST", `/v1/collections/${number}/payments`, signedIn, body);
  };
}
