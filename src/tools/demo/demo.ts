/** The demo world: its parties' configurations, and the people, shops and money that each database is seeded with once. */
export {
  conformanceOf,
  demoFileOf,
  type DemoSecrets,
  facilitatorSetup,
  guarantorSetup,
  institutionSetup,
  seedWorld,
  shopSetup,
  type Urls,
  urlsOf,
} from "./demo-world.ts";
export { type FacilitatorDemo, seedFacilitator } from "./facilitator-seed.ts";
export { type GuarantorDemo, seedGuarantor } from "./guarantor-seed.ts";
export { type Demo, seedDemo, seedInstitution } from "./institution-seed.ts";
