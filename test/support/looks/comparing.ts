/** Whether two pictures of a page are the same to somebody who looks at them. */
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

/** How a page looks beside how it looked: the share of points that differ, and a picture that marks them. */
export type Comparison =
  | { is: "same" }
  | { is: "another size"; before: string; now: string }
  | { is: "changed"; points: number; share: number; marked: Buffer };

export function compare(before: Buffer, now: Buffer): Comparison {
  if (before.equals(now)) return { is: "same" };
  const [old, fresh] = [PNG.sync.read(before), PNG.sync.read(now)];
  const { width, height } = fresh;
  if (old.width !== width || old.height !== height)
    return { is: "another size", before: `${old.width} × ${old.height}`, now: `${width} × ${height}` };
  const marked = new PNG({ width, height });
  const points = pixelmatch(old.data, fresh.data, marked.data, width, height, { threshold: 0.1 });
  if (points === 0) return { is: "same" };
  return { is: "changed", points, share: points / (width * height), marked: PNG.sync.write(marked) };
}
