ALTER TABLE findings RESET (fillfactor);
