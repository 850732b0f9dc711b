/** A facilitator and an institution as real processes, on lines that a test can disturb. */
import { applicationRole } from "../../../src/tools/cli/paths.ts";
import { reconcileFacilitator } from "../../../src/servers/facilitator/facilitator.ts";
import {
  type Demo,
  type FacilitatorDemo,
  seedFacilitator,
  seedInstitution,
} from "../../../src/tools/demo/demo.ts";
import type { Chance } from "../sim/chance.ts";
import { oneOperator } from "./operators.ts";
import { openGround, type Side } from "./sides.ts";
import { testKey } from "./vault.ts";
import { currencies, fee } from "./world.ts";

type Party = "facilitator" | "institution";

export interface TwoServers extends Record<Party, Side> {
  demo: Demo;
  facilitated: FacilitatorDemo;
  /** Compares all that both sides know of each other, ended trades too. */
  reconcile(): ReturnType<typeof reconcileFacilitator>;
}

const ids = {
  facilitator: "00000000-0000-4000-8000-000000004020",
  institution: "00000000-0000-4000-8000-000000004030",
} as const;

/** Starts both, seeded; everything ends with `t`. */
export async function startTwoServers(
  t: { after(release: () => Promise<void>): unknown },
  {
    chance,
    webhooksMayReach,
    log = "error",
  }: { chance: Chance; webhooksMayReach: string[]; log?: "error" | "info" },
): Promise<TwoServers> {
  const { url, place, start } = await openGround(t, chance);
  const [institution, facilitator] = [await place("institution"), await place("facilitator")];
  const peers = {
    facilitator: { id: ids.facilitator, name: "Facilitator", url: facilitator.line.url },
    institution: { id: ids.institution, name: "Institution", url: institution.line.url },
  };
  const { demo, facilitated } = await seedBoth(url, peers.facilitator);
  const common = { webhooksMayReach, log };
  const configs = {
    institution: { ...common, peers: [peers.facilitator] },
    facilitator: { ...common, id: ids.facilitator, institutions: [peers.institution] },
  };
  return {
    demo,
    facilitated,
    institution: await start("institution", institution, configs.institution),
    facilitator: await start("facilitator", facilitator, configs.facilitator),
    reconcile: () => reconcileWhole(url, facilitator.line.url, peers.institution),
  };
}

/** Compares also what has ended. */
function reconcileWhole(
  url: string,
  publicUrl: string,
  institution: { id: string; name: string; url: string },
) {
  const place = { url, schema: "facilitator", role: applicationRole, publicUrl, personalDataKeys: [testKey] };
  return reconcileFacilitator({ ...place, institutions: [institution] }, { whole: true });
}

async function seedBoth(url: string, peer: { id: string; name: string; url: string }) {
  const settings = { approval: "none", currencies, fee: { ...fee, fixed: 0n }, ...oneOperator } as const;
  const where = { url, role: applicationRole, settings, personalDataKeys: [testKey] };
  const demo = await seedInstitution({ ...where, schema: "institution", peer });
  if (demo?.ties === undefined) throw new Error("A new institution had a demo in it.");
  const ties = { ...demo.ties, institution: ids.institution };
  const facilitated = await seedFacilitator({ ...where, schema: "facilitator" }, ties);
  if (facilitated === undefined) throw new Error("A new facilitator had a demo in it.");
  return { demo, facilitated };
}
