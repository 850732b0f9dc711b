import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { test } from "node:test";
import { InnerAddressError, isPublic, makeGuard } from "./guard.ts";

const never = (): Promise<string[]> => assert.fail("No name is asked for.");
const guard = makeGuard(
  { mayReach: ["127.0.0.1:9999", "receiver:8080", "[::1]:9999"], loopback: false },
  never,
);

const hostile = [
  "",
  "x",
  "//shop.example",
  "https://",
  "https:",
  "javascript:alert(1)",
  "file:///etc/passwd",
  "ftp://shop.example/",
  "gopher://shop.example:70/_x",
  "data:text/plain,x",
  "ws://shop.example/",
  "http://shop.example/",
  "http://shop.example:443/",
  "https://shop.example:22/",
  "https://shop.example:5432/",
  "https://shop.example:80/",
  "https://shop.example:8080/",
  "https://shop.example:0/",
  "https://shop.example:65536/",
  "https://user@shop.example/",
  "https://user:pass@shop.example/",
  "https://:pass@shop.example/",
  "https://shop.example/#x",
  "https://shop.example/#",
  "https://127.0.0.1:9999@shop.example/",
  "https://localhost/",
  "https://localhost./",
  "https://LOCALHOST/",
  "https://x.localhost/",
  "https://db.local/",
  "https://postgres/",
  "https://metadata.google.internal/",
  "https://metadata/",
  "https://router.home.arpa/",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://0x7f.1/",
  "https://0177.0.0.1/",
  "https://2130706433/",
  "https://0/",
  "https://0.0.0.0/",
  "https://127。0。0。1/",
  "https://①②⑦.⓪.⓪.①/",
  "https://127.0.0.1./",
  "https://10.0.0.1/",
  "https://172.16.0.1/",
  "https://192.168.0.1/",
  "https://169.254.169.254/latest/",
  "https://100.100.100.200/",
  "https://192.0.0.192/",
  "https://168.63.129.16/",
  "https://224.0.0.1/",
  "https://255.255.255.255/",
  "https://8.8.8.8/",
  "https://[::1]/",
  "https://[::]/",
  "https://[fe80::1]/",
  "https://[fd00:ec2::254]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[::127.0.0.1]/",
  "https://[64:ff9b::7f00:1]/",
  "https://[2002:7f00:1::]/",
  "https://[ff02::1]/",
  "https://[2606:4700::1111]/",
  "https://127.0.0.1:9998/",
  "https://127.0.0.2:9999/",
  "http://127.0.0.1:999/",
  "https://receiver/",
  "https://receiver:8081/",
  "ftp://127.0.0.1:9999/",
  "http://u@127.0.0.1:9999/",
  "http://127.0.0.1:9999/#x",
  `https://shop.example/${"a".repeat(2000)}`,
  "https://shop example/",
  "https://[::1",
  "https://%00.example/",
];
for (const url of hostile) {
  test(`nothing is sent to ${JSON.stringify(url.slice(0, 60))}`, () =>
    assert.ok(guard.refusal(url) !== undefined));
}

for (const url of [
  "https://shop.example/hook",
  "https://shop.example:443/",
  "https://shop.example:8443/?a=b",
  "https://b.c.d.example./",
  "https://検収.example/",
  "http://127.0.0.1:9999/x",
  "https://127.0.0.1:9999/x",
  "http://receiver:8080/",
  "http://0x7f.1:9999/",
  "http://[::1]:9999/",
]) {
  test(`what is wanted may be sent to ${url}`, () => assert.equal(guard.refusal(url), undefined));
}

const inner = [
  "0.0.0.0",
  "0.1.2.3",
  "10.255.255.255",
  "100.64.0.1",
  "100.127.255.254",
  "127.0.0.1",
  "127.255.255.255",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.0.2.1",
  "192.88.99.1",
  "192.168.1.1",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.251",
  "239.1.1.1",
  "240.0.0.1",
  "255.255.255.255",
  "168.63.129.16",
  "::",
  "::1",
  "::ffff:8.8.8.8",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::7f00:1",
  "64:ff9b::8.8.8.8",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:0:53aa::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "3fff::1",
  "5f00::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "",
  "x",
  "1.2.3",
  "1.2.3.4.5",
  "2130706433",
  "0x7f.0.0.1",
  "8.8.8.8%eth0",
];
const outer = [
  "1.1.1.1",
  "8.8.8.8",
  "100.63.255.255",
  "100.128.0.1",
  "172.15.255.255",
  "172.32.0.1",
  "192.0.1.1",
  "198.17.255.255",
  "198.20.0.1",
  "223.255.255.255",
  "2001:200::1",
  "2606:4700::1111",
  "2a00:1450::1",
];
test("only addresses of the public internet are public", () => {
  assert.deepEqual(inner.filter(isPublic), []);
  assert.deepEqual(
    outer.filter((address) => !isPublic(address)),
    [],
  );
});

/** What a connection to this address would be told. */
function looked(
  answers: string[][],
  all: boolean,
  url = "https://rebind.example/",
): Promise<LookupAddress[]> {
  let asked = 0;
  const { lookup } = makeGuard({ mayReach: ["127.0.0.1:9999"], loopback: false }, () =>
    Promise.resolve(answers[asked++] ?? []),
  );
  const find = lookup(new URL(url));
  return new Promise((resolve, reject) => {
    find("rebind.example", { all }, (error, address, family) => {
      if (error !== null) reject(error);
      else resolve(typeof address === "string" ? [{ address, family: family ?? 0 }] : address);
    });
  });
}

for (const [what, addresses] of [
  ["a private one", ["10.0.0.1"]],
  ["a public one, then a private one", ["8.8.8.8", "10.0.0.1"]],
  ["a private one among IPv6", ["2606:4700::1111", "8.8.8.8", "::1"]],
  ["a mapped one", ["::ffff:10.0.0.1"]],
  ["none", []],
] as const) {
  for (const all of [true, false]) {
    test(`a name with ${what} is not connected to (${all ? "all" : "one"} asked for)`, async () => {
      await assert.rejects(looked([[...addresses]], all), InnerAddressError);
    });
  }
}

test("a connection goes to an address that was looked at, and every connection looks anew", async () => {
  assert.deepEqual(await looked([["8.8.8.8", "2606:4700::1111"]], true), [
    { address: "8.8.8.8", family: 4 },
    { address: "2606:4700::1111", family: 6 },
  ]);
  const answers = [["8.8.8.8"], ["127.0.0.1"]];
  let asked = 0;
  const one = makeGuard({ mayReach: [], loopback: false }, () => Promise.resolve(answers[asked++] ?? []));
  const connect = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      one.lookup(new URL("https://rebind.example/"))("rebind.example", {}, (error, address) => {
        if (error === null) resolve(address);
        else reject(error);
      });
    });
  assert.equal(await connect(), "8.8.8.8");
  assert.equal(asked, 1, "the name is asked once for a connection");
  await assert.rejects(connect(), InnerAddressError);
});

const sandbox = makeGuard({ mayReach: [], loopback: true }, never);
for (const [url, why] of [
  ["http://127.0.0.1:3000/hook", undefined],
  ["http://localhost:3000/hook", undefined],
  ["http://[::1]:3000/hook", undefined],
  ["https://2130706433/hook", undefined],
  ["http://10.0.0.1/hook", "Webhooks go to https addresses."],
  ["https://192.168.0.1/hook", "The host has to be a name, not a number."],
  ["http://localhost.evil.example/hook", "Webhooks go to https addresses."],
  ["http://me:secret@localhost/hook", "A URL with a name or password in it is not taken."],
  ["file://localhost/etc/passwd", "Webhooks go to https addresses."],
] as const)
  test(`a sandbox ${why === undefined ? "sends" : "does not send"} to ${url}`, () =>
    assert.equal(sandbox.refusal(url), why));
