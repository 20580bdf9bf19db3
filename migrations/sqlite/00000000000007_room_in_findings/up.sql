-- PostgreSQL alone keeps room in its pages for what changes; here a changed row stays where it is.
SELECT 1;
