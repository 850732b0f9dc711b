/** `kenshu conformance`: tries whether a server is an institution to others as docs/between-parties.md says. */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import Type from "typebox";
import { Broken, type ConformanceConfig, type RuleResult, tryRules } from "../conformance/conformance.ts";
import { makeCheck } from "../../edge/http/http.ts";
import {
  amountSchema,
  collectionChannels,
  currencySchema,
  idSchema,
  oneOf,
} from "../../core/protocol/schemas.ts";
import { UsageError } from "./help.ts";

const closed = { additionalProperties: false } as const;
const playedServer = {
  url: Type.String({ pattern: "^https?://[^/]+$" }),
  /** `host:port`, where that is not what the address says. */
  listen: Type.Optional(Type.String({ pattern: "^.+:[0-9]{1,5}$" })),
  pay: idSchema,
  receive: idSchema,
};

const check = makeCheck(
  Type.Object(
    {
      currency: currencySchema,
      otherCurrency: currencySchema,
      peer: Type.Object(
        { ...playedServer, own: Type.Object({ pay: idSchema, receive: idSchema }, closed) },
        closed,
      ),
      other: Type.Object(playedServer, closed),
      limited: idSchema,
      confirming: Type.Optional(
        Type.Object({ pay: idSchema, above: Type.Integer({ minimum: 0, maximum: 900 }) }, closed),
      ),
      small: Type.Object({ pay: idSchema, available: amountSchema }, closed),
      collector: Type.Optional(
        Type.Object({ key: Type.String({ minLength: 1 }), channel: oneOf(collectionChannels) }, closed),
      ),
      collecting: Type.Optional(Type.Object({ consent: idSchema, perDay: amountSchema }, closed)),
      shop: Type.Optional(Type.Object({ key: Type.String({ minLength: 1 }), peer: idSchema }, closed)),
    },
    closed,
  ),
  "config",
);

export async function conformanceCommand(args: string[], say: (line: string) => void): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      config: { type: "string", default: ".kenshu/conformance.json" },
      only: { type: "string", multiple: true },
      key: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const [url] = positionals;
  if (url === undefined || !/^https?:\/\/[^/]+$/.test(url))
    throw new UsageError(
      "Say the institution's address, such as https://bank.example, without a slash at the end.",
    );
  const show = values.json
    ? (finding: RuleResult) => say(JSON.stringify(finding))
    : (finding: RuleResult) => say(lineOf(finding));
  const findings = await tryRules({
    url,
    config: readConfig(values.config),
    clock: Date.now,
    onFinding: show,
    ...(values.only === undefined ? {} : { only: values.only }),
    ...(values.key === undefined ? {} : { key: readKey(values.key) }),
  }).catch((error: unknown) => {
    if (error instanceof Broken) throw new UsageError(`The run could not begin: ${error.message}.`);
    throw error;
  });
  if (findings.length === 0) throw new UsageError("There is no rule whose name begins so.");
  const count = (result: RuleResult["result"]) => findings.filter((each) => each.result === result).length;
  const failed = count("FAILED");
  if (!values.json) say(`${count("ok")} ok, ${failed} failed, ${count("not tried")} not tried.`);
  if (failed > 0) process.exitCode = 1;
}

function lineOf({ rule, says, section, result, detail }: RuleResult): string {
  if (result === "ok") return `ok      ${rule}: ${says}`;
  const mark = result === "FAILED" ? "FAILED " : "–      ";
  return `${mark} ${rule}: ${says} [${section}]\n          ${detail}`;
}

function readConfig(file: string): ConformanceConfig {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const refused = check(content);
  if (refused === undefined) return content as ConformanceConfig;
  const where =
    refused.errors?.map(({ pointer, message }) => `${pointer}: ${message}`).join("; ") ?? refused.detail;
  throw new UsageError(`${file} does not say what a run needs: ${where}`);
}

function readKey(file: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // What is wrong is said below, without a word of the file's content.
  }
  throw new UsageError(`${file} does not hold a private Ed25519 key as PEM.`);
}
