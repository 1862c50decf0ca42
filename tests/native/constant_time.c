/* Run key derivation and signing with the private key marked as undefined memory: memcheck reports every
 * branch and every address that depends on it. Arguments: the variant; anything more plants a leak. The
 * tables are called directly, because the simulated processor does not announce ADX although it runs it. */
#include <string.h>
#include <valgrind/memcheck.h>

#include "operations.h"
#include "parameters.h" /* written by the test: ROUNDS_PARTIAL, parameters[], PARAMETERS_LEN */

int main(int argc, char **argv) {
    const zk_operations *native = &zk_operations_portable;
#ifdef __x86_64__
    if (argc > 1 && strcmp(argv[1], "adx") == 0) native = &zk_operations_adx;
#endif
    uint8_t private_key[32] = {1, 2, 3};
    const uint64_t message[4] = {5, 6, 7, 8};
    uint64_t public_key[8], r8[8], s[4];
    VALGRIND_MAKE_MEM_UNDEFINED(private_key, sizeof private_key);
    zk_status derived = native->eddsa_public_key(public_key, private_key);
    zk_status was_signed = native->eddsa_sign(r8, s, private_key, message, ROUNDS_PARTIAL, parameters,
                                              PARAMETERS_LEN);
    const int leak = argc > 2; /* shows that memcheck would notice */
    if (leak && (s[0] & 1)) return 1;
    return derived != ZK_OK || was_signed != ZK_OK;
}
