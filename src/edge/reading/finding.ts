/** What a caller asks of a list of trades, as it stands in an address. */
import Type, { type Static } from "typebox";
import { refuse, tradeStates } from "../../core/protocol/protocol.ts";
import {
  idSchema,
  instantSchema,
  metadataKeyForm,
  metadataValueSchema,
  oneOf,
  pageSchema,
  text,
} from "../../core/protocol/schemas.ts";
import type { TradeCalls } from "../../engines/trades/trades.ts";
import { pageLength } from "../api/api.ts";

const metadataField = new RegExp(`^metadata\\[(${metadataKeyForm})\\]$`);

export const findSchema = Type.Object(
  {
    ...pageSchema.properties,
    reference: Type.Optional(text(1, 100)),
    state: Type.Optional(oneOf(tradeStates)),
    createdAfter: Type.Optional(instantSchema),
    createdBefore: Type.Optional(instantSchema),
    updatedAfter: Type.Optional(instantSchema),
    shop: Type.Optional(idSchema),
  },
  {
    additionalProperties: false,
    patternProperties: { [metadataField.source]: metadataValueSchema },
  },
);

export const howToFind =
  "`reference`, `state`, `metadata[key]`, `createdAfter`, `createdBefore` and `updatedAfter` ask for those that fit all of " +
  "them; times are exclusive. With `updatedAfter` whoever asks again from the `updatedAt` of the last one that they have " +
  "seen misses nothing, and may be shown once more what changed at about that time. Operators say of which `shop`.";

type Wish = Parameters<TradeCalls<"desk">["search"]>;

/** What is asked for; undefined where it is the plain list. */
export function findWish(query: Static<typeof findSchema>): { filter: Wish[1]; page: Wish[2] } | undefined {
  const { limit, after, reference, state, createdAfter, createdBefore, updatedAfter, shop } = query;
  const metadata = Object.entries(query).flatMap(([name, value]) => {
    const key = metadataField.exec(name)?.[1];
    return key === undefined ? [] : [[key, String(value)] as const];
  });
  if (metadata.length > 20) refuse("invalid_field", "A trade has no more than 20 keys of metadata.");
  const instant = (at: string | undefined) => (at === undefined ? undefined : new Date(at));
  const filter = {
    reference,
    state,
    createdAfter: instant(createdAfter),
    createdBefore: instant(createdBefore),
    updatedAfter: instant(updatedAfter),
    shop,
    ...(metadata.length === 0 ? {} : { metadata: Object.fromEntries(metadata) }),
  };
  if (Object.values(filter).every((asked) => asked === undefined)) return undefined;
  return { filter, page: { limit: pageLength(limit), after } };
}
