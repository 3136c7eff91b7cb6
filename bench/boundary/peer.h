/* What the C and the Go library of this benchmark export, and what both are called with. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t id;
    const char *name;
    uint8_t age;
    double score;
    bool active;
} user_t;

typedef uint32_t (*apply_t)(uint32_t);
