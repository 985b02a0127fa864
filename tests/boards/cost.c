/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: cost PROGRAM ARGUMENT < FILES
 * Runs "PROGRAM ARGUMENT FILE" for each line of standard input, one after the
 * other, and prints what that took. A program of its own, and a small one: the
 * kernel counts what the parent of a process has resident as the child's.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void run(char **argv)
{
    pid_t pid = fork();
    int status;

    if (!pid) {
        int null = open("/dev/null", O_RDWR);

        if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)
            _exit(127);
        execv(argv[0], argv);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) ||
        WEXITSTATUS(status) == 127) {
        fprintf(stderr, "cost: %s did not run to its end\n", argv[2]);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    char line[4096], slowest[4096] = "-";
    double start = now(), longest = 0, one;
    struct rusage usage;
    unsigned int count = 0;

    if (argc != 3)
        return 2;
    for (; fgets(line, sizeof(line), stdin); count++) {
        char *child[] = { argv[1], argv[2], line, NULL };

        line[strcspn(line, "\n")] = '\0';
        one = now();
        run(child);
        one = now() - one;
        if (one > longest) {
            longest = one;
            strcpy(slowest, line);
        }
    }
    getrusage(RUSAGE_CHILDREN, &usage);
    printf("%u runs in %.1f s, %.2f s of them computing; the longest %.1f ms "
           "(%s); at most %ld KiB resident\n", count, now() - start,
           seconds(usage.ru_utime) + seconds(usage.ru_stime), longest * 1e3,
           slowest, usage.ru_maxrss);
    return 0;
}
