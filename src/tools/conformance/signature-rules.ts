/** Keys and signed requests: what an institution may take as said, and what it may not. */
import { generateKeyPairSync } from "node:crypto";
import { contentDigest } from "../../edge/signing/signing.ts";
import { eventually, keysOf, plainOf, type Workbench } from "./workbench.ts";
import { type Heard, type Sent, type Twist, holds, same } from "./message.ts";
import {
  move,
  neverMade,
  read,
  refused,
  reserve,
  stands,
  summaryOf,
  usual,
  wishOf,
  type Rule,
  rulesOf,
} from "./steps.ts";

/** Sends a reservation with a twist; it has to be refused as badly signed, and nothing may be done. */
const refuses = (twist: Twist | ((workbench: Workbench) => Twist), headers: Record<string, string> = {}) => {
  return async (workbench: Workbench): Promise<void> => {
    const wish = wishOf(workbench);
    const made = typeof twist === "function" ? twist(workbench) : twist;
    const sent = workbench.sign(plainOf("POST", "/v1/reservations", wish, headers), made);
    notTaken(await workbench.send(sent));
    await neverMade(workbench, String(wish["id"]));
  };
};

function notTaken(heard: Heard): void {
  same("status", heard.status, 401);
  refused("a message that breaks a rule", heard, "signature_invalid");
}

/** Sends a reservation that is signed unusually, and yet by the rules. */
const takes = (twist: Twist | ((workbench: Workbench) => Twist), headers: Record<string, string> = {}) => {
  return async (workbench: Workbench): Promise<void> => {
    const made = typeof twist === "function" ? twist(workbench) : twist;
    const heard = await workbench.ask("GET", "/v1/reservations/totals", undefined, { twist: made, headers });
    holds("200", heard.status === 200, summaryOf(heard));
  };
};

const seconds = ({ clock }: Workbench): number => Math.floor(clock() / 1000);
const after = (change: (sent: Sent) => Partial<Sent>): Twist => ({
  after: (sent) => ({ ...sent, ...change(sent) }),
});
const field = (change: (headers: Record<string, string>) => Record<string, string>): Twist =>
  after(({ headers }) => ({ headers: { ...headers, ...change(headers) } }));
const withoutField = (...names: string[]): Twist =>
  after(({ headers }) => ({
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))),
  }));
const relabelled = (headers: Record<string, string>, label: string): Record<string, string> => ({
  "signature-input": (headers["signature-input"] ?? "").replace(/^sig=/, `${label}=`),
  signature: (headers["signature"] ?? "").replace(/^sig=/, `${label}=`),
});

const published: Rule["check"] = async ({ url, send }) => {
  await keysOf(url);
  const heard = await send(plainOf("GET", "/.well-known/jwks.json"));
  for (const key of (heard.json["keys"] ?? []) as Record<string, unknown>[])
    holds("public keys only", key["d"] === undefined, "a key with its private part");
};

const newKey: Rule["check"] = async (workbench) => {
  const as = workbench.addKey();
  await eventually(workbench, 10, "a key that was just published to be good", async () => {
    const sent = workbench.sign(plainOf("GET", "/v1/reservations/totals"), {}, as);
    const heard = await workbench.send(sent);
    return [heard.status === 200, summaryOf(heard)] as const;
  });
};

const replay: Rule["check"] = async (workbench) => {
  const sent = workbench.sign(plainOf("GET", "/v1/reservations/totals"));
  same("status", (await workbench.send(sent)).status, 200);
  notTaken(await workbench.send(sent));
};

const replayAtOnce: Rule["check"] = async (workbench) => {
  const sent = workbench.sign(plainOf("GET", "/v1/reservations/totals"));
  const statuses = await Promise.all(
    Array.from({ length: 5 }, async () => (await workbench.send(sent)).status),
  );
  same(
    "answers to five copies",
    statuses.toSorted((left, right) => left - right),
    [200, 401, 401, 401, 401],
  );
};

/** A signature is for one request: with it, nothing else can be asked for. */
const elsewhere: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  const sent = workbench.sign(
    plainOf("POST", `/v1/reservations/${id}/extend`, {
      id: workbench.newId(),
      until: workbench.inSeconds(900),
    }),
  );
  notTaken(await workbench.send({ ...sent, path: `/v1/reservations/${id}/release` }));
  await stands(workbench, id, `held ${usual}/0/0`);
};

const unsignedReads: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  for (const path of ["", "/totals", `/${id}`]) {
    const heard = await workbench.send(plainOf("GET", `/v1/reservations${path}`));
    same(`status of GET /v1/reservations${path}`, heard.status, 401);
  }
};

const unsignedMoves: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  for (const does of ["settle", "release"])
    notTaken(
      await workbench.send(plainOf("POST", `/v1/reservations/${id}/${does}`, { id: workbench.newId() })),
    );
  const instruction = { do: "release", reservation: id, id: workbench.newId() };
  notTaken(await workbench.send(plainOf("POST", "/v1/reservations/batch", { instructions: [instruction] })));
  await stands(workbench, id, `held ${usual}/0/0`);
};

/** What another server signed is that server's, whatever it says it is. */
const othersName: Rule["check"] = async (workbench) => {
  const id = await reserve(workbench);
  const { peer, other } = workbench;
  const path = `/v1/reservations/${id}/release`;
  const keyid = `${peer.url}#${other.kid}`;
  notTaken(
    await workbench.send(
      workbench.sign(plainOf("POST", path, { id: workbench.newId() }), { params: { keyid } }, other),
    ),
  );
  const claimed = { params: { keyid: `${peer.url}#${peer.kid}` } };
  notTaken(
    await workbench.send(workbench.sign(plainOf("POST", path, { id: workbench.newId() }), claimed, other)),
  );
  refused(
    "another server's reservation",
    await move(workbench, id, "release", {}, { as: other }),
    "not_found",
  );
  await stands(workbench, id, `held ${usual}/0/0`);
  same("status", (await read(workbench, id)).status, 200);
};

const keys = rulesOf("Keys", [
  ["keys.published", "A key set is published, with public keys only", published],
  ["keys.new", "A sender's new key is looked up within seconds", newKey],
  [
    "keys.unknown",
    "A key that is not published is no key",
    refuses(({ peer }) => ({ params: { keyid: `${peer.url}#never-published` } })),
  ],
  [
    "keys.stranger",
    "A server that is not configured is nobody",
    refuses(({ peer }) => ({ params: { keyid: `https://stranger.example#${peer.kid}` } })),
  ],
  ["keys.other-server", "One server's key is not good under another's name", othersName],
]);

const covered = rulesOf(
  "What is signed",
  [
    '"@method"',
    '"@target-uri"',
    '"content-digest"',
    '"content-type"',
    '"authorization"',
    '"cookie"',
    '"idempotency-key"',
  ].map((without) => {
    const name = without.replaceAll(/["@]/g, "");
    const more = ["authorization", "cookie", "idempotency-key"].includes(name) ? { [name]: "something" } : {};
    return [
      `request.covers.${name}`,
      `A request whose signature leaves out ${without} is refused`,
      refuses({ without }, more),
    ] as const;
  }),
);

const spelled = rulesOf("What is signed", [
  ["request.free-order", "The order of components is free", takes({ reversed: true })],
  ["request.free-fields", "More fields may be covered", takes({ also: "accept" })],
  ["request.free-parts", "Parts of the address may be covered beside it", takes({ parts: true })],
  [
    "request.free-label",
    "The label of the signature is free",
    takes(field((headers) => relabelled(headers, "kenshu-1"))),
  ],
  [
    "request.ahead",
    "A sender's clock may be a few seconds ahead",
    takes((workbench) => ({ params: { created: seconds(workbench) + 5, expires: seconds(workbench) + 65 } })),
  ],
  [
    "request.too-far-ahead",
    "A signature from the future is refused",
    refuses((workbench) => ({
      params: { created: seconds(workbench) + 30, expires: seconds(workbench) + 90 },
    })),
  ],
  [
    "request.expired",
    "An expired signature is refused",
    refuses((workbench) => ({
      params: { created: seconds(workbench) - 30, expires: seconds(workbench) - 5 },
    })),
  ],
  [
    "request.old",
    "A signature of long ago is refused",
    refuses((workbench) => ({
      params: { created: seconds(workbench) - 3600, expires: seconds(workbench) - 3540 },
    })),
  ],
  [
    "request.long-lived",
    "A signature that is to hold for more than a minute is refused",
    refuses((workbench) => ({ params: { expires: seconds(workbench) + 3600 } })),
  ],
  ["request.no-expiry", "A signature without an end is refused", refuses({ params: { expires: undefined } })],
  [
    "request.no-creation",
    "A signature without a beginning is refused",
    refuses({ params: { created: undefined } }),
  ],
  ["request.no-nonce", "A signature without a nonce is refused", refuses({ params: { nonce: undefined } })],
  [
    "request.short-nonce",
    "A nonce of fewer than 16 characters is refused",
    refuses({ params: { nonce: "short" } }),
  ],
  [
    "request.algorithm",
    "Another algorithm than ed25519 is refused",
    refuses({ params: { alg: "hmac-sha256" } }),
  ],
  ["request.tag", "Another tag than kenshu is refused", refuses({ params: { tag: "another" } })],
  [
    "request.parameter",
    "A parameter that the profile does not know is refused",
    refuses({ params: { more: "something" } }),
  ],
  [
    "request.digest-algorithm",
    "Another digest than sha-256 is refused",
    refuses({ digest: "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:" }),
  ],
]);

const altered = rulesOf("What is refused", [
  [
    "request.unsigned",
    "An unsigned request is refused, and nothing is done",
    refuses(withoutField("signature", "signature-input")),
  ],
  [
    "request.half-signed",
    "A signature without Signature-Input is refused",
    refuses(withoutField("signature-input")),
  ],
  ["request.unsigned-reads", "Who does not sign is told nothing", unsignedReads],
  ["request.unsigned-moves", "Who does not sign moves nothing", unsignedMoves],
  [
    "request.wrong-key",
    "A signature by another key is refused",
    refuses(() => ({ key: generateKeyPairSync("ed25519").privateKey })),
  ],
  [
    "request.altered-signature",
    "An altered signature is refused",
    refuses(
      field(({ signature = "" }) => ({
        signature: signature.replace(/=:(.)/, (_, first) => (first === "A" ? "=:B" : "=:A")),
      })),
    ),
  ],
  [
    "request.altered-body",
    "An altered body is refused",
    refuses(after(({ body }) => ({ body: Buffer.from(body.toString().replace(String(usual), "9000")) }))),
  ],
  [
    "request.altered-both",
    "A body altered together with its digest is refused",
    refuses(
      after(({ body, headers }) => {
        const other = Buffer.from(body.toString().replace(String(usual), "9000"));
        return { body: other, headers: { ...headers, "content-digest": contentDigest(other) } };
      }),
    ),
  ],
  [
    "request.wrong-digest",
    "A digest that is not the body's is refused, though it is signed",
    refuses({ digest: contentDigest(Buffer.from("{}")) }),
  ],
  [
    "request.altered-type",
    "An altered Content-Type is refused",
    refuses(field(() => ({ "content-type": "application/json; charset=utf-8" }))),
  ],
  ["request.altered-address", "A signature is good for no other address", elsewhere],
  [
    "request.altered-query",
    "A signature is good for no other query",
    refuses(after(({ path }) => ({ path: `${path}?more=1` }))),
  ],
  [
    "request.two-signatures",
    "A message with two signatures is refused",
    refuses(
      field((headers) => {
        const again = relabelled(headers, "other");
        return {
          "signature-input": `${headers["signature-input"]}, ${again["signature-input"]}`,
          signature: `${headers["signature"]}, ${again["signature"]}`,
        };
      }),
    ),
  ],
  ["request.replay", "A message that arrives twice is refused the second time", replay],
  ["request.replay-at-once", "Of copies that arrive together, one is taken", replayAtOnce],
]);

export const signatureRules: readonly Rule[] = [...keys, ...covered, ...spelled, ...altered];
