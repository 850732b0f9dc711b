-- The shop adds to a dispute that is open.
alter table outgoing drop constraint outgoing_call_check;
alter table outgoing add constraint outgoing_call_check check (call in ('propose', 'ship', 'deliver', 'accept', 'return',
  'dispute', 'answer', 'say', 'offer', 'acceptOffer', 'cancel', 'refund', 'extend', 'release', 'claim'));
