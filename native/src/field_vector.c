/* Vectors of Fr and Fp: elementwise arithmetic, batch inversion, powers, dot product. */
#define FIELD fr
#include "field_vector_template.h"
#define FIELD fp
#include "field_vector_template.h"
