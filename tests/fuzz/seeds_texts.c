/* seeds_texts.c - seeds that are no records: tickets, key files, profiles, settings, tables, and what people type. */
#include "proto/identity.h"
#include "tests/fuzz/seeds.h"
#include "tests/lib/parts.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void put_text(const char *target, const char *first, size_t first_count, const char *text)
{
    seed_put(target, first, first_count, text, strlen(text));
}

static void put_tickets(void)
{
    static const char *const hosts[] = {"127.0.0.1", "duban.example.gov.cn", "::1"};
    for (size_t i = 0; i < COUNT(hosts); i++) {
        char text[TICKET_TEXT_MAX];
        struct ticket ticket = {.port = (uint16_t)(7009 + i)};
        snprintf(ticket.host, sizeof ticket.host, "%s", hosts[i]);
        memset(ticket.server_transport, (int)(17 * i), KEY_BYTES);
        demo_code(hosts[i], ticket.code);
        ticket_write(&ticket, text);
        put_text("ticket", NULL, 0, text);
        for (char *at = text; *at != '\0'; at++)
            if (*at == '-') *at = ' ';
        put_text("ticket", " ", 1, text);
    }
}

/* A sealed file as it is, the same in a profile with an address, and one to be changed by the target. */
static void put_key_files(void)
{
    struct key_card card = {.device = 3, .operator= 2, .login = "HRX"};
    uint8_t seed[SEED_BYTES] = {1};
    struct pack file;
    static const char address[] = "\x0f"
                                  "127.0.0.1:7009\n";
    pack_init(&file, KEY_FILE_BYTES_MAX);
    if (key_file_seal(&card, seed, "passphrase", &file) != OK) abort();
    seed_put("keyfile", "", 1, file.at, file.used);
    seed_put("pack", NULL, 0, file.at, file.used);
    seed_put("profile", address, sizeof address - 1, file.at, file.used);
    seed_put("keyfile", "\x01\x00\x20\x01", 4, "0123456789abcdefHRX", 19);
    seed_put("keyfile", "\x01\x00\xf0\x80", 4, "0123456789abcdefXMB", 19);
    pack_free(&file);
}

static void put_settings(void)
{
    static const char *const files[] = {
        "listen = tcp://0.0.0.0:7009\naddress = duban.example:7009\n",
        "# a comment\n; another\nmap_mb = 1024\nreserve_mb=64\n",
        "address = [2001:db8::1]:7009 ; here\n[section]\nlisten = x\n",
        "listen = tcp://[::]:7009\n  continued\nmap_mb : 1\n",
        "\xEF\xBB\xBFlisten=tcp://127.0.0.1:*\n",
    };
    static const char *const own[] = {
        "bell off\nlock 30\ncharts ascii\ntheme mine # dark\n[theme mine]\nlike dark\nbad bold bright-red on 236\n",
        "key go F11 registers\nkey desk z none\nkey any ^X back\n[theme\nlock many\n",
    };
    static const char *const lists[] = {
        "project columns name,code,lead\nproject sort -year_plan\nproject where county = 华容县\n",
        "project where stage # 3 施工许可\nreport sort month\nproject columns\nproject sort -\n",
    };
    for (size_t i = 0; i < COUNT(files); i++)
        put_text("config", NULL, 0, files[i]);
    for (size_t i = 0; i < COUNT(own); i++)
        put_text("setup", "\0", 1, own[i]);
    for (size_t i = 0; i < COUNT(lists); i++)
        put_text("setup", "\1", 1, lists[i]);
}

static void put_tables(void)
{
    static const char *const tables[] = {
        "代码,名称,责任单位,总投资(万元)\r\nP1,县城道路改造,华容县,6200\r\nP2,\"一, 二\",平江县,\"1,200.5\"\r\n",
        "a,b\n\"x \"\"y\"\" z\",\"two\nlines\"\n\n  c , d \n",
        "\357\273\277a;b\r1;2\r",
        "x\n\"open",
        ",,\n,1,\n",
        "名称\n岳阳市重点项目\n𠀀\n",
    };
    for (size_t i = 0; i < COUNT(tables); i++) {
        char bytes[1024], copy[1024], *in = copy, *out = bytes;
        size_t left = strlen(tables[i]), room = sizeof bytes;
        put_text("csv", NULL, 0, tables[i]);
        memcpy(copy, tables[i], left);
        iconv_t how = iconv_open("GB18030", "UTF-8");
        if ((intptr_t)how == -1) continue;
        if (iconv(how, &in, &left, &out, &room) != (size_t)-1) seed_put("csv", NULL, 0, bytes, sizeof bytes - room);
        iconv_close(how);
    }
}

/* Once as the file, once as the parts that the target zips itself, each behind its length. */
static void put_workbooks(void)
{
    struct part parts[PARTS_ROOM];
    struct pack file, pieces;
    static const char *const names[] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"};
    parts_office(parts);
    parts_zip(parts, &file);
    seed_put("xlsx", "\0", 1, file.at, file.used);
    pack_init(&pieces, 1 << 20);
    for (size_t i = 0; i < COUNT(names); i++)
        for (const struct part *part = parts; part->name != NULL; part++) {
            size_t length = strlen(part->text);
            char head[2] = {(char)(length >> 8), (char)length};
            if (strcmp(part->name, names[i]) != 0) continue;
            pack_raw(&pieces, head, sizeof head);
            pack_raw(&pieces, part->text, length);
        }
    seed_put("xlsx", "\1", 1, pieces.at, pieces.used);
    pack_free(&pieces);
    pack_free(&file);
}

static void put_typed(void)
{
    static const char *const typed[] = {
        "2009-9-28",      "2009年9月",        "２００９／９／２８",  "20090928",    "2009.9",       "1,234.56",
        "－１２３．４",   "6200.000001",      "9223372036854775807", "100 100 100", "是",           "yyx hr",
        "华容县、平江县", "\xF0\xA0\x80\x80", "\342\200\256abc",     "a\xCC\x81",   "\xED\xA0\x80",
    };
    for (size_t i = 0; i < COUNT(typed); i++)
        put_text("value", "\x06\x09", 2, typed[i]);
}

void seeds_of_texts(void)
{
    put_tickets();
    put_key_files();
    put_settings();
    put_tables();
    put_workbooks();
    put_typed();
}
