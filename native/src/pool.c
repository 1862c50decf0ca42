/* The thread pool: workers are started when first asked for. Between jobs they look out for the next
 * one for a moment, since a transform is many short jobs and waking a thread takes as long as some
 * of them; then they sleep. */
#include "pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

enum { MAX_WORKERS = 255, LOOKS = 1500 };

static struct {
    pthread_mutex_t in_use; /* held by the thread whose job runs */
    pthread_mutex_t lock;   /* guards everything below */
    pthread_cond_t wake, idle;
    size_t workers;    /* started */
    atomic_size_t wanted; /* workers that may still join the current job */
    atomic_size_t busy;   /* workers inside the current job */
    zk_task task;
    void *context;
    size_t count;
    atomic_size_t next;
} pool = {.in_use = PTHREAD_MUTEX_INITIALIZER,
          .lock = PTHREAD_MUTEX_INITIALIZER,
          .wake = PTHREAD_COND_INITIALIZER,
          .idle = PTHREAD_COND_INITIALIZER};

/* Look at `number` for a moment, some 30 microseconds, until it is zero or, if `until_zero` is
 * false, until it is not. */
static void look_out(const atomic_size_t *number, bool until_zero) {
    for (int i = 0; i < LOOKS; i++) {
        if ((atomic_load_explicit(number, memory_order_relaxed) == 0) == until_zero) return;
#ifdef __x86_64__
        __builtin_ia32_pause();
#endif
    }
}

static void run_tasks(void) {
    for (;;) {
        size_t i = atomic_fetch_add(&pool.next, 1);
        if (i >= pool.count) return;
        pool.task(pool.context, i);
    }
}

static void *worker(void *unused) {
    (void)unused;
    for (;;) {
        look_out(&pool.wanted, false);
        pthread_mutex_lock(&pool.lock);
        while (pool.wanted == 0) pthread_cond_wait(&pool.wake, &pool.lock);
        pool.wanted--;
        pool.busy++;
        pthread_mutex_unlock(&pool.lock);
        run_tasks();
        pthread_mutex_lock(&pool.lock);
        if (--pool.busy == 0) pthread_cond_signal(&pool.idle);
        pthread_mutex_unlock(&pool.lock);
    }
    return NULL;
}

/* A forked child has no workers: start again from nothing. */
static void forget_workers(void) {
    pthread_mutex_init(&pool.in_use, NULL);
    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.wake, NULL);
    pthread_cond_init(&pool.idle, NULL);
    pool.workers = pool.wanted = pool.busy = 0;
}

static void register_fork_handler(void) { pthread_atfork(NULL, NULL, forget_workers); }

/* Have at least `wanted` workers if the system grants them; returns how many there are. */
static size_t start_workers(size_t wanted) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_fork_handler);
    while (pool.workers < wanted) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, worker, NULL) != 0) break;
        pthread_detach(thread);
        pool.workers++;
    }
    return pool.workers < wanted ? pool.workers : wanted;
}

static void run_serially(size_t count, zk_task task, void *context) {
    for (size_t i = 0; i < count; i++) task(context, i);
}

void zk_parallel(size_t threads, size_t count, zk_task task, void *context) {
    size_t helpers = threads < count ? threads : count;
    helpers = helpers > 0 ? helpers - 1 : 0;
    if (helpers > MAX_WORKERS) helpers = MAX_WORKERS;
    if (helpers == 0 || pthread_mutex_trylock(&pool.in_use) != 0) {
        run_serially(count, task, context);
        return;
    }
    pthread_mutex_lock(&pool.lock);
    pool.task = task;
    pool.context = context;
    pool.count = count;
    atomic_store(&pool.next, 0);
    pool.wanted = start_workers(helpers);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.lock);
    run_tasks();
    pthread_mutex_lock(&pool.lock);
    pool.wanted = 0; /* nobody joins a job that has no task left */
    pthread_mutex_unlock(&pool.lock);
    look_out(&pool.busy, true);
    pthread_mutex_lock(&pool.lock);
    while (pool.busy > 0) pthread_cond_wait(&pool.idle, &pool.lock);
    pthread_mutex_unlock(&pool.lock);
    pthread_mutex_unlock(&pool.in_use);
}
