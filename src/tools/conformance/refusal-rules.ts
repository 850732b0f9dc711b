/** Bodies that are not what a call takes: refused with a reason, and nothing kept. */
import type { Workbench } from "./workbench.ts";
import {
  batch,
  itemsOf,
  move,
  neverMade,
  refused,
  reserve,
  stands,
  summaryOf,
  usual,
  wishOf,
  type Rule,
  rulesOf,
} from "./steps.ts";
import { Broken, holds, same } from "./message.ts";

/** A field of a reservation as it must not be; `raw` writes the body by hand. */
const badField = (change: object | ((workbench: Workbench) => object), ...codes: string[]) => {
  return async (workbench: Workbench): Promise<void> => {
    const wish = wishOf(workbench, typeof change === "function" ? change(workbench) : change);
    const heard = await workbench.ask("POST", "/v1/reservations", wish);
    refused(
      "this reservation",
      heard,
      ...(codes.length > 0 ? codes : ["invalid_field", "malformed_request"]),
    );
    holds("status 400 or 422", heard.status === 400 || heard.status === 422, heard.status);
    await neverMade(workbench, String(wish["id"]));
  };
};

/** A body as it must not be written. */
const badText = (write: (text: string) => string, type = "application/json", ...codes: string[]) => {
  return async (workbench: Workbench): Promise<void> => {
    const wish = wishOf(workbench);
    const headers = { "content-type": type };
    const heard = await workbench.ask("POST", "/v1/reservations", write(JSON.stringify(wish)), { headers });
    refused("this body", heard, ...(codes.length > 0 ? codes : ["malformed_request", "invalid_field"]));
    await neverMade(workbench, String(wish["id"]));
  };
};

const amountAs = (written: string) =>
  badText((text) => text.replace(`"amount":${usual}`, `"amount":${written}`));

/** Amounts that no instruction takes, on a reservation that exists. */
const badMoves: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  for (const does of ["settle", "release", "refund"]) {
    for (const amount of [0, -1, 1.5, "100", null, 2 ** 53]) {
      const heard = await move(workbench, id, does, { amount });
      refused(`${does} with amount ${JSON.stringify(amount)}`, heard, "invalid_field", "malformed_request");
    }
  }
  refused(
    "a field that settle does not have",
    await move(workbench, id, "settle", { more: 1 }),
    "invalid_field",
  );
  await stands(workbench, id, `held ${usual}/0/0`);
};

const tooLarge = (path: string, bytes: number) => async (workbench: Workbench) => {
  const body = JSON.stringify({ id: workbench.newId(), more: "x".repeat(bytes) });
  try {
    const { status } = await workbench.ask("POST", path, body);
    same("status", status, 413);
    workbench.exchanges.pop();
  } catch (error) {
    // A server may hang up on a client that sends too much.
    if (!(error instanceof Broken) || !error.message.includes("saw none")) throw error;
  }
};

const fullBatch: Rule["check"] = async (workbench) => {
  const reservation = await reserve(workbench);
  const instruction = () => ({ do: "settle", reservation, id: workbench.newId(), amount: 1 });
  const outcomes = await batch(workbench, Array.from({ length: 1000 }, instruction));
  const done = outcomes.filter(({ status }) => status === 200).length;
  same("settled one unit at a time", done, usual);
  await stands(workbench, reservation, `settled 0/${usual}/0`);
};

const batchOf = (count: number) => async (workbench: Workbench) => {
  const reservation = await reserve(workbench);
  const instructions = Array.from({ length: count }, () => ({
    do: "release",
    reservation,
    id: workbench.newId(),
  }));
  const heard = await workbench.ask("POST", "/v1/reservations/batch", { instructions });
  refused(`${count} instructions`, heard, "invalid_field");
  await stands(workbench, reservation, `held ${usual}/0/0`);
};

/** Items that are no instructions, between two that are: only they are refused. */
const oddItems: Rule["check"] = async (workbench) => {
  const reservation = await reserve(workbench);
  const release = (amount: number) => ({ do: "release", reservation, id: workbench.newId(), amount });
  const { id, ...withoutId } = release(1);
  const odd = [
    {},
    { id },
    withoutId,
    { ...withoutId, id: 1 },
    { do: "none", id },
    null,
    "release",
    7,
    [release(1)],
  ];
  const heard = await batch(workbench, [release(300), ...odd, release(200)] as object[]);
  for (const outcome of heard.slice(1, -1))
    refused("an item that is no instruction", outcome, "invalid_field");
  same("its neighbours", [heard[0]?.status, heard.at(-1)?.status], [200, 200]);
  await stands(workbench, reservation, `held ${usual - 500}/0/500`);
};

const pageLimit: Rule["check"] = async (workbench) => {
  const list = (limit: string) => workbench.ask("GET", `/v1/reservations?limit=${limit}`);
  same("status of a page of 100", (await list("100")).status, 200);
  for (const limit of ["0", "-1", "1.5", "many"])
    refused(`a page of ${limit}`, await list(limit), "invalid_field");
  const more = await list("101");
  if (more.status >= 400) refused("a page of 101", more, "invalid_field");
  else holds("at most 100 items", itemsOf(more.json).length <= 100, itemsOf(more.json).length);
};

const unknownPath: Rule["check"] = async (workbench) => {
  refused(
    "an address that is not there",
    await workbench.ask("GET", "/v1/there-is-no-such-thing"),
    "not_found",
  );
  const heard = await workbench.ask("POST", "/v1/reservations/totals", {});
  holds("404 or 405", heard.status === 404 || heard.status === 405, summaryOf(heard));
};

export const refusalRules: readonly Rule[] = rulesOf("Bodies and refusals", [
  ["amount.zero", "Nothing is no amount", badField({ amount: 0 })],
  ["amount.negative", "An amount is not negative", badField({ amount: -1 })],
  ["amount.fraction", "An amount has no fraction", badField({ amount: 1.5 })],
  ["amount.text", "An amount is not a text", badField({ amount: "1000" })],
  ["amount.null", "An amount is not null", badField({ amount: null })],
  ["amount.too-large", "An amount is at most 2^53-1", badField({ amount: 2 ** 53 })],
  ["amount.huge", "Nor is it larger than any number", amountAs("1e999")],
  ["amount.exponent", "An amount is written as a plain integer, not as 1e3", amountAs("1e3")],
  ["amount.point", "An amount is written as a plain integer, not as 1000.0", amountAs("1000.0")],
  ["amount.moves", "No instruction takes such amounts", badMoves],
  ["field.unknown", "An unknown field is refused", badField({ more: 1 }, "invalid_field")],
  ["field.missing", "A missing field is refused", badField({ payee: undefined }, "invalid_field")],
  [
    "field.trade-number",
    "A trade number is 1 to 20 digits",
    badField({ tradeNumber: "12a4" }, "invalid_field"),
  ],
  ["field.consent", "A consent is named by a UUID", badField({ account: "somebody" }, "invalid_field")],
  ["field.until", "An instant is RFC 3339 in UTC", badField({ until: "tomorrow" }, "invalid_field")],
  [
    "field.until-offset",
    "An instant has no other offset",
    badField({ until: "2099-01-01T00:00:00+09:00" }, "invalid_field"),
  ],
  [
    "field.no-day",
    "An instant is on a day that exists",
    badField({ until: "2099-02-30T00:00:00Z" }, "invalid_field"),
  ],
  [
    "field.currency-form",
    "A currency has three capital letters",
    badField(({ config }) => ({ currency: config.currency.toLowerCase() }), "invalid_field"),
  ],
  ["body.not-json", "What is no JSON is refused", badText((text) => text.slice(0, -1))],
  ["body.list", "A list is no body", badText((text) => `[${text}]`)],
  [
    "body.twice",
    "A field that is named twice is refused: two readers could take different ones",
    badText((text) => text.replace('"amount":', '"amount":1,"amount":')),
  ],
  [
    "body.type",
    "A type that is no JSON is refused",
    badText((text) => text, "text/plain", "unsupported_media_type", "malformed_request"),
  ],
  ["body.too-large", "A body of more than 1 MiB is refused", tooLarge("/v1/reservations", 1024 * 1024)],
  [
    "batch.too-large",
    "A batch of more than 4 MiB is refused",
    tooLarge("/v1/reservations/batch", 4 * 1024 * 1024),
  ],
  ["batch.full", "A batch takes 1,000 instructions", fullBatch],
  ["batch.too-many", "A batch takes no more than 1,000", batchOf(1001)],
  [
    "batch.empty",
    "A batch has at least one instruction",
    async (workbench) => {
      refused(
        "no instructions",
        await workbench.ask("POST", "/v1/reservations/batch", { instructions: [] }),
        "invalid_field",
      );
    },
  ],
  ["batch.odd", "An item that is no instruction is refused alone", oddItems],
  ["list.limit", "A page has 1 to 100 items, and no other limit is one", pageLimit],
  ["address.unknown", "Addresses that are not there are refused in the same form", unknownPath],
]);
