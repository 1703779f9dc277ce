/* train.h - `duban train`: the full-screen program against a scratch registry of its own. */
#ifndef CLIENT_SETUP_TRAIN_H
#define CLIENT_SETUP_TRAIN_H

#include "client/cli/session.h"

int command_train(struct cli *cli);

#endif
