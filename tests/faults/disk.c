/* A disk that may lose its power, or its room: loaded into a server by LD_PRELOAD, see disk.py.

   DISK_HOME: the folder that lies on this disk. Everything elsewhere is left alone.

   DISK_FLUSHED: a folder for what would be found after the power went. Bytes of a file are what they were when it was
   last flushed, and a name is found once its folder was flushed: nothing else is. "KEY" holds the bytes of a file, and
   "KEY.names" the names in a folder, each with its key. A key is an inode and the moment of its birth, because numbers
   of inodes are used again. What is written through a map is not flushed by anybody here, and so is never found.

   DISK_ROOM: a file that all processes share, see `struct room`: so many steps that need room succeed, and then the
   disk is full. */

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name)                                                                                                     \
    ({                                                                                                                 \
        static __typeof__(&name) real;                                                                                 \
        if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name);                                                  \
        real;                                                                                                          \
    })

struct room {
    _Atomic int64_t steps;   /* that succeed; below 0: all */
    _Atomic int64_t taken;   /* so far, refused ones too */
    _Atomic int64_t refused; /* so many */
    char first[232];         /* what was refused first */
};

static char home[PATH_MAX], flushed[PATH_MAX];
static size_t home_length;
static struct room *room;

__attribute__((constructor)) static void begin(void) {
    const char *said = getenv("DISK_HOME"), *to = getenv("DISK_FLUSHED"), *shared = getenv("DISK_ROOM");
    if (!said) return;
    snprintf(home, sizeof home, "%s", said);
    home_length = strlen(home);
    if (to) snprintf(flushed, sizeof flushed, "%s", to);
    if (shared) {
        int fd = syscall(SYS_openat, AT_FDCWD, shared, O_RDWR | O_CLOEXEC);
        void *map = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *room, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED) abort();
        close(fd);
        room = map;
    }
}

/* Where things lie. */

static int is_home(const char *path) {
    return home_length && !strncmp(path, home, home_length) && (path[home_length] == '/' || !path[home_length]);
}

static int name_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    return is_home(path);
}

static int name_at(int folder, const char *name, char *path) {
    if (!name) return 0;
    if (name[0] == '/') snprintf(path, PATH_MAX, "%s", name);
    else if (folder == AT_FDCWD) {
        if (!getcwd(path, PATH_MAX)) return 0;
        strncat(path, "/", PATH_MAX - strlen(path) - 1), strncat(path, name, PATH_MAX - strlen(path) - 1);
    } else {
        name_of(folder, path);
        strncat(path, "/", PATH_MAX - strlen(path) - 1), strncat(path, name, PATH_MAX - strlen(path) - 1);
    }
    return is_home(path);
}

/* What a power cut leaves. One at a time, over all processes: a copy that began earlier must not replace a later one,
   and no name may move while a folder is read. */

static int lock(int how) {
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/lock", flushed);
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    while (fd >= 0 && flock(fd, how) && errno == EINTR);
    return fd;
}

static int key_of(int folder, const char *name, char *key, mode_t *mode) {
    struct statx found;
    int how = AT_SYMLINK_NOFOLLOW | (*name ? 0 : AT_EMPTY_PATH);
    if (statx(folder, name, how, STATX_BASIC_STATS | STATX_BTIME, &found)) return 0;
    snprintf(key, 96, "%llu.%lld.%u", (unsigned long long)found.stx_ino, (long long)found.stx_btime.tv_sec,
             found.stx_btime.tv_nsec);
    *mode = found.stx_mode;
    return 1;
}

static void write_names(int fd, int to) {
    DIR *folder = fdopendir(fd);
    struct dirent *entry;
    FILE *list = fdopen(to, "w");
    if (!folder || !list) abort();
    while ((entry = readdir(folder))) {
        char key[96];
        mode_t mode;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (key_of(dirfd(folder), entry->d_name, key, &mode))
            fprintf(list, "%s %s %s\n", S_ISDIR(mode) ? "folder" : "file", key, entry->d_name);
    }
    if (fclose(list)) abort();
    closedir(folder);
}

static void note(int fd) {
    char path[PATH_MAX], again[64], key[96], draft[PATH_MAX + 128], target[PATH_MAX + 128];
    mode_t mode;
    int before = errno;
    if (!*flushed || !name_of(fd, path) || !key_of(fd, "", key, &mode)) {
        errno = before;
        return;
    }
    int held = lock(LOCK_EX);
    snprintf(draft, sizeof draft, "%s/draft", flushed);
    snprintf(target, sizeof target, "%s/%s%s", flushed, key, S_ISDIR(mode) ? ".names" : "");
    snprintf(again, sizeof again, "/proc/self/fd/%d", fd); /* with an offset of its own, and readable */
    int from = syscall(SYS_openat, AT_FDCWD, again, O_RDONLY | O_CLOEXEC);
    int to = syscall(SYS_openat, AT_FDCWD, draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (held < 0 || from < 0 || to < 0) abort(); /* better a dead server than a test that believes too little */
    if (S_ISDIR(mode)) write_names(from, to);
    else {
        ssize_t copied;
        while ((copied = sendfile(to, from, NULL, 1 << 20)) > 0);
        if (copied < 0) abort();
        close(from);
        close(to);
    }
    if (syscall(SYS_renameat, AT_FDCWD, draft, AT_FDCWD, target)) abort();
    close(held);
    errno = before;
}

/* Whether there is room for one more step. */

static int full(const char *step, const char *path) {
    if (!room || atomic_load(&room->steps) < 0) {
        if (room) atomic_fetch_add(&room->taken, 1);
        return 0;
    }
    if (atomic_fetch_add(&room->taken, 1) < atomic_load(&room->steps)) return 0;
    if (!atomic_fetch_add(&room->refused, 1)) snprintf(room->first, sizeof room->first, "%s %s", step, path + home_length);
    errno = ENOSPC;
    return 1;
}

static int full_at(const char *step, int fd) {
    char path[PATH_MAX];
    int before = errno;
    if (room && name_of(fd, path) && full(step, path)) return 1;
    errno = before;
    return 0;
}

/* The steps. */

#define FLUSH(name)                                                                                                    \
    int name(int fd) {                                                                                                 \
        if (full_at(#name, fd)) return -1;                                                                             \
        int done = REAL(name)(fd);                                                                                     \
        if (!done) note(fd);                                                                                           \
        return done;                                                                                                   \
    }
FLUSH(fsync)
FLUSH(fdatasync)

#define WRITE(name, parameters, ...)                                                                                   \
    ssize_t name parameters {                                                                                          \
        if (full_at(#name, fd)) return -1;                                                                             \
        return REAL(name)(__VA_ARGS__);                                                                                \
    }
WRITE(write, (int fd, const void *data, size_t size), fd, data, size)
WRITE(pwrite, (int fd, const void *data, size_t size, off_t at), fd, data, size, at)
WRITE(pwrite64, (int fd, const void *data, size_t size, off64_t at), fd, data, size, at)
WRITE(writev, (int fd, const struct iovec *parts, int count), fd, parts, count)
WRITE(pwritev, (int fd, const struct iovec *parts, int count, off_t at), fd, parts, count, at)
WRITE(pwritev64, (int fd, const struct iovec *parts, int count, off64_t at), fd, parts, count, at)
WRITE(sendfile, (int fd, int from, off_t *at, size_t size), fd, from, at, size)
WRITE(sendfile64, (int fd, int from, off64_t *at, size_t size), fd, from, at, size)

static int made(const char *step, int folder, const char *name, int flags) {
    char path[PATH_MAX];
    int before = errno;
    int fresh = (flags & O_TMPFILE) == O_TMPFILE ||
                ((flags & O_CREAT) && syscall(SYS_faccessat, folder, name, F_OK));
    if (room && fresh && name_at(folder, name, path) && full(step, path)) return 0;
    errno = before;
    return 1;
}

#define MODE(flags, last)                                                                                              \
    mode_t mode = 0;                                                                                                   \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                                             \
        va_list more;                                                                                                  \
        va_start(more, last);                                                                                          \
        mode = va_arg(more, mode_t);                                                                                   \
        va_end(more);                                                                                                  \
    }
#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        MODE(flags, flags)                                                                                             \
        return made(#name, AT_FDCWD, path, flags) ? REAL(name)(path, flags, mode) : -1;                                \
    }
#define OPENAT(name)                                                                                                   \
    int name(int folder, const char *path, int flags, ...) {                                                           \
        MODE(flags, flags)                                                                                             \
        return made(#name, folder, path, flags) ? REAL(name)(folder, path, flags, mode) : -1;                          \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* Names that come, move or go, while no folder is being read. */

#define NAMES(name, parameters, folder, path, needs, ...)                                                              \
    int name parameters {                                                                                              \
        char where[PATH_MAX];                                                                                          \
        int before = errno, ours = name_at(folder, path, where);                                                       \
        if (ours && needs && room && full(#name, where)) return -1;                                                    \
        errno = before;                                                                                                \
        int held = ours && *flushed ? lock(LOCK_SH) : -1;                                                              \
        int done = REAL(name)(__VA_ARGS__);                                                                            \
        before = errno;                                                                                                \
        if (held >= 0) close(held);                                                                                    \
        errno = before;                                                                                                \
        return done;                                                                                                   \
    }
#define FRESH syscall(SYS_faccessat, AT_FDCWD, where, F_OK)
NAMES(mkdir, (const char *name, mode_t mode), AT_FDCWD, name, FRESH, name, mode)
NAMES(mkdirat, (int folder, const char *name, mode_t mode), folder, name, FRESH, folder, name, mode)
NAMES(link, (const char *old, const char *name), AT_FDCWD, name, 1, old, name)
NAMES(linkat, (int from, const char *old, int folder, const char *name, int flags), folder, name, 1, from, old, folder,
      name, flags)
NAMES(rename, (const char *old, const char *name), AT_FDCWD, name, 1, old, name)
NAMES(renameat, (int from, const char *old, int folder, const char *name), folder, name, 1, from, old, folder, name)
NAMES(unlink, (const char *name), AT_FDCWD, name, 0, name)
NAMES(unlinkat, (int folder, const char *name, int flags), folder, name, 0, folder, name, flags)
