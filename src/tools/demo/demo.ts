/** The demo world's people, shops, carriers, operators and money, each server's written once into its own database. */
export { type FacilitatorDemo, seedFacilitator } from "./facilitator-seed.ts";
export { type Demo, seedDemo, seedInstitution } from "./institution-seed.ts";
