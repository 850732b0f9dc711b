/** What holds of every answer of a run, looked at when all else has been asked. */
import { type ProblemCode, problemCodes, problemEntry } from "../../core/protocol/protocol.ts";
import type { Exchange, Workbench } from "./workbench.ts";
import { Broken, type Flaw, written } from "./message.ts";
import { type Rule, rulesOf } from "./steps.ts";

const where = ({ sent }: Exchange): string => `${sent.method} ${sent.path}`;

/** The first answer of which something is wrong breaks the rule. */
const each =
  (look: (exchange: Exchange, workbench: Workbench) => string | undefined) =>
  async (workbench: Workbench) => {
    for (const exchange of workbench.exchanges) {
      const wrong = look(exchange, workbench);
      if (wrong !== undefined) throw new Broken(`${wrong} (the answer to ${where(exchange)})`);
    }
  };

const noFlaw = (rule: Flaw["rule"]) =>
  each(({ flaw, proper }) =>
    proper && flaw?.rule === rule ? `expected a signed reply, saw: ${flaw.why}` : undefined,
  );

/** All objects in an answer, however deep. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== "object" || value === null) return [];
  const held: Record<string, unknown> = { ...value };
  return [held, ...Object.values(held).flatMap(objectsIn)];
}

const states: Record<string, (frozen: number, settled: number, released: number) => boolean> = {
  held: (frozen) => frozen > 0,
  settled: (frozen, settled) => frozen === 0 && settled > 0,
  released: (frozen, settled) => frozen === 0 && settled === 0,
  expired: (frozen, settled) => frozen === 0 && settled === 0,
};

/** Why a reservation cannot be as it is told. */
function impossible(view: Record<string, unknown>): string | undefined {
  const [amount = 0, settled = 0, released = 0, refunded = 0] = [
    "amount",
    "settled",
    "released",
    "refunded",
  ].map((name) => Number(view[name]));
  const frozen = amount - settled - released;
  const whole = [amount, settled, released, refunded, frozen].every(
    (part) => Number.isSafeInteger(part) && part >= 0,
  );
  if (!whole || amount === 0 || refunded > settled) return `expected sums that add up, saw ${written(view)}`;
  const fits = states[String(view["state"])];
  if (fits?.(frozen, settled, released) === true) return undefined;
  return `expected a state that fits the sums, saw ${written(view)}`;
}

const addsUp = each(({ heard }) => {
  if (heard.status >= 400) return undefined;
  const views = objectsIn(heard.json).filter((each) => "state" in each && "released" in each);
  return views.map(impossible).find((wrong) => wrong !== undefined);
});

/** Why a refusal is not in the form that all have. A code may be the institution's own; one of the registry means what it says there. */
function malformed(told: Record<string, unknown>, status: number): string | undefined {
  const { code } = told;
  if (typeof code !== "string" || !/^[a-z][a-z0-9_]*$/.test(code))
    return `expected a code, saw ${written(told)}`;
  const known = problemCodes.find((each): each is ProblemCode => each === code);
  const { transient } = told;
  const entry =
    known === undefined
      ? { status, transient: typeof transient === "boolean" && transient }
      : problemEntry(known);
  const texts = ["type", "title", "detail"].every(
    (name) => typeof told[name] === "string" && told[name] !== "",
  );
  const right =
    told["status"] === entry.status && entry.status === status && told["transient"] === entry.transient;
  return texts && right
    ? undefined
    : `expected a problem document of ${code} with ${entry.status}, saw ${written(told)}`;
}

const problems = each(({ heard }) => {
  if (heard.status < 400) {
    const { outcomes } = heard.json;
    if (!Array.isArray(outcomes)) return undefined;
    const refused = (outcomes as Record<string, unknown>[]).filter(({ status }) => Number(status) >= 400);
    return refused
      .map(({ status, problem }) => malformed({ ...(problem as object) }, Number(status)))
      .find((wrong) => wrong !== undefined);
  }
  const type = heard.headers["content-type"] ?? "";
  if (!/^application\/problem\+json *(;|$)/.test(type))
    return `expected application/problem+json, saw ${written(type)}`;
  return malformed(heard.json, heard.status);
});

const neverFails = each(({ heard }) =>
  heard.status >= 500 ? `expected a status below 500, saw ${heard.status} ${written(heard.text)}` : undefined,
);

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const address = /[^\s"@]+@[^\s"@]+\.[a-z]{2,}/i;
const bankAccount = /\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,}/;
const telling =
  /^(account|accountnumber|iban|bic|owner|ownername|name|firstname|lastname|email|phone|address|birthdate|member|person|payer|balance|available|limit)$/i;

/** What a server needs for its work are ids that it knows and sums that it asked for; anything else is a leak. */
const tellsNothing = each(({ heard, sent }, { known }) => {
  if (heard.status >= 400) return undefined;
  const field = objectsIn(heard.json)
    .flatMap(Object.keys)
    .find((name) => telling.test(name));
  if (field !== undefined) return `expected nothing about whose money it is, saw a field ${written(field)}`;
  if (address.test(heard.text) || bankAccount.test(heard.text))
    return `expected no address or account, saw ${written(heard.text)}`;
  // A list shows what earlier runs have made.
  if (/^\/v1\/(reservations|collections)\?/.test(sent.path)) return undefined;
  const stranger = (heard.text.match(uuid) ?? []).find((id) => !known.has(id));
  return stranger === undefined ? undefined : `expected ids that were given, saw ${stranger}`;
});

const replies = rulesOf("What is signed", [
  ["reply.form", "Every reply to a signed request is signed, refusals too", noFlaw("reply.form")],
  [
    "reply.covers",
    "A reply's signature covers its status, its body, its type, and the request's signature",
    noFlaw("reply.covers"),
  ],
  [
    "reply.key",
    "It is made with a key that the institution publishes, under its own address",
    noFlaw("reply.key"),
  ],
  ["reply.true", "It is true of this reply, and of the request that was asked", noFlaw("reply.true")],
  ["reply.timely", "It is of now", noFlaw("reply.timely")],
]);

const answers = rulesOf("Bodies and refusals", [
  ["problem.form", "Every refusal is a problem document with a known code", problems],
  ["problem.no-failure", "Bad input is refused; it never makes the server fail", neverFails],
]);

const sums = rulesOf("Payments: instructions", [
  [
    "reservation.adds-up",
    "In every answer, amount = frozen + settled + released, refunded is at most settled, and the state fits",
    addsUp,
  ],
]);

const privacy = rulesOf("Payments: who may ask for what", [
  ["privacy.silent", "No answer holds an account, or whose it is", tellsNothing],
]);

export const wholeRules: readonly Rule[] = [...replies, ...answers, ...sums, ...privacy];
