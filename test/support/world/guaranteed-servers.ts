/** A guarantor and an institution that collects for it as real processes, on lines that a test can disturb. */
import { applicationRole } from "../../../src/tools/cli/paths.ts";
import { reconcileGuarantor } from "../../../src/servers/guarantor/guarantor.ts";
import {
  type Demo,
  type GuarantorDemo,
  seedGuarantor,
  seedInstitution,
} from "../../../src/tools/demo/demo.ts";
import type { Chance } from "../sim/chance.ts";
import type { FaultProxy } from "../wire/fault-proxy.ts";
import { oneOperator } from "./operators.ts";
import { openGround, type Side } from "./sides.ts";
import { testKey } from "./vault.ts";
import { currencies, fee } from "./world.ts";

export interface GuaranteedServers {
  guarantor: Side;
  institution: Side;
  /** Through this, clerks reach the institution. */
  counter: FaultProxy;
  demo: Demo;
  guaranteed: GuarantorDemo;
  /** Compares all that both sides know of each other. */
  reconcile(): ReturnType<typeof reconcileGuarantor>;
}

const ids = {
  guarantor: "00000000-0000-4000-8000-000000004040",
  institution: "00000000-0000-4000-8000-000000004030",
} as const;

/** Starts both, seeded; everything ends with `t`. */
export async function startGuaranteedServers(
  t: { after(release: () => Promise<void>): unknown },
  { chance, loadMembers }: { chance: Chance; loadMembers: number },
): Promise<GuaranteedServers> {
  const ground = await openGround(t, chance);
  const { url } = ground;
  const [institution, guarantor] = [await ground.place("institution"), await ground.place("guarantor")];
  const peer = { id: ids.guarantor, name: "Guarantor", url: guarantor.line.url };
  const institutions = [{ id: ids.institution, name: "Institution", url: institution.line.url }];
  const settings = { approval: "none", currencies, fee: { ...fee, fixed: 0n }, ...oneOperator } as const;
  const where = { url, role: applicationRole, settings, personalDataKeys: [testKey] };
  const demo = await seedInstitution({ ...where, schema: "institution", guarantor: peer, loadMembers: 0 });
  if (demo?.payees === undefined) throw new Error("A new institution had a demo in it.");
  const payees = { ...demo.payees, institution: ids.institution };
  const guaranteed = await seedGuarantor({ ...where, schema: "guarantor" }, payees, loadMembers);
  if (guaranteed === undefined) throw new Error("A new guarantor had a demo in it.");
  const log = "error";
  const place = { schema: "guarantor", publicUrl: guarantor.line.url };
  return {
    demo,
    guaranteed,
    counter: await ground.line(institution),
    institution: await ground.start("institution", institution, { log, peers: [peer] }),
    guarantor: await ground.start("guarantor", guarantor, { log, id: ids.guarantor, institutions }),
    reconcile: () =>
      reconcileGuarantor(
        { url, role: applicationRole, personalDataKeys: [testKey], ...place, institutions },
        {},
      ),
  };
}
