/** An order that an operator takes for a member who calls. */
export const orders = {
  "deskOrder.open": "Take an order for this member",
  "deskOrder.title": "Take an order for a caller",
  "deskOrder.who":
    "Ask for the member number and their name, and compare them with what stands here. Tell nothing of it yourself.",
  "deskOrder.ask":
    "From which shop, which goods, how many and at which price? Or how much is to be reserved for a shop? How is it paid, and to whom does it go?",
  "deskOrder.what": "The order",
  "deskOrder.shopHint": "The shop's name as it is registered, or its number here.",
  "deskOrder.line": "Goods {n}",
  "deskOrder.name": "What it is called",
  "deskOrder.quantity": "How many",
  "deskOrder.price": "Price of one",
  "deskOrder.amount": "Or an amount that is reserved",
  "deskOrder.amountHint": "Without goods: the shop puts its order under the number later.",
  "deskOrder.notBoth": "Either goods or an amount, not both.",
  "deskOrder.usualDay": "As this server does it",
  "deskOrder.onDay": "On a day",
  "deskOrder.day": "Day of payment",
  "deskOrder.recipient": "To whom it goes",
  "deskOrder.recipientHint": "Where it does not go to the caller.",
  "deskOrder.address": "Address",
  "deskOrder.orders":
    "You order, and the amount is frozen until you have the goods and say that they are right.",
  "deskOrder.reserves":
    "You reserve an amount for a shop. It is frozen until its order has come and is right.",
  "deskOrder.submit": "Order it",
};
