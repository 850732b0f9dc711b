/** What is due at the small institution in memory, and what is taken for it; with a fault, not quite as the document says. */
import { setTimeout as pause } from "node:timers/promises";
import { makeCheck } from "../../../src/edge/http/http.ts";
import { dammValid, problem, type ProblemCode } from "../../../src/core/protocol/protocol.ts";
import {
  type CollectionInstruction,
  collectionInstructionSchemas,
} from "../../../src/core/protocol/schemas.ts";
import type { Consent } from "./wrong-books.ts";
import type { Fault } from "./wrong-faults.ts";

export interface Answer {
  status: number;
  text: string;
  replayed?: boolean;
}

interface Due {
  tradeNumber: string;
  peer: string;
  version: number;
  payee: Consent | undefined;
  currency: string;
  amount: number;
  paid: number;
  refunded: number;
  heard: number;
  payBy: string;
  payments: Record<string, unknown>[];
}

type Of<Does extends CollectionInstruction["do"]> = Extract<CollectionInstruction, { do: Does }>;
type Result = { refused: ProblemCode } | Due;

const no = (refused: ProblemCode) => ({ refused });
const ok = (body: object, status = 200): Answer => ({ status, text: JSON.stringify(body) });
const refusal = (code: ProblemCode): Answer => {
  const told = problem(code);
  return { status: told.status, text: JSON.stringify(told) };
};

const checks = new Map(
  Object.entries(collectionInstructionSchemas).map(([word, schema]) => [
    word,
    makeCheck(schema, "instruction"),
  ]),
);

/** Fields in one order, however they were sent. */
export function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const sorted = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([name, held]) => [name, inOrder(held)]);
}

function viewOf(due: Due): Record<string, unknown> {
  const { tradeNumber, currency, amount, paid, refunded, version, payBy, payments } = due;
  const open = amount - paid;
  const state = open > 0 ? "open" : paid > 0 ? "paid" : "withdrawn";
  const plain = { payableFrom: null, shopName: null, payments };
  return { tradeNumber, state, currency, amount, paid, due: open, refunded, version, payBy, ...plain };
}

export class WrongCollections {
  private readonly dues = new Map<string, Due>();
  private readonly answers = new Map<string, Answer & { content: string }>();
  private readonly payments = new Map<string, Answer & { content: string }>();
  private readonly wrong: (fault: Fault) => boolean;
  private readonly consents: ReadonlyMap<string, Consent>;

  constructor(wrong: (fault: Fault) => boolean, consents: ReadonlyMap<string, Consent>) {
    this.wrong = wrong;
    this.consents = consents;
  }

  /** What a server asks. */
  answer(
    peer: string,
    path: string,
    query: URLSearchParams,
    body: Record<string, unknown> | undefined,
  ): Answer {
    if (body === undefined)
      return path === "/v1/collections" ? this.list(peer, query) : this.read(peer, path);
    const { instructions } = body;
    if (!Array.isArray(instructions)) return refusal("invalid_field");
    const outcomes = instructions.map((each) => {
      const {
        status,
        text,
        replayed = false,
      } = this.once(peer, { ...Object(each) } as Record<string, unknown>);
      const kind = status >= 400 ? "problem" : "collection";
      return `{"status":${status},${replayed ? '"replayed":true,' : ""}"${kind}":${text}}`;
    });
    return { status: 200, text: `{"outcomes":[${outcomes.join()}]}` };
  }

  private read(peer: string, path: string): Answer {
    const due = this.dues.get(path.split("/").at(-1) ?? "");
    const isTheirs = due?.peer === peer || this.wrong("what is due is seen by every server");
    return due !== undefined && isTheirs ? ok(viewOf(due)) : refusal("not_found");
  }

  private list(peer: string, query: URLSearchParams): Answer {
    const isTheirs = (due: Due) => due.peer === peer || this.wrong("the list of dues is everybody's");
    const all = [...this.dues.values()].toReversed().filter(isTheirs);
    const isNews = ({ paid, heard }: Due): boolean =>
      !this.wrong("nothing is news") && (heard < paid || (paid > 0 && this.wrong("news are told for ever")));
    const asked = query.get("unheard") === "true" ? all.filter(isNews) : all;
    return ok({ items: asked.slice(0, Number(query.get("limit") ?? 50)).map(viewOf), next: null });
  }

  private once(peer: string, asked: Record<string, unknown>): Answer {
    const check = checks.get(String(asked["do"]));
    if (check?.(asked) !== undefined || check === undefined) return refusal("invalid_field");
    const name = `${peer} ${String(asked["id"])}`;
    const content = JSON.stringify(inOrder(asked));
    const before = this.answers.get(name);
    if (before !== undefined && (before.content === content || !this.wrong("a due may have other content")))
      return before.content === content ? { ...before, replayed: true } : refusal("command_id_reused");
    const result = this.obey(peer, asked as CollectionInstruction);
    const taken = "refused" in result ? undefined : this.atDoor(peer, result, asked as CollectionInstruction);
    const answer = "refused" in result ? refusal(result.refused) : ok({ ...viewOf(result), ...taken });
    this.answers.set(name, { ...answer, content });
    return answer;
  }

  /** What was taken at the door with a due. */
  private atDoor(peer: string, due: Due, asked: CollectionInstruction): { taken: object } | undefined {
    if (asked.do !== "due" || asked.taken === undefined) return undefined;
    const { consent, amount } = asked.taken;
    const refused = (code: ProblemCode) => ({ taken: { state: "refused", code } });
    const leave = this.consents.get(consent);
    const isGood = leave?.peer === peer && leave.purpose === "collect";
    if (!isGood && !this.wrong("anybody owes what a server says")) return refused("consent_not_valid");
    if (leave !== undefined && leave.spent + amount > (leave.limitPerMonth ?? 0) && isGood)
      return refused("consent_limit_exceeded");
    const open = due.amount - due.paid;
    if (open === 0) return refused("nothing_due");
    if (amount !== open && !this.wrong("any sum is taken at the door")) return refused("amount_mismatch");
    if (!this.wrong("what was taken at the door is said and not booked")) due.paid = due.amount;
    if (leave !== undefined) leave.spent += amount;
    return { taken: { state: "taken" } };
  }

  private obey(peer: string, asked: CollectionInstruction): Result {
    if (!dammValid(asked.tradeNumber) && !this.wrong("check digits are not looked at"))
      return no("wrong_check_digit");
    if (asked.do === "due") return this.due(peer, asked);
    const due = this.dues.get(asked.tradeNumber);
    if (due?.peer !== peer) return no("not_found");
    return asked.do === "heard" ? this.heard(due, asked) : this.reimburse(due, asked);
  }

  private due(peer: string, asked: Of<"due">): Result {
    const { tradeNumber, version, amount, currency, payBy } = asked;
    const before = this.dues.get(tradeNumber);
    const isTaken = before !== undefined && before.peer !== peer;
    if (isTaken && !this.wrong("a number is that of whoever names it last")) return no("already_exists");
    const isOld = before !== undefined && version <= before.version;
    if (isOld && !this.wrong("an older version counts")) return before;
    const payee = this.consents.get(asked.payee);
    const isOwn = payee?.own === true && !this.wrong("a server has dues of its own");
    const isGood =
      (payee?.peer === peer && payee.purpose === "receive") || this.wrong("money is due to anybody");
    if (!isGood || isOwn) return no("consent_not_valid");
    if (payee?.currency !== currency && !this.wrong("a due may be in any currency"))
      return no("currency_mismatch");
    const paid = this.wrong("what was paid is forgotten when less is due") ? 0 : (before?.paid ?? 0);
    const plain = { refunded: 0, heard: 0, payments: [] };
    const due: Due = {
      ...plain,
      ...before,
      tradeNumber,
      peer,
      version,
      payee,
      currency,
      payBy,
      paid,
      amount,
    };
    if (due.amount < paid) due.amount = paid;
    this.dues.set(tradeNumber, due);
    return due;
  }

  private heard(due: Due, { paid }: Of<"heard">): Result {
    if (paid > due.paid) return no("amount_exceeds_settled");
    due.heard = Math.max(due.heard, paid);
    return due;
  }

  private reimburse(due: Due, { total, sources }: Of<"reimburse">): Result {
    const again = this.wrong("totals are given back again");
    const missing = again ? total : total - due.refunded;
    if (missing <= 0) return due;
    if (total > due.paid) return no("amount_exceeds_settled");
    const isTheirs = sources.every(({ account }) => this.consents.get(account)?.peer === due.peer);
    if (!isTheirs) return no("consent_not_valid");
    if (sources.reduce((sum, { amount }) => sum + amount, 0) !== missing) return no("amount_mismatch");
    due.refunded += missing;
    return due;
  }

  /** What somebody has taken. */
  async pay(path: string, wish: Record<string, unknown>): Promise<Answer> {
    const [, , , number = ""] = path.split("/");
    if (!dammValid(number)) return refusal("wrong_check_digit");
    const content = `${number} ${JSON.stringify(inOrder(wish))}`;
    const before = this.payments.get(String(wish["id"]));
    if (before !== undefined && !this.wrong("a payment is booked again when it is repeated"))
      return before.content === content ? before : refusal("command_id_reused");
    const due = this.dues.get(number);
    if (due === undefined) return refusal("not_found");
    if (wish["currency"] !== due.currency) return refusal("currency_mismatch");
    const answer = await this.take(due, wish);
    if (answer.status < 400) this.payments.set(String(wish["id"]), { ...answer, content });
    return answer;
  }

  private async take(due: Due, wish: Record<string, unknown>): Promise<Answer> {
    const { id, channel, reference } = wish;
    const amount = Number(wish["amount"]);
    const open = due.amount - due.paid;
    const isWithdrawn = due.amount === 0 && this.wrong("what was withdrawn is taken");
    const isTwice = due.paid > 0 && open === 0 && this.wrong("a due is paid twice");
    const fits = amount === open || (open > 0 && this.wrong("any sum is taken"));
    const is = (open > 0 && fits) || isWithdrawn || isTwice;
    if (!is && wish["taken"] !== true) return refusal(open === 0 ? "nothing_due" : "amount_mismatch");
    if (this.wrong("a till looks first and writes later")) await pause(5);
    const lost = this.wrong("who pays and who withdraws are both told yes") && due.amount === amount;
    const payment = {
      id,
      amount,
      channel,
      reference,
      at: new Date().toISOString(),
      state: is ? "taken" : "kept",
    };
    due.payments.push(payment);
    if (is && !lost) due.paid += amount;
    if (due.amount < due.paid) due.amount = due.paid;
    return ok({ ...payment, tradeNumber: due.tradeNumber, currency: due.currency }, 201);
  }
}
