/** What somebody's mailbox holds: the mails about sign-ins that were queued, as they would be written now. */
import assert from "node:assert/strict";
import { letterNow, type Profiles } from "../../../src/edge/profiles/profiles.ts";
import { rawSql } from "../../../src/storage/database/database.ts";

export interface Mailed {
  kind: string;
  links: { name: string; url: string }[];
  code: string | undefined;
}

/** The mails to an address, the newest first; those that nobody would be sent are left out. */
export async function lettersTo(profiles: Profiles, email: string): Promise<Mailed[]> {
  const rows = await profiles.database.query<{ letter: string; kind: string }>(
    rawSql("select letter, kinds[1] as kind from mails where letter is not null order by id desc"),
  );
  const written = await Promise.all(
    rows.map(async ({ letter, kind }) => ({ kind, now: await letterNow(profiles, letter) })),
  );
  return written.flatMap(({ kind, now }) =>
    now?.email === email ? [{ kind, links: now.links, code: now.code }] : [],
  );
}

/** The newest mail of a kind to an address. */
export async function letterTo(profiles: Profiles, email: string, kind: string): Promise<Mailed> {
  const found = (await lettersTo(profiles, email)).find((each) => each.kind === kind);
  assert.ok(found, `a mail of the kind ${kind} went to ${email}`);
  return found;
}

/** The token of the link in a mail. */
export const tokenOf = ({ links }: Mailed, nth = 0): string => links[nth]?.url.split("/").at(-1) ?? "";
