export { type Charts, type Compared, openCharts } from "./charts.ts";
export { openReader, type Reader } from "./reader.ts";
export { onSchedule, type Read, wallClock } from "./schedule.ts";
