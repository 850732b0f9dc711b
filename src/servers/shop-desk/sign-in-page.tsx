/** Where the shop's staff sign in. */
import { Button, Field, Form, Mistakes, Notice } from "../../edge/parts/parts.ts";
import type { Sentence } from "../../edge/words/words.ts";
import { type Frame, ShopPage } from "../shop-frame/shop-frame.ts";
import { useShopWords } from "../shop-words/shop-words.ts";

interface SignInProps {
  frame: Frame;
  mistaken?: Sentence;
  /** What had been typed when the session ended; it is shown again to whoever typed it. */
  again?: string;
}

export function StaffSignInPage({ frame, mistaken, again }: SignInProps) {
  const say = useShopWords();
  return (
    <ShopPage frame={frame} title={say("signIn.title")} narrow>
      <h1>{say("signIn.title")}</h1>
      <Mistakes errors={mistaken === undefined ? {} : { password: mistaken }} />
      {again === undefined ? null : (
        <Notice tone="care" id="kept">
          <p>{say("signIn.kept")}</p>
        </Notice>
      )}
      <div class="sheet">
        <Form action="/staff/sign-in" id="sign-in">
          {again === undefined ? null : <input type="hidden" name="again" value={again} />}
          <Field
            name="name"
            label={say("signIn.name")}
            hint={say("signIn.nameHint")}
            own
            autocomplete="username"
            maxLength={40}
          />
          <Field
            name="password"
            label={say("signIn.password")}
            type="password"
            required
            autocomplete="current-password"
            error={mistaken}
            maxLength={200}
          />
          <Button>{say("signIn.button")}</Button>
        </Form>
      </div>
    </ShopPage>
  );
}
