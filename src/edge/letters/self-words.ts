/** What mails say of somebody's own sign-in and of their own money, in each language. */
import type { SelfMailKind } from "../../engines/outbox/outbox.ts";
import type { PersonLanguage } from "../../storage/members/members.ts";
import type { BillWords, PayoutWords, Said } from "./words.ts";

export const self: Record<PersonLanguage, Record<SelfMailKind, Said>> = {
  en: {
    reset: {
      head: "A new password at {server}",
      happened:
        "Somebody has asked for a new password for this address at {server}. If it was you, open the link and choose one.",
      always:
        "The link works once, for one hour. Was it not you? Then leave it: your password stays as it is.",
    },
    confirm: {
      head: "Your code is {code}",
      happened:
        "Somebody who is signed in at {server} gives this address as theirs. If it was you, type this code there: {code}",
      always: "The code works for a quarter of an hour. Was it not you? Then leave it: nothing happens.",
    },
    password: {
      head: "Your password was changed",
      happened: "The password of your sign-in at {server} was changed. All other sessions have ended.",
      can: "If this was not you, have a new one sent to this address from the page where you sign in, and tell an operator.",
    },
    profile: {
      head: "Your data was changed",
      happened:
        "What {server} knows of you was changed. Your record there says which field, when, and by whom.",
      can: "If this was not you, tell an operator at once.",
    },
    moved: {
      head: "Your email address was changed",
      happened:
        "You are no longer reached and do not sign in by this address at {server}, but by another one.",
      can: "If this was not you, open the link: with the password from before you take the change back at once, and without it you stop everything until our operators have settled it.",
      always: "The link works for three days. Until then the new address gives nobody a right to your money.",
    },
    "bank account": {
      head: "Your bank account was changed",
      happened: "The bank account into which {server} pays out your money was changed.",
      can: "If this was not you, take it away at once where you sign in, or tell an operator.",
      always: "Nothing is paid out to it for three days.",
    },
    passkey: {
      head: "Your passkeys were changed",
      happened:
        "A passkey was added to your sign-in at {server}, or taken from it. Whoever has one of your passkeys signs in with it.",
      can: "If this was not you, sign in, take away every passkey that you do not know, and change your password; then tell an operator.",
    },
    applied: {
      head: "Your application has come in",
      happened:
        "Somebody has applied at {server} to become a member, and has told this address. The application is being looked at; nobody is a member by it yet.",
      can: "When it is approved, a letter with the member number goes to the postal address that was told. If this was not you, do nothing, or tell an operator.",
    },
    admitted: {
      head: "A letter is on its way to you",
      happened:
        "You are a member of {server}. A letter with your member number was made and goes to your postal address; if you do not sign in here yet, it holds a code for that.",
      can: "If it does not come within two weeks, comes opened, or you did not expect it, tell an operator: another letter makes the code void.",
    },
    joined: {
      head: "You can sign in now",
      happened:
        "With the code from the letter a sign-in was made for your membership at {server}: with this address, and a password that was chosen there.",
      can: "If this was not you, tell an operator at once.",
      always: "For three days the sign-in gives nobody a right to your money.",
    },
    erased: {
      head: "What was known of you was erased",
      happened:
        "{server} has erased what it knew of you: name, address, sign-in, permissions and consents. This mail is the last one; with it goes the address to which it was sent.",
      can: "If this was not you, write to an operator at once. Nothing can be brought back, but it can be looked into who has done it.",
    },
    "return address": {
      head: "Goods come back to another address",
      happened:
        "At {server} another place was named to which buyers send your goods back, with a key of your shop or by operators.",
      can: "If this was not you, name the former one again, change your keys, and tell an operator.",
      always: "Where another place stood before, buyers are sent to the new one only after a day.",
    },
    invited: {
      head: "You are invited to work for a shop at {server}",
      happened:
        "A shop at {server} has entered this address for somebody who works there. If it is you, open the link and choose a password of your own: with this address and that password you sign in for the shop.",
      always:
        "The link works once, for three days. Do you know of no such shop? Then leave it: nobody signs in with your address.",
    },
    team: {
      head: "The people of your shop were changed",
      happened:
        "At {server} somebody was invited to work for your shop, was given another role, had their sign-in reset, or was removed. The list under Team says who did it.",
      can: "If this was nobody of yours, sign in, remove whoever should not be there, change your password, and tell an operator.",
    },
    "credit granted": {
      head: "Credit for your order was granted",
      happened:
        "The credit that you asked for at {server} with an order was granted. The order is approved for you as you saw it; if the shop has changed it meanwhile, nothing was frozen.",
      can: "Sign in and look at the order. If it was not you who asked, tell an operator at once.",
    },
    "credit refused": {
      head: "There is no credit for your order",
      happened:
        "The credit that you asked for at {server} with an order was not granted in time, or cannot be used for the order as it stands now. Nothing was frozen.",
      can: "Sign in and look at the order: if it is still open, you can pay for it in another way, or ask again.",
    },
  },
  ja: {
    reset: {
      head: "{server}の新しいパスワード",
      happened:
        "このメールアドレスについて、{server}の新しいパスワードが求められました。ご本人であれば、リンクを開いて新しいパスワードをお決めください。",
      always:
        "リンクは1時間以内に一度だけ使えます。お心当たりがない場合は、そのままにしてください。パスワードは変わりません。",
    },
    confirm: {
      head: "コードは{code}です",
      happened:
        "{server}にサインインしている方が、このメールアドレスをご自分のものとして届け出ました。ご本人であれば、そのページに次のコードを入力してください: {code}",
      always:
        "コードは15分間有効です。お心当たりがない場合は、このメールを破棄してください。そのままで手続きが進むことはありません。",
    },
    password: {
      head: "パスワードが変更されました",
      happened: "{server}のパスワードが変更されました。ほかの場所でのサインインは、すべて終了しました。",
      can: "お心当たりがない場合は、サインインのページからこのアドレスに新しいパスワードの案内を取り寄せ、オペレーターにご連絡ください。",
    },
    profile: {
      head: "登録内容が変更されました",
      happened:
        "{server}に登録されているお客様の情報が変更されました。どの項目が、いつ、誰によって変更されたかは、お客様の記録でご覧になれます。",
      can: "お心当たりがない場合は、すぐにオペレーターにご連絡ください。",
    },
    moved: {
      head: "メールアドレスが変更されました",
      happened: "{server}でのご連絡とサインインは、このアドレスから別のアドレスに変わりました。",
      can: "お心当たりがない場合は、リンクを開いてください。変更前のパスワードがあれば、すぐに元に戻せます。なければ、オペレーターが確認するまで、すべてを止められます。",
      always: "リンクは3日間有効です。それまでは、新しいアドレスではお金に関する新しい権利は得られません。",
    },
    "bank account": {
      head: "振込先の銀行口座が変更されました",
      happened: "{server}からの出金の振込先として登録されている銀行口座が変更されました。",
      can: "お心当たりがない場合は、サインインしてすぐに取り消すか、オペレーターにご連絡ください。",
      always: "3日間は、この口座への振込は行われません。",
    },
    passkey: {
      head: "パスキーが変更されました",
      happened:
        "{server}のサインインに、パスキーが追加されたか、登録が解除されました。登録されたパスキーをお持ちの方は、それでサインインできます。",
      can: "お心当たりがない場合は、サインインして、見覚えのないパスキーの登録を解除し、パスワードを変更したうえで、オペレーターにご連絡ください。",
    },
    applied: {
      head: "仮会員のお知らせ",
      happened:
        "{server}への入会のお申し込みを受け付けました。お申し込みの際に、このメールアドレスが届け出られました。現在、審査をしております。まだ会員としての登録は済んでおりません。",
      can: "承認されましたら、会員番号を記載した書面を、お届けのご住所に郵送いたします。お心当たりがない場合は、そのままにしていただくか、オペレーターにご連絡ください。",
    },
    admitted: {
      head: "ご入会の書面をお送りします",
      happened:
        "{server}の会員として登録されました。会員番号を記載した書面を、お届けのご住所に郵送いたします。サインインの登録がお済みでない方には、そのためのコードが記載されています。",
      can: "2週間たっても届かない場合、封筒が開いていた場合、またはお心当たりがない場合は、オペレーターにご連絡ください。新しい書面を発行すると、前のコードは無効になります。",
    },
    joined: {
      head: "サインインできるようになりました",
      happened:
        "郵送された書面のコードにより、{server}のサインインが登録されました。このメールアドレスと、そのとき決められたパスワードでサインインできます。",
      can: "お心当たりがない場合は、すぐにオペレーターにご連絡ください。",
      always: "3日間は、このサインインではお金に関する新しい権利は得られません。",
    },
    erased: {
      head: "お客様の情報を消去しました",
      happened:
        "{server}は、お名前、ご住所、サインイン、事前承認、同意など、お客様について登録されていた情報を消去しました。このメールが最後のお知らせです。送信先のメールアドレスも、このメールとともに消去されます。",
      can: "お心当たりがない場合は、すぐにオペレーターにご連絡ください。元に戻すことはできませんが、誰が行ったのかを調べることができます。",
    },
    "return address": {
      head: "返送先が変更されました",
      happened:
        "{server}で、購入者が商品を返送する先として別の住所が登録されました。店舗の鍵、またはオペレーターによる変更です。",
      can: "お心当たりがない場合は、以前の住所を登録し直し、鍵を交換して、オペレーターにご連絡ください。",
      always: "すでに返送先があった場合、新しい住所が購入者に案内されるのは1日後からです。",
    },
    invited: {
      head: "{server}の店舗の担当者に招待されました",
      happened:
        "{server}を利用する店舗が、担当者の連絡先としてこのメールアドレスを登録しました。お心当たりがある場合は、リンクを開いてご自分のパスワードをお決めください。このメールアドレスとそのパスワードで、店舗の担当者としてサインインできます。",
      always:
        "リンクは3日以内に一度だけ使えます。お心当たりがない場合は、そのままにしてください。このメールアドレスでサインインできるようになることはありません。",
    },
    team: {
      head: "店舗の担当者が変更されました",
      happened:
        "{server}で、店舗の担当者の招待、役割の変更、サインインの再設定、または登録の解除が行われました。誰が行ったかは「担当者」の一覧でご確認いただけます。",
      can: "お心当たりがない場合は、サインインして不審な担当者の登録を解除し、パスワードを変更したうえで、オペレーターにご連絡ください。",
    },
    "credit granted": {
      head: "ご注文の信用保証が承認されました",
      happened:
        "{server}にお申し込みいただいた、ご注文1件についての信用保証が承認されました。ご注文は、ご覧になった内容のとおりに承認されます。その後に店舗が内容を変更していた場合は、支払予約は行われていません。",
      can: "サインインして、ご注文の内容をご確認ください。お心当たりがない場合は、すぐにオペレーターにご連絡ください。",
    },
    "credit refused": {
      head: "ご注文の信用保証はご利用になれません",
      happened:
        "{server}にお申し込みいただいた、ご注文1件についての信用保証は、期限までに承認されなかったか、現在のご注文の内容にはご利用になれません。支払予約は行われていません。",
      can: "サインインして、ご注文をご確認ください。受付中であれば、別の支払方法をお選びいただくか、もう一度お申し込みいただけます。",
    },
  },
};

/** What mails say of payouts, in each language. */
export const payouts: Record<PersonLanguage, PayoutWords> = {
  en: {
    said: {
      payout: {
        head: "{amount} is being paid out to your bank",
        happened: "{amount} has left your account at {server} for the bank account that you have named.",
        can: "If this was not you, take it back at once where you sign in, or tell an operator. It can be taken back until it goes to the bank.",
      },
      "payout returned": {
        head: "{amount} came back from your bank",
        happened:
          "The bank could not pay {amount} to the account that you have named. It is on your account at {server} again.",
        can: "Look whether bank, branch, number and name are right, and have it paid out again.",
      },
    },
    look: "See the account",
    foot: "{server} writes to you because it keeps an account of yours. No mail from us asks for a password, a code or a card number.",
  },
  ja: {
    said: {
      payout: {
        head: "{amount}の出金手続きが始まりました",
        happened: "{server}の口座から、ご登録の銀行口座への{amount}の出金手続きが始まりました。",
        can: "お心当たりがない場合は、サインインしてすぐに取り消すか、オペレーターにご連絡ください。銀行に送られるまでは取り消せます。",
      },
      "payout returned": {
        head: "{amount}の振込ができませんでした",
        happened:
          "ご登録の銀行口座へ{amount}を振り込むことができませんでした。この金額は{server}の口座に戻りました。",
        can: "銀行、支店、口座番号、口座名義に誤りがないかご確認のうえ、もう一度出金をお申し込みください。",
      },
    },
    look: "口座を見る",
    foot: "このメールは、{server}に口座をお持ちの方にお送りしています。当方からのメールで、パスワード、コード、カード番号をお尋ねすることはありません。",
  },
};

/** What mails say of bills, in each language. */
export const bills: Record<PersonLanguage, BillWords> = {
  en: {
    said: {
      bill: {
        head: "A bill: {asked} by {day}",
        happened:
          "You owe {owed} on your credit line at {server}. Please pay {asked} by {day}, at a store or a counter that collects, with the number of this bill.",
        can: "Sign in to see what it is for, and to print a slip for the counter. If you cannot pay all of it at once, ask there for instalments.",
      },
      "bill grown": {
        head: "Your bill is now {owed}",
        happened:
          "Something has come to your bill at {server}: you owe {owed} in all. Please pay {asked} by {day}.",
        can: "Sign in to see what it is for.",
      },
      "bill soon": {
        head: "Please pay {asked} by {day}",
        happened: "{asked} of what you owe at {server} is to be paid by {day}.",
        can: "Pay it with the number of the bill. If you have paid already, this mail has crossed your payment.",
      },
      "bill overdue": {
        head: "Your bill is overdue",
        happened:
          "{owed} was to be paid at {server} by {day}, and we have not heard that it was. Until it is paid, nothing new can be bought on this credit line.",
        can: "Pay it now with the number of the bill, or ask for instalments where you sign in.",
      },
      instalments: {
        head: "You can pay in instalments",
        happened:
          "What you owe at {server}, {owed}, can be paid in instalments. The next one is {asked}, by {day}.",
        can: "Pay each by its day, always with the number of this bill.",
        always: "If one is missed, all that is left is due at once.",
      },
      "whole due": {
        head: "An instalment was missed",
        happened:
          "An instalment was to be paid at {server} by {day}, and was not. So all that is left is due now: {owed}.",
        can: "Pay it now with the number of the bill, or talk to us.",
      },
      "bill paid": {
        head: "Your bill is paid",
        happened: "Nothing is owed any more on this bill at {server}. Thank you.",
      },
      "made good": {
        head: "{lender} has made good what you owed",
        happened:
          "What was owed on this bill at {server} has been made good by {lender}, who gave you the credit line. The line has ended, and nothing is owed on this bill here any more.",
        can: "What you owe {lender} for it is between you and them: please ask them.",
      },
      "written off": {
        head: "Your credit line was closed",
        happened:
          "{server} does not expect any more that what was owed on your credit line will be paid. It has closed the line and sends you no more reminders.",
        can: "What you owed can still be paid with the number of the bill.",
      },
    },
    charged: "A fee of {fee} was charged for this reminder.",
    number: "Bill",
    owed: "Owed in all",
    by: "To be paid by",
    look: "See the bill",
    foot: "{server} writes to you because you have a credit line there. No mail from us asks for a password, a code or a card number.",
  },
  ja: {
    said: {
      bill: {
        head: "ご請求{asked}（{day}まで）",
        happened:
          "{server}の与信枠でのご利用残高は{owed}です。{day}までに{asked}を、この請求書の番号を示して、コンビニエンスストアなどの収納窓口でお支払いください。",
        can: "サインインすると、内訳をご覧になり、払込票を印刷できます。一度にお支払いになれない場合は、そちらで分割払いをお申し出ください。",
      },
      "bill grown": {
        head: "ご請求額が{owed}になりました",
        happened:
          "{server}でのご請求に新たな分が加わり、合計{owed}となりました。{day}までに{asked}をお支払いください。",
        can: "サインインすると、内訳をご覧になれます。",
      },
      "bill soon": {
        head: "{day}までに{asked}をお支払いください",
        happened: "{server}へのお支払い{asked}の期限は{day}です。",
        can: "請求書の番号を示してお支払いください。すでにお支払い済みの場合は、行き違いですのでご容赦ください。",
      },
      "bill overdue": {
        head: "お支払いの期限が過ぎています",
        happened:
          "{server}への{owed}のお支払い期限（{day}）が過ぎましたが、まだお支払いを確認できておりません。お支払いが済むまで、この与信枠では新しいご注文ができません。",
        can: "請求書の番号を示して至急お支払いいただくか、サインインして分割払いをお申し出ください。",
      },
      instalments: {
        head: "分割でお支払いいただけます",
        happened: "{server}への{owed}は分割でお支払いいただけます。次回は{day}までに{asked}です。",
        can: "毎回、この請求書の番号を示して、期日までにお支払いください。",
        always: "一度でもお支払いがない場合は、残りの全額を直ちにお支払いいただきます。",
      },
      "whole due": {
        head: "分割払いのお支払いがありませんでした",
        happened:
          "{server}への{day}期日の分割払いのお支払いがありませんでした。そのため、残額{owed}の全額を直ちにお支払いいただくことになります。",
        can: "請求書の番号を示して至急お支払いいただくか、ご相談ください。",
      },
      "bill paid": {
        head: "お支払いが完了しました",
        happened:
          "{server}のこの請求について、お支払いいただく金額はもうありません。ありがとうございました。",
      },
      "made good": {
        head: "{lender}がご利用残高を補填しました",
        happened:
          "{server}のこの請求の残額は、与信枠の貸し手である{lender}が補填しました。与信枠は終了し、この請求について{server}にお支払いいただく金額はもうありません。",
        can: "補填された金額のお支払いについては、{lender}にお問い合わせください。",
      },
      "written off": {
        head: "与信枠が閉じられました",
        happened:
          "{server}は、与信枠の未払い分について今後のご請求を取りやめ、与信枠を閉じました。督促のお知らせは以後お送りしません。",
        can: "未払いの分は、請求書の番号を示してお支払いいただくこともできます。",
      },
    },
    charged: "この督促について、手数料{fee}を申し受けます。",
    number: "請求書番号",
    owed: "残高合計",
    by: "お支払い期限",
    look: "請求書を見る",
    foot: "このメールは、{server}に与信枠をお持ちの方にお送りしています。当方からのメールで、パスワード、コード、カード番号をお尋ねすることはありません。",
  },
};
