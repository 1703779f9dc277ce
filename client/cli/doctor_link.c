/* doctor_link.c - the way to the daemon as `duban doctor` sees it: name, TCP, handshake; then what the registry
 * says: clock, acts that wait, calendar. */
#include "client/cli/doctor.h"
#include "client/cli/out.h"
#include "client/core/link.h"
#include "proto/calendar.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TCP_WAIT_MS = 5000, DOCTOR_WAIT = 12, CLOCK_SECONDS = 120 };

/* ---- name and TCP ---- */

/* 0, or errno. */
static int try_connect(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error = 0;
    socklen_t length = sizeof error;
    if (fd < 0) return errno;
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
        struct pollfd item = {.fd = fd, .events = POLLOUT};
        error = errno;
        if (error == EINPROGRESS) {
            error = ETIMEDOUT;
            if (poll(&item, 1, TCP_WAIT_MS) == 1) getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
        }
    }
    close(fd);
    return error;
}

void doctor_network(struct doctor *doctor)
{
    const struct profile *profile = &doctor->cli->profile;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    char port[16], found[HOST_MAX + 200];
    struct str word = str_in(port, sizeof port), str = str_in(found, sizeof found);
    if (args_flag(&doctor->cli->args, "offline")) return;
    str_printf(&word, "%u", profile->port);
    int rc = getaddrinfo(profile->host, port, &hints, &list);
    if (rc != 0) {
        str_printf(&str, "%s: %s", profile->host, gai_strerror(rc));
        doctor_finds(doctor, "name", FINDING_BAD, found,
                     N_("the daemon's name is not known here: check the network, or duban address HOST:PORT"));
        return;
    }
    doctor_finds(doctor, "name", FINDING_WELL, profile->host, NULL);
    int error = EHOSTUNREACH;
    for (const struct addrinfo *at = list; at != NULL && error != 0; at = at->ai_next)
        error = try_connect(at);
    freeaddrinfo(list);
    str_printf(&str, "%s:%u", profile->host, profile->port);
    if (error != 0) str_printf(&str, ": %s", strerror(error));
    doctor_finds(doctor, "tcp", error == 0 ? FINDING_WELL : FINDING_BAD, found,
                 error == 0 ? NULL
                            : N_("nobody answers there: is the daemon running, is a firewall between, is the "
                                 "address right (duban address HOST:PORT)?"));
}

/* ---- handshake and protocol ---- */

static const struct {
    enum net_state net;
    enum finding finding;
    const char *advice;
} links[] = {
    {NET_LIVE, FINDING_WELL, NULL},
    {NET_FOLLOWING, FINDING_NOTE, NULL},
    {NET_SYNCING, FINDING_NOTE, N_("it is still catching up: try again with a longer --wait")},
    {NET_OFFLINE, FINDING_NOTE, NULL},
    {NET_SILENT, FINDING_BAD, N_("the line is cut or the daemon is stuck: tell the administrator")},
    {NET_CONNECTING, FINDING_BAD,
     N_("what answers there is slow, is no duband, or has another key than the ticket said")},
    {NET_DOWN, FINDING_BAD, N_("what answers there is no duband, or has another key than the ticket said")},
    {NET_REFUSED, FINDING_BAD,
     N_("the key was revoked, the operator suspended, or the registry is another: ask the administrator for a "
        "new ticket")},
    {NET_VERSION, FINDING_BAD, N_("update this program to the daemon's version")},
    {NET_TAKEN, FINDING_BAD, N_("if that was not you, the key was copied: ask the administrator to revoke it")},
    {NET_REWRITTEN, FINDING_BAD, N_("the history was rolled back or rewritten: tell the administrator at once")},
};

void doctor_link(struct doctor *doctor)
{
    struct cli *cli = doctor->cli;
    struct refusal why = {.err = OK};
    struct client_status status;
    char found[300];
    struct str str = str_in(found, sizeof found);
    enum err err = session_ready(cli, DOCTOR_WAIT, &why);
    if (err == ERR_USAGE) say_refusal(&why);
    client_status(cli->client, &status);
    str_put(&str, tr(net_label(status.net)));
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i].net == status.net) doctor_finds(doctor, "link", links[i].finding, found, links[i].advice);
    str = str_in(found, sizeof found);
    str_printf(&str, "%d, tables %d", PROTOCOL_VERSION, TABLES_VERSION);
    doctor_finds(doctor, "protocol", status.net == NET_VERSION ? FINDING_BAD : FINDING_WELL, found, NULL);
}

/* ---- what the registry says ---- */

static void check_clock(struct doctor *doctor, const struct client_status *status)
{
    char found[100];
    struct str str = str_in(found, sizeof found);
    int64_t ahead = (int64_t)time(NULL) - client_now(doctor->cli->client).s;
    str_stamp(&str, client_now(doctor->cli->client));
    if (status->demo) {
        doctor_finds(doctor, "clock", FINDING_NOTE, found, N_("a demo or training registry stands in its own time"));
        return;
    }
    if (status->net != NET_LIVE) return;
    bool bad = ahead > CLOCK_SECONDS || ahead < -CLOCK_SECONDS;
    fill_template(&str, tr(N_(", this workstation is {n} s ahead")), "", ahead);
    doctor_finds(doctor, "clock", bad ? FINDING_BAD : FINDING_WELL, found,
                 bad ? N_("set the clock (timedatectl set-ntp true); what counts is the daemon's time") : NULL);
}

static void check_acts(struct doctor *doctor, const struct client_status *status)
{
    char found[200];
    struct str str = str_in(found, sizeof found);
    fill_template(&str, tr(N_("{n} acts wait")), "", status->waiting);
    fill_template(&str, tr(N_(", {n} were refused")), "", status->refused);
    bool bad = status->refused > 0;
    doctor_finds(doctor, "outbox",
                 bad                   ? FINDING_BAD
                 : status->waiting > 0 ? FINDING_NOTE
                                       : FINDING_WELL,
                 found, bad ? N_("decide about them: duban outbox") : NULL);
}

static void check_calendar(struct doctor *doctor, const struct calendar *calendar, int year)
{
    char found[200];
    struct str str = str_in(found, sizeof found);
    bool known = calendar_knows(calendar, year);
    str_printf(&str, "%d", year);
    if (!known) str_put(&str, tr(N_(": not known, counts weekdays")));
    doctor_finds(doctor, "calendar", known ? FINDING_WELL : FINDING_NOTE, found,
                 known ? NULL : N_("the administrator enters the State Council's notice: duban calendar enter"));
}

void doctor_registry(struct doctor *doctor)
{
    struct cli *cli = doctor->cli;
    struct client_status status;
    struct calendar *calendar = arena_get(&cli->arena, sizeof *calendar);
    client_status(cli->client, &status);
    check_acts(doctor, &status);
    if (client_model(cli->client)->position == 0) return;
    check_clock(doctor, &status);
    if (calendar == NULL || calendar_load(client_space(cli->client), &cli->arena, calendar) != OK) return;
    int year = month_year(month_of(stamp_day(client_now(cli->client))));
    check_calendar(doctor, calendar, year);
    check_calendar(doctor, calendar, year + 1);
}
