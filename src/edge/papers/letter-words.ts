/** What an admission letter says, in each language. */
import type { PaperLanguage } from "./sheet.ts";

const en = {
  title: "Welcome to {server}",
  to: "{name}",
  greeting:
    "Your application was approved, and you are a member. This is your member number; a shop, a counter and our operators know you by it.",
  number: "Your member number",
  code: "Your code for the first sign-in",
  codeUntil: "Works once, until {until}.",
  steps:
    "To sign in for the first time, open {url} and type your member number, this code and your date of birth; then choose the email address and the password with which you will sign in from then on. If you told us an email address when you applied, type that one.",
  secret:
    "The code stands on this letter and nowhere else. Nobody of {server} will ever ask you for it. A newer letter makes it void. If the letter was open when it came, tell us, and we send another one.",
  hasSignIn:
    "You have a sign-in already: the email address and the password that you chose. Sign in at {url}.",
  noUse:
    "For three days after the first sign-in nobody can be given a right to your money by it, so that you can tell us if it was not you.",
  lineNote:
    "If you would like a credit line, or another limit, fill in the form on the next page and send it back to us.",
  date: "{day}",
  form: "Request for a credit line",
  formLead:
    "Fill this in, sign it and send it back to {server}. We look at it, and write to you when the line is open.",
  formNumber: "Member number",
  formName: "Name",
  formBirth: "Date of birth",
  formPhone: "Telephone, by day",
  formCurrency: "Currency (mark one)",
  formLimit: "Limit that you wish",
  formUse: "What you want to buy with it",
  formChange: "This is (mark one)",
  formChangeOf: "□ my first line    □ another limit for my line    □ closing my line",
  formDate: "Date",
  formSigned: "Signature",
  formConsent:
    "I know that what shops are paid for me out of this line is my debt to {server}, to be paid by the day that is told to me.",
  office: "For {server} only",
  officeIn: "Came in on",
  officeReference: "Reference",
  officeFirst: "First operator",
  officeSecond: "Second operator",
} as const;

export type LetterWord = keyof typeof en;

const ja: Readonly<Record<LetterWord, string>> = {
  title: "{server} ご入会のお知らせ",
  to: "{name} 様",
  greeting:
    "このたびはお申し込みいただき、ありがとうございます。審査の結果、会員として登録いたしました。下記の会員番号は、店舗、収納窓口、オペレーターがご本人を確認するための番号です。",
  number: "会員番号",
  code: "初回サインイン用コード",
  codeUntil: "{until} まで、一度だけ使えます。",
  steps:
    "初めてサインインするときは、{url} を開き、会員番号、このコード、生年月日を入力し、今後お使いになるメールアドレスとパスワードをお決めください。お申し込みのときにメールアドレスをお知らせいただいた方は、そのアドレスを入力してください。",
  secret:
    "このコードは、この書面にだけ記載されています。{server} の者がコードをお尋ねすることはありません。新しい書面が発行されると、このコードは無効になります。封筒が開いていた場合はご連絡ください。新しい書面をお送りします。",
  hasSignIn:
    "サインインの登録はお済みです。お決めになったメールアドレスとパスワードで、{url} からサインインしてください。",
  noUse:
    "初めてサインインしてから3日間は、お金に関する新しい権利は得られません。お心当たりのないサインインの際に、ご連絡いただくための期間です。",
  lineNote:
    "与信枠（信用保証枠）の設定、または限度額の変更をご希望の方は、次のページの依頼書にご記入のうえ、ご返送ください。",
  date: "{day}",
  form: "信用保証枠設定依頼書",
  formLead:
    "ご記入、ご署名のうえ、{server} までご返送ください。内容を確認し、設定が済みましたらお知らせいたします。",
  formNumber: "会員番号",
  formName: "お名前",
  formBirth: "生年月日",
  formPhone: "日中のお電話番号",
  formCurrency: "通貨（✓）",
  formLimit: "ご希望の限度額",
  formUse: "ご利用の目的",
  formChange: "ご依頼の内容（✓）",
  formChangeOf: "□ 新しい枠の設定　　□ 限度額の変更　　□ 枠の解約",
  formDate: "ご記入日",
  formSigned: "ご署名",
  formConsent:
    "この枠により {server} が私に代わって店舗に支払った金額は、私の {server} に対する債務となり、通知された期日までに支払うことを承知しています。",
  office: "{server} 記入欄",
  officeIn: "受付日",
  officeReference: "受付番号",
  officeFirst: "担当者",
  officeSecond: "確認者",
};

export const letterWords: Readonly<Record<PaperLanguage, Readonly<Record<LetterWord, string>>>> = { en, ja };
