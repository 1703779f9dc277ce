/* trusting.c - linked into a daemon and a client that let every text pass, as one of another make or a copied registry
 * might: what is stored then has to be harmless where it is shown. See tests/tests.mk. */
#include "proto/text.h"

size_t __wrap_text_offence(struct text text, bool lines);

size_t __wrap_text_offence(struct text text, bool lines)
{
    (void)text;
    (void)lines;
    return 0;
}
