DROP TABLE acknowledgements;
DROP TABLE ladder_letters;
DROP TABLE ladder_steps;
DROP TABLE alert_opt_downs;
DROP TABLE secrets;
