/** More rows are in the table: a card with 40 models is no glance. */
export const mostRows = 8;
