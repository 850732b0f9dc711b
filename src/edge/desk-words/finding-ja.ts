/** The same in Japanese. */
import type { finding as english } from "./finding-en.ts";

export const finding: Record<keyof typeof english, string> = {
  "find.title": "検索",
  "find.what": "お客様がおっしゃっていること",
  "find.whatHint":
    "取引番号、会員番号、電話番号、メールアドレス、氏名またはフリガナ（姓か名のみでも可）、店舗名、注文番号のいずれかを入力してください。",
  "find.find": "検索する",
};
