export { openReader, type Reader, type ReaderPlace } from "./reader.ts";
export { onSchedule, type Read, wallClock } from "./schedule.ts";
