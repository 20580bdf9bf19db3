DROP TABLE redatings;
