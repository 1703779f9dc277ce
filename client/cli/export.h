/* export.h - where a table goes: to the terminal, or into the workbook that --xlsx FILE names. */
#ifndef CLIENT_CLI_EXPORT_H
#define CLIENT_CLI_EXPORT_H

#include "client/cli/grid.h"
#include "client/cli/session.h"

/* Is --xlsx given? */
bool export_wanted(const struct cli *cli);
/* Shows the grid, or writes it as a workbook of one sheet; `nothing` is said when it has no rows. Returns the exit
 * status. */
int export_grid(struct cli *cli, const struct grid *grid, const char *name, const char *nothing);

/* Shows a grid that has no workbook. */
void grid_show(struct cli *cli, const struct grid *grid);

/* The same in parts, for several sheets: NULL when there is no memory. export_end writes the file and says where. */
struct book *export_begin(struct cli *cli);
int export_end(struct cli *cli, struct book *book);

#endif
