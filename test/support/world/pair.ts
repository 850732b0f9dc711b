/**
 * A facilitator and an institution in this process, each on its own database, as people and shops meet them: over HTTP,
 * with the demo's people in them. The institution can be taken away and brought back.
 */
import assert from "node:assert/strict";
import { metricsOf } from "../../../src/edge/http/server.ts";
import { openDatabase } from "../../../src/storage/database/database.ts";
import {
  createFacilitator,
  type Facilitator,
  reconcileFacilitator,
} from "../../../src/servers/facilitator/facilitator.ts";
import {
  type Demo,
  type FacilitatorDemo,
  seedFacilitator,
  seedInstitution,
} from "../../../src/tools/demo/demo.ts";
import { createInstitution, type Institution } from "../../../src/servers/institution/institution.ts";
import { freshDatabase } from "./cluster.ts";
import { freePort } from "./free-port.ts";
import { bearer, confirmBy, signIn } from "../wire/http.ts";
import { type Middleman, startMiddleman } from "../wire/signed-pair.ts";
import { oneOperator, twoOperators } from "./operators.ts";
import { testKey } from "./vault.ts";

export const facilitatorId = "00000000-0000-4000-8000-000000000020";
export const institutionId = "00000000-0000-4000-8000-000000000030";

const common = {
  role: "kenshu_app",
  version: "0.0.0",
  sandbox: true,
  log: "silent",
  personalDataKeys: [testKey],
  settings: {
    approval: "none",
    currencies: ["JPY", "USD"],
    fee: { fixed: 0n, basisPoints: 0, roundTo: "shop" },
    ...twoOperators,
  },
} as const;

export interface Pair {
  facilitator: Facilitator & { url: string; demo: FacilitatorDemo };
  institution: { url: string; demo: Demo };
  /** Connections to the two databases that may change anything. */
  admin: Record<"facilitator" | "institution", ReturnType<typeof openDatabase>>;
  /** Where the two databases are, for another process of a server. */
  places: Record<"facilitator" | "institution", { url: string; schema: string }>;
  /** Who stands before the institution, where there is somebody: everybody reaches it through them. */
  man: Middleman | undefined;
  /** Ends the institution's server, as if it had gone; its database stays. */
  takeInstitutionAway(): Promise<void>;
  bringInstitutionBack(): Promise<void>;
  reconcile(whole?: boolean): ReturnType<typeof reconcileFacilitator>;
  /** What a server tells Prometheus; the institution only where it was not taken away. */
  metrics(of: "facilitator" | "institution"): Promise<string>;
}

interface PairOptions {
  webhooksMayReach?: string[];
  operators?: "one";
  between?: boolean;
  /** UTC where one is left out. */
  timeZones?: Partial<Record<"facilitator" | "institution", string>>;
}

export async function openPair(
  t: { after(release: () => Promise<void>): unknown },
  { webhooksMayReach = [], operators, between = false, timeZones = {} }: PairOptions = {},
): Promise<Pair> {
  const places = {
    institution: await freshDatabase(t, "trading"),
    facilitator: await freshDatabase(t, "trading"),
  };
  const ports = { institution: await freePort(), facilitator: await freePort() };
  const man = between ? await startMiddleman(t) : undefined;
  if (man !== undefined) man.target = `http://127.0.0.1:${ports.institution}`;
  const urlOf = (party: keyof typeof ports) =>
    (party === "institution" ? man?.url : undefined) ?? `http://127.0.0.1:${ports[party]}`;
  const optionsOf = (party: keyof typeof ports) => {
    const { url, schema } = places[party];
    const timeZone = timeZones[party] ?? common.settings.timeZone;
    const settings = { ...common.settings, ...(operators === "one" ? oneOperator : {}), timeZone };
    return { ...common, settings, url, schema, publicUrl: urlOf(party), webhooksMayReach };
  };
  const peer = { id: facilitatorId, name: "Facilitator", url: urlOf("facilitator") };
  const institutions = [{ id: institutionId, name: "Institution", url: urlOf("institution") }];
  const demo = await seedInstitution({ ...optionsOf("institution"), peer, loadMembers: 2 });
  if (demo?.ties === undefined) throw new Error("The institution has no demo.");
  const ties = { ...demo.ties, institution: institutionId };
  const facilitated = await seedFacilitator(optionsOf("facilitator"), ties);
  if (facilitated === undefined) throw new Error("The facilitator has no demo.");
  let institution: Institution | undefined;
  const bringInstitutionBack = async () => {
    institution = await createInstitution({ ...optionsOf("institution"), peers: [peer] });
    await institution.server.listen({ host: "127.0.0.1", port: ports.institution });
  };
  const takeInstitutionAway = async () => {
    await institution?.close();
    institution = undefined;
  };
  await bringInstitutionBack();
  const advance = { acceptedBasisPoints: 100, reservedBasisPoints: 300, limitPerShop: { JPY: 5000 } };
  const options = { ...optionsOf("facilitator"), id: facilitatorId, institutions, advance };
  const facilitator = await createFacilitator(options);
  await facilitator.server.listen({ host: "127.0.0.1", port: ports.facilitator });
  await confirmAt(urlOf("institution"), demo);
  await confirmAt(urlOf("facilitator"), facilitated);
  const admin = {
    facilitator: openDatabase({ url: places.facilitator.url, schema: places.facilitator.schema }),
    institution: openDatabase({ url: places.institution.url, schema: places.institution.schema }),
  };
  t.after(async () => {
    await facilitator.close();
    await takeInstitutionAway();
    await admin.facilitator.close();
    await admin.institution.close();
  });
  return {
    facilitator: { ...facilitator, url: urlOf("facilitator"), demo: facilitated },
    institution: { url: urlOf("institution"), demo },
    admin,
    places,
    man,
    takeInstitutionAway,
    bringInstitutionBack,
    metrics: (of) => {
      const { server } = of === "facilitator" ? facilitator : (institution ?? assert.fail("It is away."));
      return metricsOf(server).page();
    },
    reconcile: (whole = false) => reconcileFacilitator(options, { whole }),
  };
}

export async function confirmAt(
  url: string,
  { adminKey, operators }: Pick<Demo, "adminKey" | "operators">,
): Promise<void> {
  const [, other] = operators;
  if (other !== undefined) confirmBy(url, [bearer(adminKey), await signIn(url, other)]);
}
