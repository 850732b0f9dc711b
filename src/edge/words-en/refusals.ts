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
  "mistake.currency": "Enter the three letters of a currency, such as JPY.",
  "mistake.other": "This {message}.",
  "mistake.code": "Enter the eight digits.",
  "mistake.guestCode":
    "This is not the code that was sent. It works for a quarter of an hour, in this browser.",
  "mistake.giftCode": "This is not the code that came with the parcel.",
  "mistake.voucher": "This code cannot be used: check it, or it was used already.",
  "mistake.hasOne": "You have one in this currency already, or have asked for it.",
  "mistake.payDay": "Choose a day from {from} to {to}.",
  "mistake.date": "Choose a day.",
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
  "help.again":
    "Nothing more was done. Load the page again to see what became of the first press, and go on from there.",
  "help.input": "Go back and change what you entered.",
  "help.wait": "Try again in a moment. If you pressed a button, press it once more: nothing happens twice.",
  "help.operator": "Call an operator and read out the code below.",
};
