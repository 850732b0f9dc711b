/** A value and its JSON text. Each is made from the other once, when it is first asked for. */
export interface Json<Value> {
  readonly value: Value;
  readonly text: string;
}

export function jsonOf<Value>(value: Value): Json<Value> {
  let text: string | undefined;
  return {
    value,
    get text() {
      text ??= JSON.stringify(value);
      return text;
    },
  };
}

/** Of a text that this server has made itself, so that what is in it is known. */
export function jsonFrom<Value>(text: string): Json<Value> {
  let read: { value: Value } | undefined;
  return {
    text,
    get value() {
      read ??= { value: JSON.parse(text) as Value };
      return read.value;
    },
  };
}
