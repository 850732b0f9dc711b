/** What operators do to files: calls for programs and pages ask for the same acts. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { toWire } from "../../core/money/money.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import {
  approveFile,
  bookReport,
  completeFile,
  dropFile,
  type FileForm,
  gatherFile,
  lookAtReport,
  type PayoutFile,
  type ReportBooking,
} from "../../engines/payouts/payouts.ts";
import { callerAmong, sendOutcome } from "../api/api.ts";
import { idempotencyKey } from "../http/http.ts";
import type { Room } from "./accounts.ts";

export const operators = ["operator"] as const;
export const forms = ["zengin", "pain001"] as const satisfies readonly FileForm[];

export function fileView(file: PayoutFile) {
  const { number, total, digest, xmlDigest, madeAt, sentAt, doneAt, ...rest } = file;
  return {
    ...rest,
    number: String(number),
    total: toWire(total),
    digest: digest.toString("hex"),
    xmlDigest: xmlDigest.toString("hex"),
    madeAt: madeAt.toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
    doneAt: doneAt?.toISOString() ?? null,
  };
}

/** What the second operator reads, and confirms. */
export const boundTo = ({ id, number, payOn, count, total, currency, digest }: PayoutFile) => ({
  file: id,
  number: String(number),
  payOn,
  count,
  total: toWire(total),
  currency,
  digest: digest.toString("hex"),
});

export function fileActs({ ground, confirming }: Room) {
  return {
    gather: confirming.act<{ payOn: string }>(
      "payout-file.gather",
      async (client, { payOn }, { operator: madeBy }) => ({
        status: 201,
        body: fileView(await gatherFile(ground, client, { payOn, madeBy })),
      }),
    ),
    approve: confirming.act<ReturnType<typeof boundTo>>(
      "payout-file.approve",
      async (client, { file, digest }, names) => ({
        status: 200,
        body: fileView(await approveFile(client, { file, digest }, names)),
      }),
    ),
    drop: confirming.act<{ file: string }>("payout-file.drop", async (client, { file }) => ({
      status: 200,
      body: fileView(await dropFile(client, file)),
    })),
    complete: confirming.act<{ file: string; reference: string }>(
      "payout-file.complete",
      async (client, wish) => ({ status: 200, body: fileView(await completeFile(ground, client, wish)) }),
    ),
    report: confirming.act<ReportBooking>("payout-report.book", async (client, booking, names) => {
      const { owners } = await bookReport(ground, client, booking, names);
      const { backBefore: _, ...said } = booking;
      // What waited since before contradictions were noted has none.
      const body = { ...said, contradicted: (said as Partial<ReportBooking>).contradicted ?? [] };
      return { status: 201, body, tells: owners };
    }),
  };
}

export type FileActs = ReturnType<typeof fileActs>;
export type Asking = Parameters<FileActs["gather"]>[0];

/** Asks for an act as a program does, and answers what it came to. */
export async function answerAct<Args>(
  room: Room,
  request: FastifyRequest,
  reply: FastifyReply,
  ask: (asking: Asking, args: Args) => ReturnType<FileActs["gather"]>,
  { subject, args }: { subject: string; args: Args },
): Promise<FastifyReply> {
  const { id: operator } = await callerAmong(room, request, operators);
  const [path = ""] = request.url.split("?");
  const digest = digestOf(request.method, path, request.body);
  return sendOutcome(reply, await ask({ operator, key: idempotencyKey(request), digest, subject }, args));
}

/** Reads what a bank says of payouts, for another operator to confirm. */
export function lookAtMessage(
  { database, confirming }: Room,
  { bytes, operator, key }: { bytes: Buffer; operator: string; key: string | undefined },
): Promise<ReportBooking> {
  // Where one operator is enough nothing was kept, and the key's own answer is found behind this.
  const isRepeated = async () =>
    key !== undefined && (confirming.rules.fourEyes === "off" || (await confirming.hasKept(operator, key)));
  return lookAtReport(database, bytes, isRepeated);
}
