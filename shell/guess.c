/*
** "Did you mean": the name nearest to what was typed, by how many letters one
** must insert, drop, change or swap to come from one to the other.
*/
#include "shell.h"

#include <string.h>

enum { GUESS_MAX = 32 };        /* longer words are no typing errors */

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Row i of the table holds the distances from a[0..i] to each start of b. */
static int guess_distance(const char *a, int na, const char *b, int nb)
{
    int d[GUESS_MAX + 1][GUESS_MAX + 1];
    int i, j;

    if (na > GUESS_MAX || nb > GUESS_MAX)
        return GUESS_MAX;
    for (i = 0; i <= na; i++)
        d[i][0] = i;
    for (j = 0; j <= nb; j++)
        d[0][j] = j;
    for (i = 1; i <= na; i++) {
        for (j = 1; j <= nb; j++) {
            int change = a[i - 1] != b[j - 1];
            d[i][j] = least(d[i - 1][j], d[i][j - 1]) + 1;
            d[i][j] = least(d[i][j], d[i - 1][j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[na][nb];
}

void guess_offer(Guess *guess, const char *name)
{
    int n = guess->n;
    int is_start = n > 2 && strncmp(name, guess->typed, (size_t)n) == 0;
    int distance = is_start
        ? 1 : guess_distance(guess->typed, n, name, (int)strlen(name));

    if (distance > (n + 1) / 3)
        return;
    if (!guess->name || distance < guess->distance) {
        guess->name = name;
        guess->distance = distance;
    }
}
