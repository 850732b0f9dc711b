/** XML as messages of ISO 20022 need it: written with everything escaped, read strictly and without entities of their own. */
import { SaxesParser } from "saxes";

/** Text, or what stands inside of an element; what is undefined is left out. */
export type Content = string | number | bigint | readonly (string | undefined)[];

/** An element. Its content is text where it is no list, and elements that were written before where it is one. */
export function element(
  name: string,
  content: Content,
  attributes: Readonly<Record<string, string>> = {},
): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const inside = Array.isArray(content) ? content.join("") : escaped(String(content));
  return `<${name}${said.join("")}>${inside}</${name}>`;
}

const signs: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? sign);

/** A whole message; `message` names its namespace, as in `pain.001.001.09`. */
export function document(message: string, content: readonly string[]): Buffer {
  const root = element("Document", content, { xmlns: `urn:iso:std:iso:20022:tech:xsd:${message}` });
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`);
}

/** An element that was read: its name without a prefix. */
export interface Node {
  name: string;
  text: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly Node[];
}

/** The message that was read; or, in a sentence, why it cannot be. */
export type ReadXml = { message: string; root: Node } | { wrong: string };

interface Growing extends Node {
  children: Growing[];
}

const deepest = 40;
const namespace = /^urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.[0-9]{3}\.[0-9]{3}\.[0-9]{2})$/;

/** Reads a message of ISO 20022 from its bytes, which have to be UTF-8. */
export function readXml(bytes: Uint8Array): ReadXml {
  const text = decoded(bytes);
  if (text === undefined) return { wrong: "It is not UTF-8 throughout." };
  const parser = new SaxesParser({ xmlns: true });
  const open: Growing[] = [];
  let [root, message, wrong]: [Growing | undefined, string | undefined, string | undefined] = [
    undefined,
    undefined,
    undefined,
  ];
  parser.on("error", ({ message: why }) => {
    wrong ??= `It is no well-formed XML: ${why}`;
  });
  parser.on("doctype", () => {
    wrong ??= "It has a document type of its own, which no bank's message has.";
  });
  parser.on("xmldecl", ({ encoding }) => {
    if (encoding !== undefined && encoding.toUpperCase() !== "UTF-8")
      wrong ??= `It says that it is written in ${encoding.slice(0, 20)}; it has to be UTF-8.`;
  });
  parser.on("opentag", ({ local, uri, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value]);
    const node: Growing = { name: local, text: "", attributes: Object.fromEntries(values), children: [] };
    if (open.length >= deepest) wrong ??= "It is nested deeper than any bank's message.";
    if (root === undefined) [root, message] = [node, namespace.exec(uri)?.[1]];
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on("text", (part) => {
    const node = open.at(-1);
    if (node !== undefined) node.text += part;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(text).close();
  if (wrong !== undefined) return { wrong };
  if (root === undefined || message === undefined) return { wrong: "It is no message of ISO 20022." };
  return { message, root };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** All elements at a path below a node, as in `GrpHdr/MsgId`. */
export function allAt(node: Node, path: string): Node[] {
  return path
    .split("/")
    .reduce<Node[]>(
      (nodes, name) => nodes.flatMap(({ children }) => children.filter((one) => one.name === name)),
      [node],
    );
}

/** The text at a path, without what surrounds it; undefined where nothing stands there. */
export function textAt(node: Node, path: string): string | undefined {
  return allAt(node, path)[0]?.text.trim();
}
