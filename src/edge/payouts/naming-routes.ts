/** Where an account is paid out to, and when by itself: said by its owner, with the password, or by two operators with proof. */
import { payingOutSchema, payoutScheduleSchema } from "../../core/answers/answers.ts";
import { accountKinds, isSchedule, rhythms } from "../../core/bankfiles/bankfiles.ts";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { toWire } from "../../core/money/money.ts";
import { Refusal, refuse } from "../../core/protocol/protocol.ts";
import { amountSchema, closed, idSchema, oneOf, operator, text } from "../../core/protocol/schemas.ts";
import { digestOf, inTransaction } from "../../engines/engine/engine.ts";
import {
  deleteSchedule,
  detailsOf,
  firstDue,
  keepAsked,
  nameAccount,
  nameAsked,
  type Owner,
  payableAccount,
  readSchedule,
  rulesOf,
  type ScheduleRow,
  takeAwayAccount,
  writeSchedule,
} from "../../engines/payouts/payouts.ts";
import { type Client, idFrom, readClock, uuidv7 } from "../../storage/database/database.ts";
import { type Caller, signerOf } from "../../storage/identity/identity.ts";
import {
  type BankAccountRow,
  type BankDetails,
  readBankAccount,
  readLanguage,
} from "../../storage/members/members.ts";
import { readPartyLanguage } from "../../storage/parties/parties.ts";
import { operatorAct, refuseWhileHeld } from "../api/api.ts";
import { idempotencyKey, type Server } from "../http/http.ts";
import { noteLook, speechFrom, speechQuery, unspoken } from "../operators/operators.ts";
import { knownEmail, lasting, provenLogin, writeLetter } from "../profiles/profiles.ts";
import { ofOwner, ownerFor, ownerOr404, type Room } from "./accounts.ts";

const tags = ["Payouts"];
const params = closed({ id: idSchema });
const bankAccount = {
  bank: Type.String({
    pattern: "^[0-9]{4}$",
    examples: ["0001"],
    description: "The number of the bank (金融機関コード)",
  }),
  branch: Type.String({
    pattern: "^[0-9]{3}$",
    examples: ["001"],
    description: "The number of the branch (支店コード)",
  }),
  kind: oneOf(accountKinds, "普通 or 当座"),
  number: Type.String({ pattern: "^[0-9]{7}$", examples: ["0123456"] }),
  holder: text(1, 60, "In katakana, as it stands at the bank; nobody guesses how a name is read"),
};

export function registerNaming(server: Server, room: Room): void {
  registerReading(server, room);
  registerNamingCall(server, room);
  registerTakingAway(server, room);
  registerSchedules(server, room);
}

function bankView(row: BankAccountRow | undefined) {
  if (row === undefined) return null;
  const { id, details, usableFrom } = row;
  const { bank, bankLabel, branch, branchLabel, kind, number, holder } = details;
  const names = { bank, bankName: bankLabel, branch, branchName: branchLabel };
  return { id, ...names, kind, number, holder, usableFrom: usableFrom.toISOString() };
}

const scheduleView = ({ every, on, least, nextOn }: ScheduleRow) => ({
  every,
  on,
  least: toWire(least),
  nextOn,
});

async function payingOut({ ground: { vault } }: Room, client: Client, account: string) {
  const [named, asked, schedule] = [
    await readBankAccount(client, vault, account),
    await readBankAccount(client, vault, account, "asked"),
    await readSchedule(client, account),
  ];
  const when = schedule === undefined ? null : scheduleView(schedule);
  return { account, bankAccount: bankView(named), asked: bankView(asked), schedule: when };
}

function registerReading(server: Server, room: Room): void {
  const { database, settings } = room;
  server.get(
    "/v1/accounts/:id/bank-account",
    {
      config: { access: ofOwner, refusals: ["not_found", "too_many_requests"] },
      schema: {
        tags,
        summary: "Where an account is paid out to, and when by itself",
        answers: { 200: payingOutSchema },
        description: "An operator says why; of a member that leaves a row which the member reads.",
        params,
        querystring: closed({ reason: Type.Optional(text(1, 500, "Of an operator: why")) }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const { caller, owner } = await ownerFor(room, request, id);
      if (caller.kind !== "operator") return payingOut(room, database, id);
      const { reason } = request.query;
      return inTransaction(database, async (client) => {
        const person = owner.kind === "member" ? owner.id : null;
        await noteLook(client, settings, { person, operator: caller.id, reason });
        return payingOut(room, client, id);
      });
    },
  );
}

/** Tells the owner of it where they are reached: that somebody else did it is known by nothing else. */
async function tell({ profiles }: Room, client: Client, owner: Owner): Promise<void> {
  const email = await knownEmail(profiles, owner);
  if (email === undefined) return;
  const language =
    owner.kind === "member"
      ? await readLanguage(client, owner.id)
      : await readPartyLanguage(client, owner.id);
  const letter = { subject: owner.id, kind: "bank account", email, language, minutes: lasting.told } as const;
  await writeLetter(profiles, client, letter);
}

/** Keeps what an operator asks for under an id; a repetition is the same wish. */
async function keepWish(
  { ground, database }: Room,
  request: FastifyRequest,
  caller: Caller,
  { account, details }: { account: string; details: BankDetails },
): Promise<string> {
  const key = idempotencyKey(request);
  const digest = digestOf(details).bytes.toString("hex");
  const id = key === undefined ? uuidv7() : idFrom(`bank account ${caller.id} ${key} ${account} ${digest}`);
  await inTransaction(database, (client) => keepAsked(ground, client, { id, account, details }));
  return id;
}

const refusedNames = [
  "not_found",
  "not_allowed",
  "currency_mismatch",
  "password_wrong",
  "sign_in_changed_lately",
  "too_many_requests",
  "card_number_refused",
] as const;

function registerNamingCall(server: Server, room: Room): void {
  const { ground, profiles, database } = room;
  const name = operatorAct<{ account: string; bankAccount: string }>(
    room,
    "bank-account.name",
    async (client, { account, bankAccount: id }, { operator: by, confirmedBy }) => {
      const { owner } = await payableAccount(client, account);
      await nameAsked(
        ground,
        client,
        { id, account, owner },
        { role: "operator", operator: by, confirmedBy },
      );
      await tell(room, client, owner);
      return { status: 200, body: await payingOut(room, client, account), tells: owner.id };
    },
  );
  server.put(
    "/v1/accounts/:id/bank-account",
    {
      config: {
        access: ofOwner,
        acts: ["bank-account.name"],
        refusals: refusedNames,
      },
      schema: {
        tags,
        summary: "Name the account at a bank to which an account is paid out",
        answers: { 200: payingOutSchema },
        description:
          "A member and a shop show their password; a key is not enough. For an owner who reaches them, two operators do it, with " +
          "proof. The owner is told by mail, and nothing is paid out to it for three days. What is named already is not named anew.",
        params,
        body: closed({ ...bankAccount, password: Type.Optional(text(1, 200, "Of an owner")), operator }),
      },
    },
    async (request, reply) => {
      const { id: account } = request.params;
      const { caller, owner } = await ownerFor(room, request, account);
      rulesOf(ground);
      await payableAccount(database, account);
      const { password, operator: speech, ...wish } = request.body;
      const details = detailsOf(wish);
      if (caller.kind === "operator") {
        if (password !== undefined) refuse("not_allowed", "No operator knows an owner's password.");
        const refused = unspoken(room.settings, "bank-account.name", speech);
        if (refused !== undefined) throw new Refusal(refused);
        const bankAccount = await keepWish(room, request, caller, { account, details });
        return name(request, reply, caller, { subject: account, args: { account, bankAccount }, speech });
      }
      if (speech !== undefined) refuse("not_allowed", "Only an operator acts for somebody else.");
      if (password === undefined)
        return refuse("invalid_field", "It takes the password.", {
          errors: [{ pointer: "/password", message: "is missing" }],
        });
      await provenLogin(profiles, caller, { password });
      return inTransaction(database, async (client) => {
        await refuseWhileHeld(client, signerOf(caller));
        const wish = { id: uuidv7(), account, owner, details };
        if (await nameAccount(ground, client, wish, { role: "self" })) await tell(room, client, owner);
        return payingOut(room, client, account);
      });
    },
  );
}

/** From which account, and which account at a bank whoever asks for it has seen. */
interface TakenAway {
  account: string;
  seen?: string;
}

const takingAwayQuery = closed({
  ...speechQuery.properties,
  seen: Type.Optional({
    ...idSchema,
    description: "The one that you have looked at: no other is taken away",
  }),
});

function registerTakingAway(server: Server, room: Room): void {
  const { ground } = room;
  const takeAway = operatorAct<TakenAway>(
    room,
    "bank-account.take-away",
    async (client, { account, seen }, { operator: by, confirmedBy }) => {
      const { owner } = await payableAccount(client, account);
      await takeAwayAccount(
        ground,
        client,
        { account, owner, seen },
        { role: "operator", operator: by, confirmedBy },
      );
      return { status: 204, body: {}, tells: owner.id };
    },
  );
  server.delete(
    "/v1/accounts/:id/bank-account",
    {
      config: {
        access: ofOwner,
        acts: ["bank-account.take-away"],
        refusals: ["not_found", "currency_mismatch", "bank_account_changed"],
      },
      schema: {
        tags,
        summary: "Take it away; payouts that wait and would go there are taken back",
        answers: { 204: null },
        params,
        querystring: takingAwayQuery,
      },
    },
    async (request, reply) => {
      const { id: account } = request.params;
      const { caller, owner } = await ownerFor(room, request, account);
      const { seen, ...said } = request.query;
      const speech = speechFrom(said);
      const args = seen === undefined ? { account } : { account, seen };
      if (caller.kind === "operator")
        return takeAway(request, reply, caller, { subject: account, args, speech });
      if (speech !== undefined) refuse("not_allowed", "Only an operator acts for somebody else.");
      await inTransaction(room.database, (client) =>
        takeAwayAccount(ground, client, { account, owner, seen }, { role: "self" }),
      );
      return reply.code(204).send();
    },
  );
}

const ownersOnly = ["member", "shop"] as const;

async function ownAccount(room: Room, caller: Caller, account: string): Promise<void> {
  rulesOf(room.ground);
  await ownerOr404(room.database, caller, account);
  await payableAccount(room.database, account);
}

function registerSchedules(server: Server, room: Room): void {
  const refusals = ["not_found", "not_allowed", "currency_mismatch"] as const;
  server.put(
    "/v1/accounts/:id/payout-schedule",
    {
      config: { access: ownersOnly, refusals },
      schema: {
        tags,
        summary: "Have an account paid out by itself, on days on which banks in Japan are open",
        answers: { 200: payoutScheduleSchema },
        description:
          "`on`: of a week from 1, Monday, to 5; of a month from 1 to 31, where the last day stands for one that a month does not " +
          "have. What falls on a holiday is due when banks open again. `least`: less than that waits for the next time.",
        params,
        body: closed({
          every: oneOf(rhythms),
          on: Type.Optional(Type.Integer({ minimum: 1, maximum: 31 })),
          least: amountSchema,
        }),
      },
    },
    async (request) => {
      const { id: account } = request.params;
      const { caller } = await ownerFor(room, request, account);
      if (caller.kind === "operator") refuse("not_allowed", "An owner says when they are paid out.");
      await ownAccount(room, caller, account);
      const { every, on = 1, least } = request.body;
      if (!isSchedule({ every, on }))
        refuse("invalid_field", "A week has the days 1 to 5, and every day has none.", {
          errors: [{ pointer: "/on", message: `is no day of a ${every}` }],
        });
      return inTransaction(room.database, async (client) => {
        const nextOn = firstDue({ every, on }, await readClock(client));
        await writeSchedule(client, { account, every, on, least: BigInt(least), nextOn });
        return scheduleView((await readSchedule(client, account)) ?? refuse("not_found"));
      });
    },
  );
  server.delete(
    "/v1/accounts/:id/payout-schedule",
    {
      config: { access: ownersOnly, refusals: ["not_found", "not_allowed"] },
      schema: { tags, summary: "Have it paid out on request only", answers: { 204: null }, params },
    },
    async (request, reply) => {
      const { id: account } = request.params;
      const { caller } = await ownerFor(room, request, account);
      if (caller.kind === "operator") refuse("not_allowed", "An owner says when they are paid out.");
      if (!(await deleteSchedule(room.database, account))) refuse("not_found");
      return reply.code(204).send();
    },
  );
}
