/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target without a fuzzer: each file of its corpus, then inputs
 * made from them at random, always the same ones. So `make check` needs no
 * clang; `make fuzz` looks for new inputs with libFuzzer, which has its own main.
 *
 * usage: TARGET [-runs=N] [FILE]...     the files instead of the corpus
 */

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"

#define MAX_SIZE 65536
#define MAX_FILES 256
#define DEFAULT_RUNS 4000

struct input {
    uint8_t *bytes;
    size_t size;
};

static struct input corpus[MAX_FILES];
static size_t nr_files;
static uint64_t seed = 0x9e3779b97f4a7c15;

static uint32_t random_below(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return n ? (uint32_t)(seed >> 11) % n : 0;
}

static void add_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct input *input = &corpus[nr_files];

    if (!f || nr_files == MAX_FILES) {
        perror(path);
        exit(2);
    }
    input->bytes = malloc(MAX_SIZE);
    input->size = fread(input->bytes, 1, MAX_SIZE, f);
    fclose(f);
    nr_files++;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In order, since it decides what is made of them. */
static void add_corpus(const char *folder)
{
    char *paths[MAX_FILES];
    struct dirent *entry;
    size_t n = 0, i;
    DIR *dir = opendir(folder);

    while (dir && (entry = readdir(dir)) && n < MAX_FILES)
        if (entry->d_name[0] != '.' && asprintf(&paths[n], "%s/%s", folder, entry->d_name) > 0)
            n++;
    if (dir)
        closedir(dir);
    qsort(paths, n, sizeof(paths[0]), compare);
    for (i = 0; i < n; i++) {
        add_file(paths[i]);
        free(paths[i]);
    }
}

/* A few changes: bytes, bits, words of interest, pieces moved, cut, doubled. */
static size_t mutate(uint8_t *bytes, size_t size)
{
    static const uint32_t words[] = { 0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x10000, 0xff };
    uint32_t n = 1 + random_below(8), at, len;

    while (n--) {
        at = random_below((uint32_t)size);
        len = random_below(16);
        switch (random_below(6)) {
        case 0:
            if (size)
                bytes[at] ^= (uint8_t)(1U << random_below(8));
            break;
        case 1:
            if (size)
                bytes[at] = (uint8_t)random_below(256);
            break;
        case 2:
            if (size >= at + 4)
                memcpy(bytes + at, &words[random_below(sizeof(words) / sizeof(words[0]))], 4);
            break;
        case 3:
            size = random_below(4) ? size : at;
            break;
        case 4:
            if (size + len < MAX_SIZE && at + len <= size) {
                memmove(bytes + at + len, bytes + at, size - at);
                size += len;
            }
            break;
        default:
            if (at + len <= size) {
                memmove(bytes + at, bytes + at + len, size - at - len);
                size -= len;
            }
        }
    }
    return size;
}

/* In a block of its own size, so that the sanitizer sees what is beyond. */
static void run(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);

    memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

int main(int argc, char **argv)
{
    unsigned long runs = DEFAULT_RUNS, n;
    static uint8_t bytes[MAX_SIZE];
    const char *name;
    char *folder;
    int i;

    for (i = 1; i < argc; i++)
        if (!strncmp(argv[i], "-runs=", 6))
            runs = strtoul(argv[i] + 6, NULL, 0);
        else
            add_file(argv[i]);
    name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    if (!nr_files && asprintf(&folder, "%s/%s", CORPUS, name) > 0) {
        add_corpus(folder);
        free(folder);
    }
    for (n = 0; n < nr_files; n++)
        run(corpus[n].bytes, corpus[n].size);
    for (n = 0; nr_files && n < runs; n++) {
        const struct input *from = &corpus[random_below((uint32_t)nr_files)];

        memcpy(bytes, from->bytes, from->size);
        run(bytes, mutate(bytes, from->size));
    }
    printf("%s 1 - %s: %zu inputs, %lu made from them\n1..1\n",
           nr_files ? "ok" : "not ok", name, nr_files, n);
    for (n = 0; n < nr_files; n++)
        free(corpus[n].bytes);
    return nr_files ? 0 : 1;
}
