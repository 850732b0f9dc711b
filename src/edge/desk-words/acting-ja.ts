import type { acting as english } from "./acting-en.ts";

export const acting: Record<keyof typeof english, string> = {};
