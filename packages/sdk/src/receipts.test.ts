/** Proofs and checkpoints as other programs make them, and everything about them that may be wrong. */
import assert from "node:assert/strict";
import { createHash, hash } from "node:crypto";
import { test } from "node:test";
import {
  consistencyRanges,
  type Hash,
  type Hasher,
  inclusionRanges,
  rootOf,
} from "../../../src/core/log/log.ts";
import { noteSigner } from "../../../test/support/wire/notes.ts";
import { type FollowedLog, followLog, isGrowth, isIncluded, readCheckpoint, verifyLog } from "@kenshu/sdk";

const sha = (...parts: Buffer[]): Hash => createHash("sha256").update(Buffer.concat(parts)).digest("base64");
const hasher: Hasher = {
  leaf: (text) => sha(Buffer.of(0), Buffer.from(text)),
  node: (left, right) => sha(Buffer.of(1), Buffer.from(left, "base64"), Buffer.from(right, "base64")),
  empty: hash("sha256", "", "base64"),
};
const leaves = Array.from({ length: 20 }, (_, index) => hasher.leaf(`leaf ${index}`));
const rootAt = (size: number): Hash => rootOf(leaves.slice(0, size), hasher);
const proofOf = (ranges: { from: number; to: number }[]): Hash[] =>
  ranges.map(({ from, to }) => rootOf(leaves.slice(from, to), hasher));

test("every leaf of every tree is proved, at its own place in its own tree only", async () => {
  for (let size = 1; size <= leaves.length; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const [leaf = "", root, path] = [leaves[index], rootAt(size), proofOf(inclusionRanges(index, size))];
      assert.ok(await isIncluded({ leaf, index, size, path, root }), `${index} of ${size}`);
      const wrong = [
        { leaf: hasher.leaf("another"), index, size, path, root },
        { leaf, index: index + 1, size, path, root },
        { leaf, index, size, path: [...path, root], root },
        { leaf, index, size, path: path.slice(1), root: size === 1 ? rootAt(2) : root },
        { leaf, index, size, path, root: rootAt(size + 1) },
        { leaf, index: -1, size, path, root },
        { leaf, index: 0.5, size, path, root },
      ];
      for (const each of wrong)
        if (each.index !== index || each.path !== path || each.root !== root || each.leaf !== leaf)
          assert.ok(!(await isIncluded(each)), `${JSON.stringify(each)} of ${size}`);
    }
  }
});

test("every tree grows out of every smaller one, and out of no other", async () => {
  for (let size = 1; size <= leaves.length; size += 1) {
    for (let before = 0; before <= size; before += 1) {
      const proof = before === 0 ? [] : proofOf(consistencyRanges(before, size));
      const growth = {
        before: { size: before, root: rootAt(before) },
        after: { size, root: rootAt(size) },
        proof,
      };
      assert.ok(await isGrowth(growth), `${before} to ${size}`);
      if (before === 0) continue;
      const other = hasher.leaf("another");
      assert.ok(!(await isGrowth({ ...growth, before: { size: before, root: other } })));
      assert.ok(!(await isGrowth({ ...growth, after: { size, root: other } })));
      assert.ok(!(await isGrowth({ ...growth, proof: [...proof, other] })));
      if (proof.length > 0) assert.ok(!(await isGrowth({ ...growth, proof: proof.slice(1) })));
    }
  }
  const back = { before: { size: 2, root: rootAt(2) }, after: { size: 1, root: rootAt(1) }, proof: [] };
  assert.ok(!(await isGrowth(back)));
});

/** The key of the example in c2sp.org/signed-note. */
const exampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const exampleNote =
  "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

test("a key is one where name, id and key belong together", async () => {
  assert.equal(await readCheckpoint(exampleNote, { log: exampleKey }), "it is no checkpoint");
  for (const wrong of ["", "x", exampleKey.replace("foo", "bar"), exampleKey.replace("530d903a", "530d903b")])
    await assert.rejects(readCheckpoint(exampleNote, { log: wrong }), RangeError, wrong);
  await assert.rejects(readCheckpoint(exampleNote, { log: exampleKey, witnesses: [exampleKey] }), RangeError);
});

const log = noteSigner("log.example/log", 1);
const witness = noteSigner("witness.example/w", 4);
const textOf = (size: number, root = rootAt(size)): string => `log.example/log\n${size}\n${root}\n`;
const noteOf = (size: number, root?: Hash): string =>
  `${textOf(size, root)}\n${log.sign(textOf(size, root))}`;

test("a checkpoint counts by the signature of its log, and says who has witnessed it", async () => {
  const note = noteOf(5) + witness.cosign(textOf(5), 1_800_000_000n);
  const keys = { log: log.key, witnesses: [witness.key] };
  assert.deepEqual(await readCheckpoint(note, keys), {
    origin: "log.example/log",
    size: 5,
    root: rootAt(5),
    witnesses: [{ name: "witness.example/w", at: new Date(1_800_000_000_000) }],
    note,
  });
  const unknown = await readCheckpoint(note, { log: log.key });
  assert.deepEqual(typeof unknown === "string" ? unknown : unknown.witnesses, []);
  const cases: [string, string, string][] = [
    ["another log's key", note, "there is no key for log.example/log"],
    ["unsigned", textOf(5), "it is no checkpoint"],
    [
      "signed by the witness only",
      `${textOf(5)}\n${witness.cosign(textOf(5), 1n)}`,
      "the log did not sign it",
    ],
    ["another size", note.replace("\n5\n", "\n6\n"), "the log's signature is wrong"],
    ["a size with a zero before it", note.replace("\n5\n", "\n05\n"), "it is no checkpoint"],
    [
      "another time of the witness",
      noteOf(5) + witness.cosign(textOf(4), 1n),
      "the signature of witness.example/w is wrong",
    ],
  ];
  for (const [name, text, says] of cases) {
    const by = name === "another log's key" ? { log: noteSigner("other.example/log", 1).key } : keys;
    assert.equal(await readCheckpoint(text, by), says, name);
  }
});

test("a log that was rewritten, cut or replaced is told from one that grew", async () => {
  const keys = { log: [log.key, noteSigner("log.example/log/2", 1).key] };
  const state = (size: number, before: number, root?: Hash) => ({
    note: noteOf(size, root),
    proof: proofOf(consistencyRanges(before, size)),
  });
  assert.ok((await verifyLog(state(9, 4), keys)).verified);
  assert.ok((await verifyLog(state(9, 4), keys, noteOf(4))).verified);
  assert.ok((await verifyLog({ note: noteOf(9), proof: [] }, keys, noteOf(9))).verified);
  const reasonOf = async (now: Parameters<typeof verifyLog>[0], kept: string) => {
    const verdict = await verifyLog(now, keys, kept);
    return verdict.verified ? "verified" : verdict.reason;
  };
  assert.equal(await reasonOf(state(9, 4), noteOf(4, hasher.leaf("forked"))), "rewritten");
  assert.equal(await reasonOf(state(9, 4, hasher.leaf("forked")), noteOf(4)), "rewritten");
  assert.equal(await reasonOf({ note: noteOf(9, hasher.leaf("x")), proof: [] }, noteOf(9)), "rewritten");
  assert.equal(await reasonOf(state(4, 4), noteOf(9)), "shorter");
  assert.equal(await reasonOf({ note: `${textOf(9)}\n`, proof: [] }, noteOf(4)), "not signed");
  await assert.rejects(verifyLog(state(9, 4), keys, "nothing"), RangeError);
});

/** A server that shows this log, and counts how often it was asked. */
function showing(size: number, root = rootAt(size)) {
  const asked: number[] = [];
  return {
    asked,
    client: {
      log: async ({ since = 0 } = {}) => {
        asked.push(since);
        const proof = since === 0 || since > size ? [] : proofOf(consistencyRanges(since, size));
        const state = { note: noteOf(size, root), proof, origin: "", epoch: 1, size, key: "", witness: "" };
        return { outcome: "done" as const, status: 200, state: { ...state, halted: null } };
      },
    },
  };
}

test("a log is followed from what was kept to what was seen, and asked no more than it takes", async () => {
  const keys = { log: log.key };
  const forked = hasher.leaf("forked");
  const follow = async ({ client }: Pick<FollowedLog, "client">, kept?: string, seen?: string) => {
    const verdict = await followLog({ client, keys, kept, seen });
    return verdict.verified ? verdict.checkpoint.size : verdict.reason;
  };
  const server = showing(9);
  assert.equal(await follow(server), 9);
  assert.equal(await follow(server, noteOf(4)), 9);
  assert.equal(await follow(server, noteOf(4), noteOf(7)), 9);
  assert.deepEqual(server.asked, [0, 4, 4, 7]);
  assert.equal(await follow(server, noteOf(7), noteOf(7)), 7);
  assert.equal(server.asked.length, 4, "what is kept already is not asked about");
  assert.equal(await follow(server, noteOf(4), noteOf(7, forked)), "rewritten", "another face of the log");
  assert.equal(await follow(server, noteOf(4, forked), noteOf(7)), "rewritten");
  assert.equal(await follow(server, noteOf(4), noteOf(12)), "shorter", "more was shown to somebody else");
  assert.equal(await follow(server, noteOf(4), `${textOf(7)}\n`), "not signed");
  const away = { client: { log: async () => ({ outcome: "unknown" as const, reason: "no route" }) } };
  assert.equal(await follow(away, noteOf(4)), "no answer");
  assert.equal(await follow(away, noteOf(4), noteOf(4)), 4);
  await assert.rejects(follow(server, "nothing"), RangeError);
});
