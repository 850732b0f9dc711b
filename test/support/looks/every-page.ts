/** The samples of all pages, of the servers and of the shop, as readers of each language get them. */
import type { Language } from "../../../src/edge/words/words.ts";
import type { SampleTexts } from "../tables/sample-trades.ts";
import { shopPages } from "../tables/sample-shop.ts";
import { samplePages } from "../tables/samples.ts";

const written: Record<Language, SampleTexts> = {
  en: {
    shop: "Uji Tea House",
    goods: "Tea set, celadon",
    reference: "ORDER-2048",
    parcel: "4900 1203 8871",
    place: "At home",
    reason: "Two cups have a crack.",
    person: "Sato Hanako",
  },
  ja: {
    shop: "宇治茶舗",
    goods: "急須と湯呑みのセット（青磁）",
    sending: "配送料",
    cloth: "風呂敷",
    reference: "1234567897",
    parcel: "4900-1203-8871",
    place: "ご自宅",
    reason: "湯呑み二つに、ひびが入っています。",
    person: "佐藤 花子",
  },
};

/** What people have typed, where nothing is odd about it. */
export const ordinary = (lang: Language): SampleTexts => written[lang];

/** What people have typed, where nothing in it can be broken into lines. */
export const longWords: SampleTexts = {
  shop: "W".repeat(200),
  goods: "Ww".repeat(100),
  reason: "W".repeat(200),
  person: "W".repeat(200),
};

/** Every page by its name. */
export function everyPage(lang: Language, texts: SampleTexts): Map<string, string> {
  const pages = samplePages(texts, { lang, back: "/", timeZone: "Asia/Tokyo" });
  return new Map(Object.entries({ ...pages, ...shopPages(texts, lang) }));
}
