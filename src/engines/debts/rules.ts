/** What holds for bills on a server, as its configuration says it. */

/** A step of dunning, so long after the day by which a bill was to be paid; its fee by currency, in minor units. */
export interface DunningStep {
  after: string;
  fee: Readonly<Record<string, bigint>>;
}

export interface BillRules {
  /** The day of each month up to which what is used of lines is billed; null: each debt is, as soon as it is there. */
  closesOn: number | null;
  /** How long after it was made a bill is to be paid. */
  payWithin: string;
  /** How long before that day it is told of once more. */
  ahead: readonly string[];
  steps: readonly DunningStep[];
  /** The most that all fees of one bill come to, by currency; without one, what all steps come to. */
  feesMost: Readonly<Record<string, bigint>>;
}

/** A week before, three days, one, and on the day; then three letters, which cost nothing. */
export const usualBills: BillRules = {
  closesOn: null,
  payWithin: "P14D",
  ahead: ["P7D", "P3D", "P1D", "PT12H"],
  steps: [
    { after: "P3D", fee: {} },
    { after: "P14D", fee: {} },
    { after: "P28D", fee: {} },
  ],
  feesMost: {},
};
