/** The password of whoever is signed in, asked for once more: a session alone hands out no accounts and no goods. */
import { Field } from "../../edge/parts/parts.ts";
import type { Sentence } from "../../edge/words/words.ts";
import { useShopWords } from "../shop-words/shop-words.ts";

export function OwnPassword({ id, error }: { id: string; error: Sentence | undefined }) {
  const say = useShopWords();
  return (
    <Field
      id={id}
      name="ownPassword"
      label={say("own.password")}
      hint={say("own.hint")}
      type="password"
      required
      autocomplete="current-password"
      maxLength={200}
      error={error}
    />
  );
}
