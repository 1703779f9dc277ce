/* xlsx_part.c - see xlsx_part.h. What comes out of the zip is counted as it comes, whatever its headers promise. */
#include "proto/xlsx_part.h"

#include "proto/kinds.h"
#include "proto/xlsx.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { PARTS_MAX = 4096, DEPTH_MAX = 64, PIECE_BYTES = 16 * 1024, TOKEN_BYTES_MAX = 1 << 20 };

struct package {
    zip_t *zip;
    struct refusal *why;
    uint64_t left; /* bytes that may still come out of the zip */

    /* the part at hand */
    XML_Parser parser;
    const struct part_reader *reader;
    void *self;
    unsigned depth;
    bool stopped;
    enum err err;
};

const char *attribute(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2) {
        const char *colon = strrchr(attributes[0], ':');
        if (strcmp(colon != NULL ? colon + 1 : attributes[0], name) == 0) return attributes[1];
    }
    return NULL;
}

void part_stop(struct package *package, enum err err, int64_t number, const char *text)
{
    if (package->stopped) return;
    package->stopped = true;
    package->err = err;
    XML_StopParser(package->parser, XML_FALSE);
    if (err == OK) return;
    refuse_text(package->why, err, text);
    if (package->why != NULL) package->why->number = number;
}

/* ---- what expat calls ---- */

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

static void XMLCALL on_start(void *of, const char *name, const char **attributes)
{
    struct package *package = of;
    if (++package->depth > DEPTH_MAX) part_stop(package, ERR_NOT_XLSX, 0, N_("nested too deeply"));
    if (!package->stopped) package->reader->start(package->self, local(name), attributes);
}

static void XMLCALL on_end(void *of, const char *name)
{
    struct package *package = of;
    package->depth--;
    if (!package->stopped) package->reader->end(package->self, local(name));
}

static void XMLCALL on_text(void *of, const char *at, int length)
{
    struct package *package = of;
    if (!package->stopped && package->reader->text != NULL) package->reader->text(package->self, at, (size_t)length);
}

/* No workbook has one; its entities could grow without end. */
static void XMLCALL on_doctype(void *of, const char *name, const char *system, const char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    part_stop(of, ERR_NOT_XLSX, 0, N_("it declares a document type"));
}

/* ---- parts ---- */

static enum err fail(struct package *package, enum err err, int64_t number, const char *text)
{
    refuse_text(package->why, err, text);
    if (package->why != NULL) package->why->number = number;
    return err;
}

/* One piece of the part; false at its end, or when it is no good. */
static bool feed(struct package *package, zip_file_t *file, uint64_t *fed)
{
    void *piece = XML_GetBuffer(package->parser, PIECE_BYTES);
    zip_int64_t got = piece != NULL ? zip_fread(file, piece, PIECE_BYTES) : 0;
    if (piece == NULL) {
        package->err = fail(package, ERR_MEMORY, 0, "");
        return false;
    }
    if (got < 0 || (uint64_t)got > package->left) {
        package->err = got < 0 ? fail(package, ERR_NOT_XLSX, 0, N_("it is damaged"))
                               : fail(package, ERR_LIMIT, XLSX_UNPACKED_MAX, "");
        return false;
    }
    package->left -= (uint64_t)got;
    *fed += (uint64_t)got;
    enum XML_Status status = XML_ParseBuffer(package->parser, (int)got, got == 0);
    XML_Index parsed = XML_GetCurrentByteIndex(package->parser);
    if (package->stopped) return false;
    if (status != XML_STATUS_OK)
        package->err = fail(package, ERR_NOT_XLSX, 0, N_("it is damaged"));
    else if (parsed >= 0 && *fed > (uint64_t)parsed + TOKEN_BYTES_MAX) /* one mark that does not end */
        package->err = fail(package, ERR_LIMIT, TOKEN_BYTES_MAX, "");
    return package->err == OK && got > 0;
}

enum err part_read(struct package *package, const char *name, const struct part_reader *reader, void *self)
{
    uint64_t fed = 0;
    zip_file_t *file = zip_fopen(package->zip, name, 0);
    if (file == NULL) return ERR_NOT_FOUND;
    package->reader = reader;
    package->self = self;
    package->depth = 0;
    package->stopped = false;
    package->err = OK;
    package->parser = XML_ParserCreate(NULL);
    if (package->parser == NULL) {
        zip_fclose(file);
        return fail(package, ERR_MEMORY, 0, "");
    }
    XML_SetUserData(package->parser, package);
    XML_SetElementHandler(package->parser, on_start, on_end);
    XML_SetCharacterDataHandler(package->parser, on_text);
    XML_SetStartDoctypeDeclHandler(package->parser, on_doctype);
    while (feed(package, file, &fed))
        continue;
    XML_ParserFree(package->parser);
    zip_fclose(file);
    return package->err;
}

struct package *package_open(struct text bytes, struct refusal *why)
{
    struct package *package = calloc(1, sizeof *package);
    zip_error_t error;
    if (package == NULL) {
        refuse(why, ERR_MEMORY);
        return NULL;
    }
    package->why = why;
    package->left = XLSX_UNPACKED_MAX;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.length, 0, &error);
    if (source != NULL) package->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (package->zip == NULL && source != NULL) zip_source_free(source);
    zip_error_fini(&error);
    if (package->zip != NULL && zip_get_num_entries(package->zip, 0) <= PARTS_MAX) return package;
    if (package->zip == NULL)
        fail(package, ERR_NOT_XLSX, 0, N_("it is damaged"));
    else
        fail(package, ERR_LIMIT, PARTS_MAX, "");
    package_close(package);
    return NULL;
}

void package_close(struct package *package)
{
    if (package->zip != NULL) zip_discard(package->zip);
    free(package);
}
