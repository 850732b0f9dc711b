/** Files for banks as rows; their bytes are made when they are wanted, and compared with the digest that was approved. */
import { beyondAll, type Client, sql, uuidv7 } from "../../storage/database/database.ts";

export const fileStates = ["made", "approved", "sent", "done", "dropped"] as const;
export type FileState = (typeof fileStates)[number];

export interface PayoutFile {
  id: string;
  number: bigint;
  currency: string;
  /** YYYY-MM-DD. */
  payOn: string;
  count: number;
  total: bigint;
  /** Of its bytes as 総合振込, and as pain.001. */
  digest: Buffer;
  xmlDigest: Buffer;
  state: FileState;
  madeBy: string;
  approvedBy: string | null;
  confirmedBy: string | null;
  madeAt: Date;
  sentAt: Date | null;
  doneAt: Date | null;
  reference: string | null;
}

export type NewFile = Pick<
  PayoutFile,
  "id" | "number" | "currency" | "payOn" | "count" | "total" | "digest" | "xmlDigest" | "madeBy" | "madeAt"
>;

const columns = `id, number, currency, pay_on::text as "payOn", count, total, digest, xml_digest as "xmlDigest", state,
  made_by as "madeBy", approved_by as "approvedBy", confirmed_by as "confirmedBy", made_at as "madeAt",
  sent_at as "sentAt", done_at as "doneAt", reference`;

export async function insertFile(client: Client, file: NewFile): Promise<void> {
  const { id, number, currency, payOn, count, total, digest, xmlDigest, madeBy, madeAt } = file;
  await client.execute(sql`
    insert into payout_files (id, number, currency, pay_on, count, total, digest, xml_digest, state, made_by, made_at)
    values (${id}, ${number}, ${currency}, ${payOn}::date, ${count}, ${total}, ${digest}, ${xmlDigest}, 'made',
      ${madeBy}, ${madeAt})`);
}

export async function readFile(client: Client, id: string): Promise<PayoutFile | undefined> {
  const [row] = await client.query<PayoutFile>({
    name: "payout_file",
    text: `select ${columns} from payout_files where id = $1`,
    values: [id],
  });
  return row;
}

export async function readFiles(client: Client, ids: readonly string[]): Promise<Map<string, PayoutFile>> {
  const rows = await client.query<PayoutFile>({
    name: "payout_files",
    text: `select ${columns} from payout_files where id = any($1::uuid[])`,
    values: [[...new Set(ids)]],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

export async function lockFile(client: Client, id: string): Promise<PayoutFile | undefined> {
  const [row] = await client.query<PayoutFile>({
    name: "payout_file_locked",
    text: `select ${columns} from payout_files where id = $1 for update`,
    values: [id],
  });
  return row;
}

/** Files by their numbers. */
export function readFilesByNumber(client: Client, numbers: readonly bigint[]): Promise<PayoutFile[]> {
  return client.query<PayoutFile>({
    name: "payout_files_by_number",
    text: `select ${columns} from payout_files where number = any($1::bigint[])`,
    values: [[...numbers]],
  });
}

/** Files, the newest first; `after` is the id of the last one seen. */
export function listFiles(client: Client, limit: number, after: string = beyondAll): Promise<PayoutFile[]> {
  return client.query<PayoutFile>({
    name: "payout_files_listed",
    text: `select ${columns} from payout_files where id < $1 order by id desc limit $2`,
    values: [after, limit],
  });
}

export async function noteApproved(
  client: Client,
  id: string,
  { operator, confirmedBy }: { operator: string; confirmedBy: string | null },
): Promise<void> {
  await client.execute(sql`
    update payout_files set state = 'approved', approved_by = ${operator}, confirmed_by = ${confirmedBy},
      approved_at = kenshu_now()
    where id = ${id} and state = 'made'`);
}

export async function noteDropped(client: Client, id: string): Promise<void> {
  await client.execute(
    sql`update payout_files set state = 'dropped' where id = ${id} and state in ('made', 'approved')`,
  );
}

export async function noteDone(client: Client, id: string, reference: string): Promise<void> {
  await client.execute(sql`
    update payout_files set state = 'done', reference = ${reference}, done_at = kenshu_now()
    where id = ${id} and state = 'sent'`);
}

/** Writes down who takes a file away; from the first time on it may be at the bank. */
export async function noteDownload(
  client: Client,
  { file, format, operator }: { file: string; format: string; operator: string },
): Promise<void> {
  await client.execute(sql`
    insert into payout_downloads (id, file, format, operator, at)
    values (${uuidv7()}, ${file}, ${format}, ${operator}, kenshu_now())`);
  await client.execute(sql`
    update payout_files set state = 'sent', sent_at = kenshu_now() where id = ${file} and state = 'approved'`);
}

/** Who has taken a file away, the first one first. */
export function readDownloads(
  client: Client,
  file: string,
): Promise<{ format: string; operator: string; at: Date }[]> {
  return client.query(
    sql`select format, operator, at from payout_downloads where file = ${file} order by id limit 100`,
  );
}
