/** The wings, and what a line of the table of rooms says. */

/**
 * From the ground up. A room imports rooms of its own wing and of those below. `packages` stand beside
 * `src`: each is built by itself, the SDK for those who install nothing else of Kenshu, the page for browsers.
 */
export const wings = ["core", "packages", "storage", "engines", "edge", "servers", "tools"] as const;
export type Wing = (typeof wings)[number];

export type Room = {
  /** The rooms of each wing that it imports. */
  readonly [wing in Wing]?: readonly string[];
} & {
  /** Packages from npm. */
  readonly npm?: readonly string[];
  readonly node?: true;
  /** It runs in a browser too: no modules of Node, and from a second door only types, since behind it are packages. */
  readonly browser?: true;
  /** A second front door beside the file named like the room. */
  readonly secondDoor?: string;
  /** A program: its front door is where it begins, has code, and is imported by nobody. */
  readonly program?: true;
};

export type Rooms = { readonly [wing in Wing]: Readonly<Record<string, Room>> };
