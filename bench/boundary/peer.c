/* The benchmark's functions in C. */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

uint64_t gauss_sum(uint32_t n) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i <= n; i++) {
        /* The asm keeps the compiler from knowing the formula. */
        __asm__ volatile("" : "+r"(sum));
        sum += i;
    }
    return sum;
}

double likeness(const char *a, const char *b) {
    size_t n = strlen(a), m = strlen(b), longest = n > m ? n : m, shortest = n > m ? m : n, equal = 0;
    for (size_t i = 0; i < shortest; i++) equal += a[i] == b[i];
    return longest ? (double)equal / (double)longest : 1.0;
}

user_t *birthday(const user_t *user) {
    user_t *older = malloc(sizeof *older);
    *older = *user;
    older->name = strdup(user->name);
    if (older->age < 255) older->age++;
    return older;
}

void free_user(user_t *user) {
    free((void *)user->name);
    free(user);
}

double total(const double *values, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += values[i];
    return sum;
}

double *ramp(size_t n) {
    double *values = malloc(n * sizeof *values);
    for (size_t i = 0; i < n; i++) values[i] = (double)i;
    return values;
}

uint64_t measure(const char *text) { return strlen(text); }

uint64_t checksum(const uint8_t *data, size_t n) {
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += data[i];
    return sum;
}

uint32_t ask_often(apply_t apply, uint32_t n, uint32_t times) {
    while (times--) n = apply(n);
    return n;
}
