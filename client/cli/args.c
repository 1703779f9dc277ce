/* args.c - see args.h. */
#include "client/cli/args.h"

#include "client/cli/out.h"

#include <stdlib.h>
#include <string.h>

static const char flags[] =
    "json csv once plain no_bom print by_person dry_run skip_bad yes no_wait offline example keys keep help version";

bool word_in(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; *at != '\0';) {
        size_t word = strcspn(at, " ");
        if (word == length && memcmp(at, name, length) == 0) return true;
        at += word + (at[word] == ' ');
    }
    return false;
}

static const char *take(const char *arg, struct arena *arena, struct refusal *why)
{
    struct text text;
    enum err err = text_from_locale(arg, strlen(arg), arena, &text);
    if (err == OK) return text.at;
    refuse(why, err);
    return NULL;
}

static void name_with_underscores(char *name)
{
    for (; *name != '\0'; name++)
        if (*name == '-') *name = '_';
}

/* Reads the option at argv[*at], with its value when it takes one. */
static enum err read_option(int argc, char **argv, int *at, struct arena *arena, struct args *args, struct refusal *why)
{
    const char *arg = argv[*at] + 2, *equals = strchr(arg, '=');
    char *name = arena_copy(arena, arg, equals != NULL ? (size_t)(equals - arg) : strlen(arg));
    if (args->option_count == ARGS_OPTIONS_MAX) return refuse_text(why, ERR_USAGE, argv[*at]);
    if (name == NULL) return refuse(why, ERR_MEMORY);
    name_with_underscores(name);
    struct arg_option *option = &args->options[args->option_count];
    *option = (struct arg_option){.name = name};
    bool flag = word_in(flags, name);
    if (*name == '\0' || (flag && equals != NULL)) return refuse_text(why, ERR_USAGE, argv[*at]);
    if (!flag && equals == NULL && *at + 1 == argc) return refuse_text(why, ERR_USAGE, argv[*at]);
    args->option_count++;
    if (flag) return OK;
    option->value = take(equals != NULL ? equals + 1 : argv[++*at], arena, why);
    return option->value != NULL ? OK : why->err;
}

enum err args_read(int argc, char **argv, struct arena *arena, struct args *args, struct refusal *why)
{
    bool options = true;
    *args = (struct args){.word_count = 0};
    for (int i = 1; i < argc; i++) {
        enum err err = OK;
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && strncmp(argv[i], "--", 2) == 0) {
            err = read_option(argc, argv, &i, arena, args, why);
        } else if (options && strcmp(argv[i], "-h") == 0 && args->option_count < ARGS_OPTIONS_MAX) {
            args->options[args->option_count++] = (struct arg_option){.name = "help"};
        } else if (args->word_count == ARGS_WORDS_MAX) {
            return refuse_text(why, ERR_USAGE, argv[i]);
        } else {
            const char *word = take(argv[i], arena, why);
            if (word == NULL) return why->err;
            args->words[args->word_count++] = word;
        }
        if (err != OK) return err;
    }
    return OK;
}

bool args_flag(const struct args *args, const char *name)
{
    for (unsigned i = 0; i < args->option_count; i++)
        if (strcmp(args->options[i].name, name) == 0) return true;
    return false;
}

const char *args_value(const struct args *args, const char *name)
{
    for (unsigned i = args->option_count; i-- > 0;)
        if (strcmp(args->options[i].name, name) == 0) return args->options[i].value;
    return NULL;
}

enum err args_number(const struct args *args, const char *name, long max, long otherwise, long *number,
                     struct refusal *why)
{
    const char *value = args_value(args, name);
    char *end;
    *number = otherwise;
    if (value == NULL) return OK;
    long read = strtol(value, &end, 10);
    if (*value < '0' || *value > '9' || *end != '\0' || read > max) {
        char text[REFUSAL_TEXT_MAX];
        struct str str = str_in(text, sizeof text);
        str_printf(&str, "--%s %s", name, value);
        return refuse_text(why, ERR_USAGE, text);
    }
    *number = read;
    return OK;
}
