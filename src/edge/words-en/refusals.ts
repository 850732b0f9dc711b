/** What a page says when something was refused, and what somebody can do about it. */
export const refusals = {
  // When something went wrong.
  "mistake.quantity": "Enter a whole number, up to what is still open.",
  "mistake.number": "This is not a trade number: check its digits.",
  "mistake.nothing": "Enter how many.",
  "mistake.parcel": "No parcel with this number is under way here.",
  "mistake.neverCame": "Not so many: the others have come, or still have time to come.",
  "mistake.whichParcel":
    "Enter the number of a parcel that the shop has named: it is not clear which goods are meant.",
  "mistake.offer": "Enter an amount up to what is to be divided.",
  "mistake.amount": "Enter an amount, such as 1,200.",
  "mistake.missing": "Fill this in.",
  "mistake.kana": "Write how the name is read in hiragana or katakana, and nothing else.",
  "mistake.currency": "Enter the three letters of a currency, such as JPY.",
  "mistake.other": "This {message}.",
  "mistake.code": "Enter the eight digits.",
  "mistake.guestCode":
    "This is not the code that was sent. It works for a quarter of an hour, in this browser.",
  "mistake.giftCode": "This is not the code that came with the parcel.",
  "mistake.voucher": "This code cannot be used: check it, or it was used already.",
  "mistake.hasOne": "You have one in this currency already, or have asked for it.",
  "mistake.date": "Choose a day.",
  "mistake.noFile": "Choose a file.",
  "mistake.largeFile": "This file is larger than {most} MB: ask the bank for fewer days at a time.",
  "mistake.days": "Choose a day from {from} to {to}.",
  "refused.again": "This form was sent before, with something else in it",
  "refused.notYours": "This is not yours to do",
  "problem.title": "That did not work",
  "problem.whatNow": "What you can do",
  "problem.code": "Code for our operators: {code}",
  "problem.toTrade": "See the trade",
  "problem.toHome": "To the first page",
  "help.authenticate": "Sign in, then try again.",
  "help.notFound":
    "Check the number or the link. If it belongs to somebody else, only they can see it: perhaps you have to sign in under another name.",
  "help.money": "Choose another means of payment, or pay in, and try again. Nothing has been taken.",
  "help.state": "Look at the trade: somebody, or a deadline, has moved it meanwhile.",
  "help.shipped":
    "It has left the shop. Wait for it, then accept what is right, or say what is wrong. What has not been shipped you can still call off.",
  "help.late": "Wait until it should have come. If it has not come then, say so.",
  "help.once": "This can be done once. What you said counts; the other side and our operators see it.",
  "help.enough":
    "There is no room for more words. What you have said is read by the other side and by our operators.",
  "help.again":
    "Nothing more was done. Load the page again to see what became of the first press, and go on from there.",
  "help.passkey": "Try it again. If it is still refused, sign in with your password.",
  "help.proof":
    "Show your passkey when you are asked for it. If you have none, type your password into the form.",
  "help.input": "Go back and change what you entered.",
  "help.wait": "Try again in a moment. If you pressed a button, press it once more: nothing happens twice.",
  "help.page": "Open the page by its own address on this server, and press the button there.",
  "help.admitted": "Our operators have to approve this first. You get a mail when they have.",
  "help.doorCode":
    "Have the code read out once more, digit by digit: it belongs to this parcel and works only while it is handed over. After several wrong ones you have to wait.",
  "help.recipientCode":
    "Compare the digits with those that came with the parcel: the link and the code have to be of the same parcel. If they are, ask the shop.",
  "help.sentCode":
    "Look for the newest mail: only its code works. It works for a short time; you can have another one sent.",
  "help.taken": "This is taken. Choose another one.",
  "help.later": "This passes by itself: try again later. You need not do anything until then.",
  "help.bill": "Pay the bill that is overdue, or choose another means of payment.",
  "help.mandate":
    "The permission that the shop has is over, or is not enough for this. Approve the order yourself, or give the shop another permission.",
  "help.consent":
    "Nothing has been frozen or tied by this. Begin again, and agree at the institution to the account that is asked for there.",
  "help.consentLimit":
    "Raise what you let this server do, on the institution’s page; or choose another means of payment.",
  "help.owner":
    "Nothing has to be sent again. Whoever owns the account is asked to confirm, and then it goes on by itself.",
  "help.shop": "The shop has something to do first: tell it. You can also choose another means of payment.",
  "help.handIn": "Hand in the money that you have taken, then go on.",
  "help.bank": "Name an account at a bank first.",
  "help.over": "Load the page again: it shows how things stand now.",
  "help.openTrades":
    "Wait until all your orders have ended, also the time in which goods can be given back. Then try again.",
  "help.ownMoney": "Have your money paid out first, and pay what is still owed. Then try again.",
  "help.operator": "Call an operator and read out the code below.",
};
