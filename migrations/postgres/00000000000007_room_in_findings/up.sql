-- Most findings are written once and cleared once. With room left in their pages the second writing stays there, and no index has to learn of it.
ALTER TABLE findings SET (fillfactor = 70);
