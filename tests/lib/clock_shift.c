/* clock_shift.c - a library to be preloaded into a daemon under test: it sees another real time.
 *
 * The file that DUBAN_TEST_CLOCK names holds two 64-bit numbers of seconds: what is added to the real-time clock,
 * and what is added to the time since boot. A test that writes both moves time on; the first alone sets the
 * clock, as somebody with root does. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *shifts; /* real time, time since boot */

__attribute__((constructor)) static void map_shifts(void)
{
    static const int64_t none[2] = {0, 0};
    const char *path = getenv("DUBAN_TEST_CLOCK");
    int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *mapped = fd >= 0 ? mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    shifts = mapped != MAP_FAILED ? mapped : none;
    if (fd >= 0) close(fd);
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    static int (*real)(clockid_t, struct timespec *);
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int rc = real(id, now);
    if (rc == 0 && shifts != NULL && id == CLOCK_REALTIME) now->tv_sec += shifts[0];
    if (rc == 0 && shifts != NULL && id == CLOCK_BOOTTIME) now->tv_sec += shifts[1];
    return rc;
}

/* "Touch it now" means our now. */
int futimens(int fd, const struct timespec times[2])
{
    static int (*real)(int, const struct timespec *);
    struct timespec now[2];
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "futimens");
    if (times != NULL || clock_gettime(CLOCK_REALTIME, &now[0]) != 0) return real(fd, times);
    now[1] = now[0];
    return real(fd, now);
}
