/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded into scmi-medd: an allocation that fails. The file $FAKE_XEN/memory
 * is mapped, see struct memory; the test writes "fails" to arm it.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct memory {
    uint64_t fails;         /* which allocation from then on; 0: none */
    uint64_t count;         /* allocations since it was armed */
    uint64_t failed;        /* how many have failed */
} *memory;

/* The C library's own. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t nr, size_t size);
extern void *__libc_realloc(void *old, size_t size);

__attribute__((constructor)) static void start(void)
{
    const char *folder = getenv("FAKE_XEN");
    char path[512];
    int fd;

    snprintf(path, sizeof(path), "%s/memory", folder ? folder : "");
    fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    memory = mmap(NULL, sizeof(*memory), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                  0);
    if (memory == MAP_FAILED)
        abort();
    close(fd);
}

static bool fails(void)
{
    if (!memory || !memory->fails ||
        __atomic_add_fetch(&memory->count, 1, __ATOMIC_SEQ_CST) !=
        memory->fails)
        return false;
    memory->failed++;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t nr, size_t size)
{
    return fails() ? NULL : __libc_calloc(nr, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}
