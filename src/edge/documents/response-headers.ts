/** The fields of answers that programs use. */
import { type DeclaredRoute, fieldOfMade, takesKey } from "./declared.ts";
import type { Json } from "./components.ts";

const text = { type: "string" };

export const headerComponents: Readonly<Record<string, Json>> = {
  RequestId: { description: "Under which the server's log knows the request", schema: text },
  IdempotentReplayed: {
    description: "`true` where this is the first answer to the key, given again",
    schema: { const: "true" },
  },
  Challenge: { description: "By what a caller makes themselves known", schema: text },
  RetryAfter: {
    description: "After how many seconds to ask again",
    schema: { type: "string", pattern: "^[0-9]+$" },
  },
  SetCookie: { description: "The session, or its end", schema: text },
  RateLimit: {
    description: "How often this may be called from one address, and how it stands",
    schema: text,
  },
};

const refer = (name: string) => ({ $ref: `#/components/headers/${name}` });

/** Which call answers, among which routes. */
export interface Heading {
  routes: readonly DeclaredRoute[];
  route: DeclaredRoute;
}

export function answerHeaders({ routes, route }: Heading, status: string): Json {
  const made = status === "201" ? fieldOfMade(routes, route) : undefined;
  const later = status === "429" || status === "503" || status === "409";
  return {
    "Request-Id": refer("RequestId"),
    ...(takesKey(route) ? { "Idempotent-Replayed": refer("IdempotentReplayed") } : {}),
    ...(made === undefined
      ? {}
      : {
          Location: {
            description: `The address of what was made: this one with its \`${made}\``,
            schema: { type: "string", format: "uri-reference" },
          },
        }),
    ...(status === "401" ? { "WWW-Authenticate": refer("Challenge") } : {}),
    ...(later ? { "Retry-After": refer("RetryAfter") } : {}),
    ...(route.cookie ? { "Set-Cookie": refer("SetCookie") } : {}),
    ...(route.limited
      ? Object.fromEntries(
          ["Limit", "Remaining", "Reset"].map((part) => [`RateLimit-${part}`, refer("RateLimit")]),
        )
      : {}),
  };
}
