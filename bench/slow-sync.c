/* Makes each sync of a file take 1 ms longer, as on a disk that is slower than this one: put it in LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void wait_longer(void) {
    struct timespec longer = {0, 1000000};
    nanosleep(&longer, 0);
}

typedef int (*sync_call)(int);

int fsync(int file) {
    static sync_call real;
    if (!real) real = (sync_call)dlsym(RTLD_NEXT, "fsync");
    wait_longer();
    return real(file);
}

int fdatasync(int file) {
    static sync_call real;
    if (!real) real = (sync_call)dlsym(RTLD_NEXT, "fdatasync");
    wait_longer();
    return real(file);
}
