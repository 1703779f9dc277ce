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

enum { GREETING_BYTES = 64, TCP_WAIT_MS = 5000, DOCTOR_WAIT = 12, CLOCK_SECONDS = 120 };

/* ---- name, TCP and what answers ---- */

/* A connected socket, or -1: then *error is errno. */
static int try_connect(const struct addrinfo *address, int *error)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t length = sizeof *error;
    *error = fd < 0 ? errno : 0;
    if (fd < 0) return -1;
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
        struct pollfd item = {.fd = fd, .events = POLLOUT};
        *error = errno;
        if (*error == EINPROGRESS) {
            *error = ETIMEDOUT;
            if (poll(&item, 1, TCP_WAIT_MS) == 1) getsockopt(fd, SOL_SOCKET, SO_ERROR, error, &length);
        }
    }
    if (*error == 0) return fd;
    close(fd);
    return -1;
}

/* ZMTP's greeting (RFC 23): signature, version, mechanism in 20 bytes. Ours says CURVE, and so does a daemon's. */
static bool greets_as_daemon(int fd)
{
    uint8_t ours[GREETING_BYTES] = {[0] = 0xff, [9] = 0x7f, [10] = 3, [12] = 'C', 'U', 'R', 'V', 'E'};
    uint8_t theirs[GREETING_BYTES];
    struct pollfd item = {.fd = fd, .events = POLLIN};
    size_t got = 0;
    ssize_t count = send(fd, ours, sizeof ours, MSG_NOSIGNAL);
    while (count > 0 && got < sizeof theirs && poll(&item, 1, TCP_WAIT_MS) == 1)
        if ((count = read(fd, theirs + got, sizeof theirs - got)) > 0) got += (size_t)count;
    return got == sizeof theirs && theirs[0] == 0xff && (theirs[9] & 1) != 0 && memcmp(theirs + 12, "CURVE", 6) == 0;
}

static void check_place(struct doctor *doctor, const struct address *address)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    char port[16], found[ADDRESS_TEXT_MAX + 200];
    struct str word = str_in(port, sizeof port), str = str_in(found, sizeof found);
    str_printf(&word, "%u", address->port);
    int rc = getaddrinfo(address->host, port, &hints, &list), error = EHOSTUNREACH, fd = -1;
    if (rc != 0) {
        str_printf(&str, "%s: %s", address->host, gai_strerror(rc));
        doctor_finds(doctor, "name", FINDING_BAD, found,
                     N_("the daemon's name is not known here: check the network, or duban address HOST:PORT"));
        return;
    }
    doctor_finds(doctor, "name", FINDING_WELL, address->host, NULL);
    for (const struct addrinfo *at = list; at != NULL && fd < 0; at = at->ai_next)
        fd = try_connect(at, &error);
    freeaddrinfo(list);
    address_put(address, &str);
    if (fd < 0) str_printf(&str, ": %s", strerror(error));
    doctor_finds(doctor, "tcp", fd >= 0 ? FINDING_WELL : FINDING_BAD, found,
                 fd >= 0 ? NULL
                         : N_("nobody answers there: is the daemon running, is a firewall between, is the "
                              "address right (duban address HOST:PORT)?"));
    if (fd < 0) return;
    bool daemon = greets_as_daemon(fd);
    close(fd);
    doctor_finds(doctor, "answer", daemon ? FINDING_WELL : FINDING_BAD,
                 daemon ? "ZMTP, CURVE" : tr(N_("no greeting of ZMTP with CURVE")),
                 daemon ? NULL
                        : N_("what answers there is another program, or cannot reach the daemon behind it: is the "
                             "address right (duban address HOST:PORT)?"));
}

void doctor_network(struct doctor *doctor)
{
    const struct addresses *addresses = &doctor->cli->profile.addresses;
    if (args_flag(&doctor->cli->args, "offline")) return;
    for (unsigned i = 0; i < addresses->count; i++)
        check_place(doctor, &addresses->at[i]);
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
    {NET_CONNECTING, FINDING_BAD, N_("what answers there is slow or no duband: try again with a longer --wait")},
    {NET_DOWN, FINDING_BAD, N_("nothing can be reached: see what is said above; it is tried again by itself")},
    {NET_STRANGER, FINDING_BAD,
     N_("the daemon there has another key than the ticket said: another registry, or one founded anew. Ask the "
        "administrator for its address (duban address HOST:PORT) or for a new ticket")},
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
