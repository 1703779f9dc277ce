/* no_tui.h - stands where the full-screen program will be. */
#ifndef CLIENT_CLI_NO_TUI_H
#define CLIENT_CLI_NO_TUI_H

int no_tui(void);

#endif
