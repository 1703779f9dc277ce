/* no_tui.c - see no_tui.h. */
#include "client/cli/no_tui.h"

#include "client/cli/out.h"
#include "proto/show.h"

int no_tui(void)
{
    say(tr(N_("the full-screen program is not built")));
    return CLASS_FAILED;
}
