import assert from "node:assert/strict";
import { createHash, hash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import {
  completeNodes,
  consistencyRanges,
  foldNodes,
  grow,
  type Hash,
  type Hasher,
  inclusionRanges,
  rootOf,
  siblingsOf,
} from "./tree.ts";

const sha = (...parts: Buffer[]): Hash => createHash("sha256").update(Buffer.concat(parts)).digest("base64");
const hasher: Hasher = {
  leaf: (text) => sha(Buffer.of(0), Buffer.from(text)),
  node: (left, right) => sha(Buffer.of(1), Buffer.from(left, "base64"), Buffer.from(right, "base64")),
  empty: hash("sha256", "", "base64"),
};

/** The leaves and roots by which implementations of RFC 6962 are tried. */
const leaves = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const roots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const known = leaves.map((hex) => hasher.leaf(Buffer.from(hex, "hex").toString("latin1")));
const hexOf = (value: Hash): string => Buffer.from(value, "base64").toString("hex");

test("roots are those that other implementations come to", () => {
  roots.forEach((root, size) => assert.equal(hexOf(rootOf(known.slice(0, size), hasher)), root));
});

/** What RFC 9162 says, word for word: the largest power of two below the count parts the leaves. */
function plainRoot(all: readonly Hash[]): Hash {
  if (all.length < 2) return all[0] ?? hasher.empty;
  let half = 1;
  while (half * 2 < all.length) half *= 2;
  return hasher.node(plainRoot(all.slice(0, half)), plainRoot(all.slice(half)));
}

const many = Array.from({ length: 130 }, (_, index) => hasher.leaf(`leaf ${index}`));

test("a tree that grows in steps is the tree over all its leaves, and its nodes make every range", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 }), (steps) => {
      let [size, edge] = [0, [] as Hash[]];
      const nodes = new Map<string, Hash>();
      for (const step of steps) {
        const grown = grow(size, edge, many.slice(size, size + step), hasher);
        for (const { level, place, hash: value } of grown.nodes) nodes.set(`${level} ${place}`, value);
        [size, edge] = [Math.min(size + step, many.length), grown.edge];
        assert.equal(foldNodes(edge, hasher), plainRoot(many.slice(0, size)));
      }
      const of = (range: { from: number; to: number }) =>
        foldNodes(
          completeNodes(range).map(({ level, place }) => nodes.get(`${level} ${place}`) ?? "none"),
          hasher,
        );
      for (let index = 0; index < size; index += 1) {
        assert.deepEqual(
          inclusionRanges(index, size).map(of),
          siblingsOf(many.slice(0, size), index, hasher),
        );
      }
    }),
  );
});

test("a proof of consistency names what RFC 9162 names in its example of seven leaves", () => {
  const ranges = (before: number) => consistencyRanges(before, 7).map(({ from, to }) => `${from}-${to}`);
  assert.deepEqual(ranges(3), ["2-3", "3-4", "0-2", "4-7"]);
  assert.deepEqual(ranges(4), ["4-7"]);
  assert.deepEqual(ranges(6), ["4-6", "6-7", "0-4"]);
  assert.deepEqual(ranges(7), []);
  const path = (index: number) => inclusionRanges(index, 7).map(({ from, to }) => `${from}-${to}`);
  assert.deepEqual(path(0), ["1-2", "2-4", "4-7"]);
  assert.deepEqual(path(3), ["2-3", "0-2", "4-7"]);
  assert.deepEqual(path(6), ["4-6", "0-4"]);
});
