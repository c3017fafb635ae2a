// Preloaded, it makes each sync of a file take so many microseconds longer as SLOW_SYNC says. Nothing
// else of the program is touched: under a tracer all of it would be slower.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait(void) {
    const char *text = getenv("SLOW_SYNC");
    long microseconds = text ? atol(text) : 0;
    struct timespec pause = {microseconds / 1000000, microseconds % 1000000 * 1000};
    nanosleep(&pause, NULL);
}

int fdatasync(int file) {
    long result = syscall(SYS_fdatasync, file);
    wait();
    return (int)result;
}

int fsync(int file) {
    long result = syscall(SYS_fsync, file);
    wait();
    return (int)result;
}
