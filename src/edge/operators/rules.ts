/** What holds for operators on this server. */
export interface OperatorRules {
  /**
   * By currency the amount, in minor units, up to which one operator moves money within a day, and to one beneficiary; 0
   * where none is named. `off` in sandboxes only: then one operator is enough for anything.
   */
  fourEyes: Readonly<Record<string, bigint>> | "off";
  /** Whether operators have to say how a person in whose name they act proved who they are. */
  requireProof: boolean;
  /** How often an operator may look at people's data within a day. */
  lookupsPerDay: number;
}

export const usualLookupsPerDay = 50;
