/** How a server runs, on pages: charts with their figures beside them. Data in, HTML out. */
export { BehindPage, type BehindShown, type Sought } from "./behind-page.tsx";
export type { DayPoint, MoneyByDay } from "./day-charts.tsx";
export { RunningPage, type RunningProps, type ShopRow, type Waiting } from "./running-page.tsx";
