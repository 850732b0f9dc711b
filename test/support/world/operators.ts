/** What holds for operators in tests that are about something else: one of them is enough. */
export const oneOperator = { fourEyes: "off", requireProof: false, lookupsPerDay: 100_000 } as const;
/** The same in a configuration, which only a sandbox may hold. */
export const oneOperatorConfig = { fourEyes: false, requireProof: false, lookupsPerDay: 100_000 } as const;
