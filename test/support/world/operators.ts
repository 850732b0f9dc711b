/** What holds for operators in tests, and the second operator of a test that is about something else. */

/** As on any server; the limit is high enough for what one operator does in a story, and looks are not what stories count. */
export const twoOperators = {
  fourEyes: { JPY: 100_000n, USD: 100_000n },
  requireProof: true,
  timeZone: "UTC",
  lookupsPerDay: 100_000,
} as const;

/** The same in a configuration. */
export const twoOperatorsConfig = {
  fourEyes: { JPY: 100_000, USD: 100_000 },
  timeZone: "UTC",
  lookupsPerDay: 100_000,
} as const;

/** How a person reached an operator and proved who they are: what is said with each act in their name. */
export const spoken = {
  channel: "phone",
  reference: "call 7",
  proof: { kind: "callback", reference: "tape 9" },
} as const;

interface Answer {
  status: number;
  code?: unknown;
}

/**
 * What was asked for, and, where it waits for a second operator, has been confirmed: `confirm` asks an address as the
 * other operator, `collect` as whoever asked. Both are `request` of the test with its own headers.
 */
export async function withSecond<A extends Answer>(
  asked: A,
  bodyOf: (answer: A) => Record<string, unknown>,
  confirm: readonly ((path: string) => Promise<A>)[],
  collect: (path: string) => Promise<A>,
): Promise<A> {
  const act = bodyOf(asked)["act"];
  if (asked.status !== 403 || asked.code !== "four_eyes_required" || typeof act !== "string") return asked;
  for (const by of confirm) {
    const done = await by(`/v1/operator-acts/${act}/confirm`);
    // It is that operator's own.
    if (done.code === "four_eyes_required") continue;
    const where = bodyOf(done)["collect"];
    return typeof where === "string" ? collect(where) : done;
  }
  return asked;
}

/**
 * One of them is enough: only where a test asks each call alone, so that a confirmation would be another call (who may call
 * what, hostile bodies, races, kills), where its server has no call to confirm by, or where chance decides what is asked.
 */
export const oneOperator = {
  fourEyes: "off",
  requireProof: false,
  timeZone: "UTC",
  lookupsPerDay: 100_000,
} as const;
/** The same in a configuration, which only a sandbox may hold. */
export const oneOperatorConfig = {
  fourEyes: false,
  requireProof: false,
  timeZone: "UTC",
  lookupsPerDay: 100_000,
} as const;
