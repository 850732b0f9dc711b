/** Acts on this server and those it deals with. */
import { currency, type FormSpec, idOf, why } from "./specs.ts";

const peer = idOf("field.peer");

export const serverForms = {
  "peer-account": {
    group: "server",
    acts: ["peer-account.open"],
    method: "POST",
    path: "/v1/peers/:id/accounts",
    fields: [peer, currency],
    after: "/desk/servers",
  },
  "own-account": {
    group: "server",
    acts: ["own-account.tie"],
    method: "PUT",
    path: "/v1/peers/:id/accounts/:currency",
    fields: [
      peer,
      { ...currency, at: "path" },
      { name: "receive", kind: "narrow", label: "field.receive", most: 80 },
      { name: "pay", kind: "narrow", label: "field.pay", optional: true, most: 80 },
    ],
    after: "/desk/servers",
  },
  "peer-resume": {
    group: "server",
    acts: ["peer.resume"],
    method: "POST",
    path: "/v1/peers/:id/resume",
    fields: [peer],
    now: "/v1/peers/:id/breaches",
    after: "/desk/servers",
  },
  "peer-key-revoke": {
    group: "server",
    acts: ["peer-key.revoke"],
    method: "POST",
    path: "/v1/peers/:id/keys/:kid/revoke",
    fields: [peer, { name: "kid", kind: "narrow", label: "field.kid", at: "path", most: 200 }],
    after: "/desk/servers",
  },
  "signing-key": {
    group: "server",
    acts: ["signing-key.rotate"],
    method: "POST",
    path: "/v1/signing-keys/rotate",
    fields: [
      { name: "overlap", kind: "days", label: "field.overlap", hint: "field.keyOverlapHint", optional: true },
    ],
    after: "/desk/servers",
  },
  "log-begin": {
    group: "server",
    acts: ["log.begin"],
    method: "POST",
    path: "/v1/log/epochs",
    fields: [
      { name: "epoch", kind: "number", label: "field.epoch" },
      { name: "size", kind: "number", label: "field.logSize", at: "/after/size" },
      { name: "root", kind: "narrow", label: "field.logRoot", at: "/after/root", most: 100 },
      { ...why, most: 400 },
    ],
    after: "/desk/servers",
  },
} as const satisfies Readonly<Record<string, FormSpec>>;
