/** Division of whole amounts of minor units: nothing is lost, nothing is made, and it is said who gets the odd unit. */

const WHOLE = 10_000n;

/**
 * What is kept from a payment to a shop.
 * `fixed` is in minor units and due once per trade; `basisPoints` are hundredths of a percent (0 to 10,000) of the total.
 * `roundTo` names who gains when the percentage does not come out even: the shop (fee rounded down) or the fee (up).
 */
export type Fee = { fixed: bigint; basisPoints: number; roundTo: "shop" | "fee" };

function checkTotal(total: bigint): void {
  if (total < 0n) throw new RangeError(`cannot divide the negative amount ${total}`);
}

function checkBasisPoints(basisPoints: number): bigint {
  if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > 10_000) {
    throw new RangeError(`basis points must be an integer from 0 to 10000, not ${basisPoints}`);
  }
  return BigInt(basisPoints);
}

/** The given hundredths of a percent of a total, rounded down or up to a whole minor unit. */
export function percentOf(total: bigint, basisPoints: number, round: "down" | "up" = "down"): bigint {
  checkTotal(total);
  const product = total * checkBasisPoints(basisPoints);
  return round === "down" ? product / WHOLE : (product + WHOLE - 1n) / WHOLE;
}

/**
 * The fee on everything settled so far, never more than that total and 0 on nothing.
 *
 * It grows with the total and never faster than it. So a trade settled in parts is charged
 * `feeOn(settledSoFar) - feeTakenSoFar` with each part: that is never negative, never more than the part,
 * and the charges add up to the fee on the whole, however the trade was cut.
 */
export function feeOn(total: bigint, fee: Fee): bigint {
  if (fee.fixed < 0n) throw new RangeError(`a fixed fee cannot be negative: ${fee.fixed}`);
  const whole = fee.fixed + percentOf(total, fee.basisPoints, fee.roundTo === "fee" ? "up" : "down");
  return whole < total ? whole : total;
}

/** The part of `total` that stands to it as `part` to `whole`, rounded down. For running shares: take the difference. */
export function shareOf(part: bigint, whole: bigint, total: bigint): bigint {
  checkTotal(total);
  if (whole <= 0n || part < 0n || part > whole) throw new RangeError(`${part} of ${whole} is not a share`);
  return (total * part) / whole;
}

/**
 * Divides a total in proportion to weights, by largest remainder: the parts add up to the total, and each is within
 * one minor unit of its exact share. Equal remainders go to the earlier part, so the same question has one answer.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  checkTotal(total);
  if (weights.some((weight) => weight < 0n)) throw new RangeError("a weight cannot be negative");
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (whole === 0n) throw new RangeError("the weights add up to nothing");
  const shares = weights.map((weight, index) => {
    const exact = total * weight;
    return { index, floor: exact / whole, remainder: exact % whole };
  });
  const odd = total - shares.reduce((sum, share) => sum + share.floor, 0n);
  const favoured = [...shares]
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
    .slice(0, Number(odd));
  const extra = new Set(favoured.map((share) => share.index));
  return shares.map((share) => (extra.has(share.index) ? share.floor + 1n : share.floor));
}

/** Divides a total by shares in basis points that add up to 10,000. The parts add up to the total. */
export function splitByBasisPoints(total: bigint, shares: readonly number[]): bigint[] {
  const weights = shares.map(checkBasisPoints);
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  if (sum !== WHOLE) throw new RangeError(`the shares add up to ${sum} basis points, not to 10000`);
  return allocate(total, weights);
}
