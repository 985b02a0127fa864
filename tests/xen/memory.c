/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The world's memory: the firmware's pages, Xen's own, and who sees which. */

#include "world.h"

#include <asm/scmi-med.h>

#define FACES 0x44000UL             /* the first of Xen's frames */
#define NR_FACES 320

static uint32_t pages[NR_PAGES][1024];
static struct page_info faces[NR_FACES];
static unsigned int nr_faces;
/* What Dom0 has in the frames of the firmware's pages, and behind them. */
unsigned long memory_dom0[64];

struct rangeset {
    struct {
        unsigned long from, to;
    } ranges[1024];
    unsigned int nr;
};

static struct rangeset the_ranges;

void (*world_on_unmap)(struct domain *d);

void memory_reset(void)
{
    unsigned int n;

    memset(pages, 0xa5, sizeof(pages));
    memset(faces, 0xa5, nr_faces * sizeof(faces[0]));
    nr_faces = 0;
    the_ranges.nr = 0;
    for (n = 0; n < 64; n++)
        memory_dom0[n] = PAGES / PAGE_SIZE + n;
}

uint32_t *world_page(unsigned int agent)
{
    return pages[agent - 1];
}

uint32_t *world_face(uint16_t domid)
{
    struct domain *d = &harness_domains[domid];
    unsigned long mfn = domid ? d->mfn : memory_dom0[0];

    assert_in_range(mfn, FACES, FACES + nr_faces - 1);
    return faces[mfn - FACES].words;
}

uint32_t *memory_face(unsigned long mfn)
{
    return mfn >= FACES && mfn < FACES + nr_faces ? faces[mfn - FACES].words : NULL;
}

struct page_info *alloc_domheap_page(struct domain *d, unsigned int flags)
{
    struct page_info *pg = &faces[nr_faces];

    assert_null(d);
    assert_int_equal(flags, 0);
    assert_true(nr_faces < NR_FACES);
    if (world_fail_alloc && !--world_fail_alloc)
        return NULL;
    pg->mfn = FACES + nr_faces++;
    pg->cleared = pg->flushed = false;
    return pg;
}

void clear_domain_page(mfn_t mfn)
{
    struct page_info *pg = &faces[mfn.v - FACES];

    memset(pg->words, 0, sizeof(pg->words));
    pg->cleared = true;
}

void flush_page_to_ram(unsigned long mfn, bool sync_icache)
{
    assert_false(sync_icache);
    assert_true(faces[mfn - FACES].cleared);
    faces[mfn - FACES].flushed = true;
}

void *ioremap_nocache(paddr_t page, size_t len)
{
    unsigned long mfn = page / PAGE_SIZE;

    assert_int_equal(len, PAGE_SIZE);
    if (world_fail_map && !--world_fail_map)
        return NULL;
    if (mfn >= FACES && mfn < FACES + nr_faces) {
        assert_true(faces[mfn - FACES].flushed);
        return faces[mfn - FACES].words;
    }
    if (world_lenient && (page < PAGES || page >= PAGES + NR_PAGES * PAGE_SIZE))
        return NULL;
    assert_in_range(page, PAGES, PAGES + (NR_PAGES - 1) * PAGE_SIZE);
    return pages[(page - PAGES) / PAGE_SIZE];
}

void iounmap(void *map)
{
    assert_non_null(map);
}

static unsigned long *dom0_frame(gfn_t gfn)
{
    static unsigned long elsewhere;
    unsigned long n = gfn.v - PAGES / PAGE_SIZE;

    elsewhere = gfn.v;
    return n < 64 ? &memory_dom0[n] : &elsewhere;
}

mfn_t p2m_lookup(struct domain *d, gfn_t gfn, void *type)
{
    assert_null(type);
    if (!d->domain_id)
        return _mfn(*dom0_frame(gfn));
    return gfn.v == d->gfn ? _mfn(d->mfn) : INVALID_MFN;
}

/* Nobody whose devices may still use it has the page. */
static void check_alone(const struct domain *d, mfn_t mfn)
{
    unsigned int n;

    for (n = 1; n < 8; n++) {
        const struct domain *other = &harness_domains[n];

        if (other != d && other->exists && !other->devices_off && other->gfn != ~0UL &&
            other->mfn == mfn.v) {
            fprintf(stderr, "domains %u and %u have the same page\n", n, d->domain_id);
            abort();
        }
    }
}

int map_regions_p2mt(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn, int type)
{
    assert_int_equal(nr, 1);
    assert_int_equal(type, p2m_mmio_direct_dev);
    /* Never a page of the firmware's. */
    assert_in_range(mfn.v, FACES, FACES + nr_faces - 1);
    if (d->map_rc || d->is_dying)
        return d->map_rc ? d->map_rc : -ENOMEM;
    if (!d->domain_id) {
        assert_int_equal(*dom0_frame(gfn), ~0UL);
        *dom0_frame(gfn) = mfn.v;
        return 0;
    }
    check_alone(d, mfn);
    d->gfn = gfn.v;
    d->mfn = mfn.v;
    return 0;
}

int unmap_regions_p2mt(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn)
{
    assert_true(nr == 1 || !d->domain_id);
    /* A page table's lock is taken, and others may be faster. */
    if (world_on_unmap)
        world_on_unmap(d);
    /* The memory map of a dying domain does not change, but goes as a whole. */
    if (d->unmap_rc || d->is_dying)
        return d->unmap_rc ? d->unmap_rc : -ENOMEM;
    if (!d->domain_id) {
        for (; nr; nr--, gfn.v++)
            *dom0_frame(gfn) = ~0UL;
        return 0;
    }
    assert_int_equal(d->gfn, gfn.v);
    assert_int_equal(d->mfn, mfn.v);
    d->gfn = ~0UL;
    return 0;
}

int iomem_deny_access(struct domain *d, unsigned long from, unsigned long to)
{
    for (; from <= to; from++)
        d->denied_pages |= UINT64_C(1) << (from - PAGES / PAGE_SIZE) % 64;
    return 0;
}

struct rangeset *rangeset_new(struct domain *d, const char *name, unsigned int flags)
{
    assert_null(d);
    assert_non_null(name);
    assert_int_equal(flags, RANGESETF_prettyprint_hex);
    return world_fail_alloc && !--world_fail_alloc ? NULL : &the_ranges;
}

/* Not merged, which nobody can tell. */
int rangeset_add_range(struct rangeset *r, unsigned long from, unsigned long to)
{
    assert_true(from <= to);
    assert_true(r->nr < ARRAY_SIZE(r->ranges));
    r->ranges[r->nr].from = from;
    r->ranges[r->nr++].to = to;
    return 0;
}

bool rangeset_overlaps_range(struct rangeset *r, unsigned long from, unsigned long to)
{
    unsigned int n;

    for (n = 0; n < r->nr; n++)
        if (r->ranges[n].from <= to && from <= r->ranges[n].to)
            return true;
    return false;
}

int rangeset_report_ranges(struct rangeset *r, unsigned long from, unsigned long to,
                           int (*fn)(unsigned long from, unsigned long to, void *data), void *data)
{
    unsigned int n;
    int rc = 0;

    assert_int_equal(from, 0);
    assert_int_equal(to, ~0UL);
    for (n = 0; n < r->nr && !rc; n++)
        rc = fn(r->ranges[n].from, r->ranges[n].to, data);
    return rc;
}
