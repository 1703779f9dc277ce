/* found.c - see found.h. */
#include "server/found.h"

#include "server/files.h"
#include "server/import.h"

#include <stdio.h>
#include <string.h>

enum { CONFIG_BYTES_MAX = 1200 };

/* host:port, one line, no blanks: it goes into duband.conf and onto tickets. */
static bool is_address(const char *address)
{
    const char *colon = strrchr(address, ':');
    return colon != NULL && colon > address && colon[1] != '\0' && strlen(address) < 250 &&
           strpbrk(address, " \t\r\n;#=") == NULL;
}

enum err found_config(const char *directory, const char *listen, const char *address, struct refusal *why)
{
    char text[CONFIG_BYTES_MAX];
    struct str out = str_in(text, sizeof text);
    if (listen != NULL && (strncmp(listen, "tcp://", 6) != 0 || !is_address(listen + 6)))
        return refuse_text(why, ERR_USAGE, listen);
    if (address != NULL && !is_address(address)) return refuse_text(why, ERR_USAGE, address);
    str_put(&out, "# duband.conf: see duband.conf(5)\n");
    if (listen != NULL)
        str_printf(&out, "listen = %s\n", listen);
    else
        str_printf(&out, "# listen = tcp://127.0.0.1:%d\n", DEFAULT_PORT);
    if (address != NULL)
        str_printf(&out, "address = %s\n", address);
    else
        str_put(&out, "# the host and port by which clients reach the daemon; they stand on tickets\n"
                      "# address = duban.example.cn:7009\n");
    enum err err = file_write(directory, "duband.conf", text, out.used, 0600);
    return err == OK ? OK : refuse_text(why, err, "duband.conf");
}

static enum err found_registry(const struct founding *founding, struct console *console, struct refusal *why)
{
    struct record args = record_make(KIND_registry, 0);
    const struct engine *engine = &console->engine;
    rec_set_text(&args, registry_name, text_of(founding->name));
    rec_set_text(&args, registry_ident, (struct text){(const char *)engine->registry, REGISTRY_ID_BYTES});
    rec_set_text(&args, registry_server_key, (struct text){(const char *)engine->identity.sign_public, KEY_BYTES});
    if (founding->demo) rec_set(&args, registry_demo, 1);
    if (founding->shifted) {
        rec_set(&args, registry_clock_real, clock_real().s);
        rec_set(&args, registry_clock_shown, founding->at.s);
        rec_set(&args, registry_clock_rate, founding->rate);
    }
    return console_do(console, ACT_registry_found, &args, NULL, why);
}

static enum err found_settings(struct console *console, struct refusal *why)
{
    for (const struct setting_row *row = NULL; (row = setting_next(row)) != NULL;) {
        struct record args = record_make(KIND_setting, 0);
        rec_set_text(&args, setting_name, text_of(row->name));
        rec_set(&args, setting_value, row->first);
        enum err err = console_do(console, ACT_setting_found, &args, NULL, why);
        if (err != OK) return err;
    }
    return OK;
}

static enum err found_calendar(struct console *console, struct refusal *why)
{
    char path[PLACE_MAX];
    enum err err = place_data("calendar.csv", path, why);
    if (err != OK) return err;
    const struct import_options options = {.what = "calendar", .file = path, .quiet = true};
    err = import_run(console, &options);
    return err == OK ? OK : refuse_text(why, ERR_FORMAT, path);
}

enum err found_begin(const struct founding *founding, struct newdir *newdir, struct console *console,
                     struct refusal *why)
{
    enum err err = newdir_begin(newdir, founding->directory, why);
    if (err == OK) err = found_config(newdir->path, founding->listen, founding->address, why);
    if (err == OK) err = console_create(console, newdir->path, founding->shifted ? founding->at : clock_real(), why);
    if (err != OK) {
        newdir_drop(newdir);
        return err;
    }
    err = console_begin(console, why);
    if (err == OK) err = found_registry(founding, console, why);
    if (err == OK) err = found_settings(console, why);
    if (err == OK) err = console_commit(console, why);
    if (err == OK) err = found_calendar(console, why);
    return err == OK ? OK : found_finish(newdir, console, err, why);
}

enum err found_finish(struct newdir *newdir, struct console *console, enum err err, struct refusal *why)
{
    console_close(console);
    if (err == OK) return newdir_finish(newdir, why);
    newdir_drop(newdir);
    return err;
}
