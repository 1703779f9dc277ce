/* crash.c - see crash.h. The writes of LMDB go through the functions below, which stand before those of libc. */
#include "tests/life/crash.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static bool armed;
static unsigned writes_left;

static void count_write(void)
{
    if (!armed) return;
    if (writes_left == 0) raise(SIGKILL);
    writes_left--;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    count_write();
    return syscall(SYS_pwrite64, fd, bytes, count, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    count_write();
    return syscall(SYS_pwrite64, fd, bytes, count, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    count_write();
    return syscall(SYS_writev, fd, parts, count);
}

/* In the child: never returns. */
static _Noreturn void commit_and_die(struct disk *disk, struct request **requests, unsigned count, unsigned writes)
{
    if (disk_reopen(disk) != OK) _exit(3);
    writes_left = writes;
    armed = true;
    _exit(disk_commit(disk, requests, count) == OK ? 0 : 4);
}

bool crash_commit(struct disk *disk, struct request **requests, unsigned count, unsigned writes)
{
    int status = 0;
    store_close(disk->store);
    disk->store = NULL;
    pid_t child = fork();
    if (child == 0) commit_and_die(disk, requests, count, writes);
    if (child < 0 || waitpid(child, &status, 0) != child) return false;
    bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    return disk_reopen(disk) == OK && (killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
}
