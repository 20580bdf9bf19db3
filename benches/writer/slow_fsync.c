/* A disk whose flush takes HENTRA_FSYNC_DELAY_US microseconds longer: preloaded before libc, it sleeps and then flushes as asked. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int slowed(const char *name, int fd) {
    const char *delay = getenv("HENTRA_FSYNC_DELAY_US");
    int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    usleep(delay ? (useconds_t)atoi(delay) : 0);
    return flush(fd);
}

int fsync(int fd) { return slowed("fsync", fd); }
int fdatasync(int fd) { return slowed("fdatasync", fd); }
