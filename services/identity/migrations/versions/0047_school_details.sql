-- Where a school is and how it is reached, as its admin gives it (R29).
ALTER TABLE schools ADD COLUMN address_line_1 text;
ALTER TABLE schools ADD COLUMN address_line_2 text;
ALTER TABLE schools ADD COLUMN town text;
ALTER TABLE schools ADD COLUMN telephone text;
ALTER TABLE schools ADD COLUMN contact_email text;
GRANT UPDATE (address_line_1, address_line_2, town, telephone, contact_email)
    ON schools TO identity_service;
