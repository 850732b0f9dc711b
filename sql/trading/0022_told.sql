-- When a mail server took a mail, and a receiver a webhook: silence counts a day after somebody was told. What was taken
-- before this file counts from when it was queued.
alter table mails add column taken_at timestamptz;
alter table webhook_deliveries add column delivered_at timestamptz;
