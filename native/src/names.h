/* Name pasting for the template headers: JOIN(fr, mul) is fr_mul after macro expansion. */
#ifndef ZK_NAMES_H
#define ZK_NAMES_H
#define JOIN_RAW(prefix, name) prefix##_##name
#define JOIN(prefix, name) JOIN_RAW(prefix, name)
#endif
