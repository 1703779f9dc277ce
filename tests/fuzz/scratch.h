/* scratch.h - a directory in memory for the targets whose parser opens files by name; gone when the run ends well. */
#ifndef TESTS_FUZZ_SCRATCH_H
#define TESTS_FUZZ_SCRATCH_H

#include "tests/fuzz/fuzz.h"
#include "tests/lib/disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch_path[SCRATCH_PATH_MAX];

static inline void scratch_end(void)
{
    scratch_remove(scratch_path);
}

static inline const char *scratch(void)
{
    if (scratch_path[0] == '\0') {
        scratch_make(scratch_path);
        atexit(scratch_end);
    }
    return scratch_path;
}

static inline void scratch_write(const char *name, const void *bytes, size_t count)
{
    char path[SCRATCH_PATH_MAX + 40];
    snprintf(path, sizeof path, "%s/%s", scratch(), name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    HOLDS(fd >= 0 && write(fd, bytes, count) == (ssize_t)count);
    close(fd);
}

#endif
