/* Vectors of Fr and Fp: elementwise arithmetic, batch inversion, powers, dot product. */
#define FIELD fr
#define LANES fr8
#include "field_vector_template.h"
#define FIELD fp
#define LANES fp8
#include "field_vector_template.h"
