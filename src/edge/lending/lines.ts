/** Lines that are lent, as their lenders and operators see them, and who may. */
import type { FastifyRequest } from "fastify";
import { addDuration, parseDuration, refuse } from "../../core/protocol/protocol.ts";
import { toWire } from "../../core/money/money.ts";
import { type LentLine, type LentShare, readLine } from "../../engines/lending/lending.ts";
import type { Client } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { readPeopleById } from "../../storage/members/members.ts";
import { readParties, type PartyRow } from "../../storage/parties/parties.ts";
import { callerAmong, type Context } from "../api/api.ts";

/** Parties that can lend: those that sell, and those that stand between. */
export const lenderKinds = ["shop", "provider"] as const;
export const lendersOrOperators = [...lenderKinds, "operator"] as const;

/** How long a member may owe before the lender makes it good. */
const graceOfCall = "P30D";

export function callFrom({ owingSince }: Pick<LentShare, "owingSince">): Date | null {
  const grace = parseDuration(graceOfCall);
  return owingSince === null || grace === undefined ? null : addDuration(owingSince, grace);
}

/** A party that could lend; for anybody else there is none. */
export async function lenderById(client: Client, id: string): Promise<PartyRow> {
  const [party] = await readParties(client, [id]);
  return party !== undefined && lenderKinds.some((kind) => kind === party.kind) ? party : refuse("not_found");
}

/** A line, for its lender and operators; for anybody else it does not exist. */
export async function lineFor(
  context: Context,
  request: FastifyRequest,
  id: string,
): Promise<{ caller: Caller; line: LentLine }> {
  const caller = await callerAmong(context, request, lendersOrOperators);
  const line = await readLine(context.database, id);
  if (line === undefined || (caller.kind !== "operator" && caller.id !== line.lender))
    return refuse("not_found");
  return { caller, line };
}

const atLeastNothing = (amount: bigint): number => (amount > 0n ? toWire(amount) : 0);

export async function linesView(client: Client, lines: readonly LentLine[]) {
  const accounts = await readAccounts(
    client,
    lines.map(({ account }) => account),
  );
  return lines.map(({ id, lender, currency, account, most, given, stoppedAt, createdAt }) => {
    const posted = accounts.find((each) => each.id === account)?.posted ?? 0n;
    return {
      id,
      lender,
      currency,
      limit: toWire(most),
      given: toWire(given),
      owes: atLeastNothing(-posted),
      paidIn: atLeastNothing(posted),
      account,
      stoppedAt: stoppedAt?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
    };
  });
}

export async function lineView(client: Client, line: LentLine) {
  return (await linesView(client, [line]))[0] ?? refuse("not_found");
}

/** What members have of a line: their numbers and sums, and nothing of who they are. */
export async function partsView(client: Client, shares: readonly LentShare[]) {
  const [accounts, people] = await Promise.all([
    readAccounts(
      client,
      shares.map(({ account }) => account),
    ),
    readPeopleById(
      client,
      shares.map(({ person }) => person),
    ),
  ]);
  return shares.map((share) => {
    const { posted = 0n, held = 0n } = accounts.find(({ id }) => id === share.account) ?? {};
    const person = people.find(({ id }) => id === share.person);
    return {
      member: person?.number == null || person.state === "erased" ? null : String(person.number),
      state: share.state,
      limit: toWire(share.most),
      used: atLeastNothing(-posted),
      held: toWire(held),
      owingSince: share.owingSince?.toISOString() ?? null,
      callFrom: share.state === "open" ? (callFrom(share)?.toISOString() ?? null) : null,
      createdAt: share.createdAt.toISOString(),
    };
  });
}
