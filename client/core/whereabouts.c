/* whereabouts.c - see whereabouts.h. */
#include "client/core/whereabouts.h"

#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int whereabouts_open(void)
{
    struct sockaddr_nl all = {.nl_family = AF_NETLINK,
                              .nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
                                           RTMGRP_IPV6_ROUTE};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&all, sizeof all) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

bool whereabouts_changed(int fd)
{
    char buffer[8192];
    bool changed = false;
    while (fd >= 0 && recv(fd, buffer, sizeof buffer, 0) > 0)
        changed = true;
    return changed;
}

static bool same(const struct sockaddr *one, const struct sockaddr_storage *other)
{
    if (one == NULL || one->sa_family != other->ss_family) return false;
    if (one->sa_family == AF_INET)
        return ((const struct sockaddr_in *)(const void *)one)->sin_addr.s_addr ==
               ((const struct sockaddr_in *)other)->sin_addr.s_addr;
    return one->sa_family == AF_INET6 && memcmp(&((const struct sockaddr_in6 *)(const void *)one)->sin6_addr,
                                                &((const struct sockaddr_in6 *)other)->sin6_addr, 16) == 0;
}

/* A socket for both families shows an IPv4 address as ::ffff:a.b.c.d. */
static void unmap(struct sockaddr_storage *address)
{
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    struct sockaddr_in four = {.sin_family = AF_INET};
    if (address->ss_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) return;
    memcpy(&four.sin_addr, &six->sin6_addr.s6_addr[12], 4);
    memcpy(address, &four, sizeof four);
}

bool whereabouts_holds(int connection)
{
    struct sockaddr_storage own = {.ss_family = AF_UNSPEC};
    socklen_t length = sizeof own;
    struct ifaddrs *all;
    bool held = false;
    if (connection < 0 || getsockname(connection, (struct sockaddr *)&own, &length) != 0) return true;
    unmap(&own);
    if ((own.ss_family != AF_INET && own.ss_family != AF_INET6) || getifaddrs(&all) != 0) return true;
    for (const struct ifaddrs *at = all; at != NULL && !held; at = at->ifa_next)
        held = same(at->ifa_addr, &own);
    freeifaddrs(all);
    return held;
}
