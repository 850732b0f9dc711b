/** Members bring money to their accounts under numbers of their own, and pay from there what is due under others (0070). */
export { registerFundingCalls } from "./all-fundings.ts";
