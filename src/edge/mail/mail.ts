/** Mails to those who have to act: written when they are sent, sent until a mail server has them, shown in a sandbox. */
export { makeMailLinks, registerMailbox, registerMailLinks } from "./mailbox.ts";
export { registerMailCalls } from "./mail-routes.ts";
export { mailGauges } from "./gauges.ts";
export { createMailer, type Mailer } from "./mailer.ts";
export { openMailServer, type SmtpOptions } from "./smtp.ts";
