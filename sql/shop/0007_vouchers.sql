-- What a customer has entered in the cart, and lines of an order that are no goods: sending, and what a voucher takes off.
alter table carts add column voucher boolean not null default false;
alter table order_lines drop constraint order_lines_unit_amount_check;
alter table order_lines add column id text;
alter table order_lines add column kind text not null default 'goods' check (kind in ('goods', 'shipping', 'discount'));
alter table order_lines add constraint price_of_kind
  check (case kind when 'discount' then unit_amount <= 0 else unit_amount >= 0 end);
