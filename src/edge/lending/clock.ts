/** What follows on lent lines without anybody: since when members owe, what their lenders make good, and what is the lenders' again. */
import { inTransaction } from "../../engines/engine/engine.ts";
import {
  call,
  type LentLine,
  type LentShare,
  listLines,
  lockLine,
  noteOwing,
  owedOn,
  pageOfShares,
  passOn,
  readShareById,
  shrink,
} from "../../engines/lending/lending.ts";
import { type Client, type Database, readClock } from "../../storage/database/database.ts";
import { owedSince, readAccounts } from "../../storage/ledger/ledger.ts";
import { readShops } from "../../storage/parties/parties.ts";
import { callFrom } from "./lines.ts";

export interface LendingClock {
  start(): void;
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

const everyMs = 60_000;
const atOnce = 200;
const first = "00000000-0000-0000-0000-000000000000";

export function openLendingClock(database: Database, onError: (error: unknown) => void): LendingClock {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  /** One that fails holds up none behind it. */
  const tried: Tried = (work) => work().catch(onError);
  const round = async () => {
    await eachPage(
      (after) => pageOfShares(database, atOnce, after),
      (shares) => lookAt(database, shares, tried),
    );
    await eachPage(
      (after) => listLines(database, { after, limit: atOnce }),
      async (lines) => {
        for (const line of lines) await tried(() => giveBack(database, line));
      },
    );
  };
  const sweep = () => (running = running.catch(onError).then(round));
  return {
    start: () => {
      timer = setInterval(() => void sweep().catch(onError), everyMs);
    },
    sweep,
    stop: async () => {
      clearInterval(timer);
      await running.catch(onError);
    },
  };
}

async function eachPage<Row extends { id: string }>(
  read: (after: string) => Promise<Row[]>,
  look: (rows: Row[]) => Promise<void>,
): Promise<void> {
  let after = first;
  for (;;) {
    const rows = await read(after);
    if (rows.length > 0) await look(rows);
    const last = rows.at(-1);
    if (rows.length < atOnce || last === undefined) return;
    after = last.id;
  }
}

type Tried = (work: () => Promise<void>) => Promise<void>;

async function lookAt(
  database: Database,
  shares: readonly (LentShare & { left: boolean })[],
  tried: Tried,
): Promise<void> {
  const accounts = await readAccounts(
    database,
    shares.map(({ account }) => account),
  );
  for (const share of shares)
    await tried(() =>
      lookAtOne(
        database,
        share,
        accounts.find(({ id }) => id === share.account),
      ),
    );
}

async function lookAtOne(
  database: Database,
  share: LentShare & { left: boolean },
  { posted, held }: { posted: bigint; held: bigint } = { posted: 0n, held: 0n },
): Promise<void> {
  const owes = posted < 0n;
  if (owes || share.owingSince !== null)
    await noteOwing(database, share.id, await owedSince(database, share.account));
  const stirs = share.state === "called" && (posted !== 0n || share.most > held);
  if (owes || stirs) await inTransaction(database, (client) => makeGood(client, share));
  // Of whom has left, or was erased, only what is in use goes on.
  else if (share.left && share.most > held - posted)
    await inTransaction(database, (client) => leave(client, share));
}

/** Calls what is owed for longer than the grace, and on a line that is over at once. */
async function makeGood(client: Client, { id, line: lineId }: LentShare): Promise<void> {
  const line = await lockLine(client, lineId);
  const share = await readShareById(client, id);
  if (line === undefined || share === undefined) return;
  // Read anew: what was paid a moment ago counts.
  const owingSince = share.state === "called" ? null : await owedSince(client, share.account);
  const from = callFrom({ owingSince });
  if (share.state === "called" || (from !== null && from <= (await readClock(client))))
    await call(client, line, share);
}

async function leave(client: Client, { id, line: lineId }: LentShare): Promise<void> {
  const line = await lockLine(client, lineId);
  const share = await readShareById(client, id);
  if (line !== undefined && share !== undefined) await shrink(client, line, share);
}

/** What a shop has on its line's account beyond what its members owe is its own: they have paid. */
async function giveBack(database: Database, line: LentLine): Promise<void> {
  const [account] = await readAccounts(database, [line.account]);
  if (account === undefined || account.posted <= 0n) return;
  const [shop] = await readShops(database, [line.lender]);
  const own = shop?.accounts.find(({ currency }) => currency === line.currency)?.account;
  if (own === undefined) return;
  await inTransaction(database, async (client) => {
    const locked = await lockLine(client, line.id);
    if (locked !== undefined) await passOn(client, locked, own, () => owedOn(client, line.id));
  });
}
