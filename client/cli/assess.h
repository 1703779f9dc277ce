/* assess.h - what `duban assessment` can do besides the verbs of every kind (assess.c, assess_export.c). */
#ifndef CLIENT_CLI_ASSESS_H
#define CLIENT_CLI_ASSESS_H

#include "client/cli/verbs.h"

/* `assessment why UNIT`, `assessment ranking`, `assessment export --RECEIVER FILE`. */
command_fn assessment_why, assessment_ranking, assessment_export;

#endif
