/* parts.c - see parts.h. */
#include "tests/lib/parts.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define HEAD      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN      "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define TYPES     "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELATIONS "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"

void parts_usual(struct part parts[PARTS_ROOM])
{
    static const struct part usual[] = {
        {"_rels/.rels",
         HEAD RELATIONS "<Relationship Id=\"rId1\" Type=\"" TYPES "/officeDocument\" Target=\"xl/workbook.xml\"/>"
                        "</Relationships>"},
        {"xl/workbook.xml", HEAD "<workbook " MAIN " xmlns:r=\"" TYPES "\"><sheets>"
                                 "<sheet name=\"设置\" sheetId=\"2\" state=\"hidden\" r:id=\"rId9\"/>"
                                 "<sheet name=\"报表\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         HEAD RELATIONS "<Relationship Id=\"rId3\" Type=\"" TYPES "/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
                        "<Relationship Id=\"rId2\" Type=\"" TYPES "/styles\" Target=\"styles.xml\"/>"
                        "<Relationship Id=\"rId1\" Type=\"" TYPES "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                        "</Relationships>"},
        {NULL, NULL}};
    memcpy(parts, usual, sizeof usual);
}

void parts_set(struct part parts[PARTS_ROOM], const char *name, const char *text)
{
    unsigned i = 0;
    while (parts[i].name != NULL && strcmp(parts[i].name, name) != 0)
        i++;
    if (i + 1 >= PARTS_ROOM) abort();
    if (parts[i].name == NULL) parts[i + 1] = (struct part){NULL, NULL};
    parts[i] = (struct part){name, text};
}

void parts_zip(const struct part *parts, struct pack *out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *into = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(into);
    zip_t *zip = zip_open_from_source(into, ZIP_TRUNCATE, &error);
    if (zip == NULL) abort();
    for (; parts->name != NULL; parts++) {
        zip_source_t *part = zip_source_buffer(zip, parts->text, strlen(parts->text), 0);
        if (zip_file_add(zip, parts->name, part, ZIP_FL_ENC_UTF_8) < 0) abort();
    }
    if (zip_close(zip) != 0 || zip_source_open(into) != 0) abort();
    pack_init(out, 64 << 20);
    char piece[4096];
    for (zip_int64_t got; (got = zip_source_read(into, piece, sizeof piece)) > 0;)
        pack_raw(out, piece, (size_t)got);
    zip_source_close(into);
    zip_source_free(into);
    if (out->failed) abort();
}

void parts_office(struct part parts[PARTS_ROOM])
{
    parts_usual(parts);
    parts_set(parts, "xl/sharedStrings.xml",
              HEAD "<sst " MAIN " count=\"6\" uniqueCount=\"6\"><si><t>岳阳市重点项目表</t></si>"
                   "<si><r><rPr><b/></rPr><t>项目</t></r><r><t xml:space=\"preserve\">名称</t></r>"
                   "<rPh sb=\"0\" eb=\"2\"><t>xiangmu</t></rPh><phoneticPr fontId=\"1\"/></si>"
                   "<si><t>总投资</t></si><si><t>开工日期</t></si>"
                   "<si><t>城区道路 &amp; 桥梁_x000D_\n二期</t></si><si><t>００１２３</t></si></sst>");
    parts_set(parts, "xl/styles.xml",
              HEAD "<styleSheet " MAIN "><numFmts count=\"3\">"
                   "<numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@\"/>"
                   "<numFmt numFmtId=\"177\" formatCode=\"0.00_);[Red]\\(0.00\\)\"/>"
                   "<numFmt numFmtId=\"178\" formatCode=\"[$-804]yyyy-mm-dd\\ h:mm\"/></numFmts>"
                   "<cellStyleXfs count=\"1\"><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs count=\"5\">"
                   "<xf numFmtId=\"0\"/><xf numFmtId=\"176\"/><xf numFmtId=\"177\"/><xf numFmtId=\"57\"/>"
                   "<xf numFmtId=\"178\"/></cellXfs></styleSheet>");
    parts_set(
        parts, "xl/worksheets/sheet1.xml",
        HEAD
        "<worksheet " MAIN "><dimension ref=\"A1:D8\"/><sheetData>"
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"/><c r=\"C1\"/><c r=\"D1\"/></row>"
        "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>1</v></c><c r=\"B3\" t=\"inlineStr\"><is><t>资金</t></is></c>"
        "<c r=\"D3\" t=\"s\"><v>3</v></c></row>"
        "<row r=\"4\"><c r=\"B4\" t=\"s\"><v>2</v></c><c r=\"C4\" t=\"str\"><f>\"编\"&amp;\"号\"</f><v>编号</v></c>"
        "</row>"
        "<row r=\"5\"><c r=\"A5\" t=\"s\"><v>4</v></c><c r=\"B5\" s=\"2\"><f>B9*2</f><v>6200.0000000000009</v></c>"
        "<c r=\"C5\" t=\"s\"><v>5</v></c><c r=\"D5\" s=\"1\"><v>40084</v></c></row>"
        "<row r=\"6\"/>"
        "<row><c t=\"inlineStr\"><is><t>x</t></is></c><c><v>1.2E+3</v></c><c t=\"b\"><v>1</v></c>"
        "<c s=\"3\"><v>40057</v></c></row>"
        "<row r=\"8\"><c r=\"B8\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c><c r=\"C8\"><f>A1</f></c>"
        "<c r=\"D8\" s=\"4\"><v>40084.395833333336</v></c></row>"
        "</sheetData><mergeCells count=\"4\"><mergeCell ref=\"A1:D1\"/><mergeCell ref=\"A3:A4\"/>"
        "<mergeCell ref=\"D3:D4\"/><mergeCell ref=\"A7:A8\"/></mergeCells></worksheet>");
}
