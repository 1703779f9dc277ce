/* environment_test.c - the environment of projects, by scripts at a real daemon: a stop of work without approval is
 * pushed at once to whoever has to know, and a plaque goes up by two keys. Clauses 4 and 5.2. */
#include "tests/lib/rig_report.h"
#include "tests/lib/unit.h"

#include <signal.h>
#include <string.h>

enum { SOON_MS = 10000 };

static struct rig rig;
static struct rig_project project;

static int start_rig(void **state)
{
    static const char *const all[] = {"XMB", "HRX", "FGW", "YY", "GAJ", "JSJ", "PCS-HRX"};
    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_enrol(&rig, all[i]);
    rig_project(&rig, "HRX", 0, &project);
    return 0;
}

static int end_rig(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* clauses: 4.6 */
static void a_stop_without_approval_reaches_the_government_at_once(void **state)
{
    (void)state;
    struct spawned government;
    rig_watch(&rig, &government, "YY", true);
    rig_out(&rig, 0, "HRX", "stop", "report", "--project", project.code, "--asker", "FGW", "--from", "2009-09-01",
            "--reason", "口头要求停工", NULL);
    const char *line = spawned_line(&government, SOON_MS);
    if (line == NULL) rig_fail("no push of the violation came");
    json_expect(line, "kind", "stop");
    json_expect(line, "state", "violation");
    json_expect(line, "reason", "口头要求停工");
    assert_int_equal(spawned_end(&government, SIGTERM), 0);
    rig_out(&rig, 0, "FGW", "stop", "explain", "1", "--statement", "情况紧急", NULL);
    rig_err(&rig, 4, "XMB", "stop", "settle", "1", "--outcome", "通报批评", NULL); /* the work has not gone on */
    rig_out(&rig, 0, "XMB", "stop", "settle", "1", "--outcome", "通报批评", "--resumed", "2009-09-05", NULL);
    json_expect(rig_out(&rig, 0, "YY", "stop", "show", "1", "--json", NULL), "state", "settled");
}

/* clauses: 4.7 5.2a 5.2c */
static void a_plaque_takes_two_keys(void **state)
{
    (void)state;
    const char *no = rig_err(&rig, 4, "HRX", "protection", "propose", "--project", project.code, "--station", "PCS-HRX",
                             "--evidence", "多次阻工", NULL);
    assert_non_null(strstr(no, "poor environment"));
    rig_out(&rig, 0, "HRX", "incident", "report", "--project", project.code, "--type", "obstruction", "--place", "K3",
            "--day", "2009-09-02", "--harm", "停工半日", "--station", "PCS-HRX", NULL);
    rig_out(&rig, 0, "HRX", "protection", "propose", "--project", project.code, "--station", "PCS-HRX", "--evidence",
            "多次阻工", NULL);
    rig_out(&rig, 0, "GAJ", "protection", "confirm", "1", "--opinion", "同意", NULL);
    rig_err(&rig, 4, "GAJ", "protection", "confirm", "1", "--opinion", "同意", NULL);
    rig_err(&rig, 4, "PCS-HRX", "protection", "put_up", "1", "--plaque", "001", "--up-on", "2009-09-03", "--officers",
            "周警官", NULL);
    rig_out(&rig, 0, "JSJ", "protection", "confirm", "1", "--opinion", "同意", NULL);
    rig_out(&rig, 0, "PCS-HRX", "protection", "put_up", "1", "--plaque", "001", "--up-on", "2009-09-03", "--officers",
            "周警官", NULL);
    json_expect(rig_out(&rig, 0, "XMB", "protection", "show", "1", "--json", NULL), "state", "up");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stop_without_approval_reaches_the_government_at_once),
        cmocka_unit_test(a_plaque_takes_two_keys),
    };
    return cmocka_run_group_tests(tests, start_rig, end_rig);
}
