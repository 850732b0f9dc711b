/** How a step of a story is taken on the pages of those who have some: which form is sent, and what is put into it. */
import type { Fields } from "../wire/forms.ts";
import type { Json } from "../wire/http.ts";

/** A press on a page. */
export interface Press {
  /** The id of the form, and the last part of the address to which it goes. */
  form: string;
  act: string;
  words: Fields;
  /** What has to stand in its hidden fields. */
  hidden?: Fields;
  /** The form is meant only where it asks for no quantities. */
  whole?: true;
  /** Left out where the page does not offer it: the goods have gone that way already. */
  optional?: true;
}

/** A quantity of which the form says how much there is. */
export const all = "all";

const wordsOf = (body: Json, ...names: string[]): Fields =>
  Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const word = body[name];
      return typeof word === "string" || typeof word === "number" ? [[name, String(word)]] : [];
    }),
  );

function quantityOf({ lines }: Json): string {
  const [first] = (lines ?? []) as { line: number; quantity: number }[];
  return first === undefined ? all : String(first.quantity);
}

const parcelOf = ({ tracking }: Json, name = "parcel"): Fields =>
  tracking === undefined ? {} : { [name]: (tracking as { number: string }).number };

const press = (act: string, words: Fields = {}, more: Partial<Press> = {}): Press => ({
  form: `${act}-form`,
  act,
  words,
  ...more,
});

const dayOf = ({ until }: Json): string => String(until).slice(0, 10);

/** What the buyer does, on the page of the trade. Several presses are one step; of two lists the first that is offered. */
export const buyersPresses: Record<string, (body: Json) => Press[][]> = {
  cancel: (body) =>
    body["lines"] === undefined
      ? [[press("not-come")], [press("cancel", {}, { whole: true })]]
      : [[press("cancel", { "quantity-1": quantityOf(body) })]],
  deliver: () => [[press("deliver")]],
  accept: (body) =>
    body["lines"] === undefined
      ? [[press("accept", {}, { form: "accept-all-form" })]]
      : [
          [
            press("accept", {
              "quantity-1": quantityOf(body),
              ...(body["final"] === true ? { final: "yes" } : {}),
            }),
          ],
        ],
  reject: (body) => [
    [press("reject", { "quantity-1": quantityOf(body), kind: "wrong", ...wordsOf(body, "kind", "reason") })],
  ],
  "send-back": (body) => [[press("send-back", parcelOf(body))]],
  withdraw: (body) => [[press("withdraw", { "quantity-1": quantityOf(body), ...wordsOf(body, "reason") })]],
  refund: (body) => [[press("refund", wordsOf(body, "amount", "reason"))]],
  extend: (body) => [
    [press("extend", {}, { form: "wish-yes-form", hidden: { wish: "yes" } })],
    [press("extend", { until: dayOf(body) })],
  ],
  dispute: (body) => [[press("dispute", wordsOf(body, "reason"))]],
  answer: (body) => [[press("answer", wordsOf(body, "statement"))]],
  "offer/accept": (body) => [[press("accept-offer", {}, { hidden: wordsOf(body, "version") })]],
};

/** What the carrier does, on their page of the trade. */
export const carriersPresses: Record<string, (body: Json) => Press[][]> = Object.fromEntries(
  ["ship", "deliver", "send-back", "return"].map((call) => [
    call,
    (body: Json) => [[press(call, parcelOf(body))]],
  ]),
);

/** What the shop's staff do, on their page of the order. What never left they ship before they say that it has come. */
export const staffPresses: Record<string, (body: Json) => Press[][]> = {
  ship: (body) => [[shipping(body)]],
  deliver: (body) => [[{ ...shipping(body), optional: true }, press("delivered")]],
  extend: (body) => [[press("extend", { until: dayOf(body) })]],
  // The staff change prices and quantities by line, and no amount of a whole order.
  revise: (body) => [[press("revise", { amount: "", ...wordsOf(body, "amount") })]],
  return: (body) => {
    const { amount, reason } = (body["deduct"] ?? {}) as { amount?: number; reason?: string };
    const deduct = amount === undefined ? {} : { deduct: String(amount), reason: String(reason) };
    return [[press("return", deduct)]];
  },
  dispute: (body) => [
    [body["contest"] === undefined ? press("dispute", wordsOf(body, "reason")) : contesting(body)],
  ],
  answer: (body) => [[press("answer", wordsOf(body, "statement"))]],
  "offer/accept": () => [[press("take-offer")]],
  cancel: (body) => {
    const why = { reason: "because", ...wordsOf(body, "reason") };
    return [[press("cancel", why, { optional: true }), press("give-up", why)]];
  },
};

const shipping = (body: Json): Press =>
  press("ship", {
    ...parcelOf(body, "number"),
    ...(body["lines"] === undefined ? {} : { "quantity-1": quantityOf(body) }),
  });

const contesting = (body: Json): Press => press("contest", wordsOf(body, "contest", "reason"));
