# assess.awk - an independent second opinion on day-to-day points: from `duband dump` it computes what the rules of
# assess_test.c come to for each responsible unit, and prints "unit hundredths". It knows nothing of proto/points.c.
#
#   report returned -0.3, at most 3; warning issued yellow -2, at most 10, red -5, at most 15; in the period FROM to TO.

function field(text, name,    at, rest)
{
    at = index(text, "\"" name "\":\"")
    if (at == 0) return ""
    rest = substr(text, at + length(name) + 4)
    return substr(rest, 1, index(rest, "\"") - 1)
}

function record(text,    at)
{
    at = index(text, "\"id\":")
    return substr(text, at + 5) + 0
}

function take(rule, unit, points, cap,    left)
{
    left = cap + used[rule, unit]
    if (points > left) points = left
    used[rule, unit] -= points
    sum[unit] -= points
}

{
    count = split($0, effects, "{\"kind\":\"")
    day = substr(field($0, "time"), 1, 10)
    act = field($0, "kind") " " field($0, "action")
    for (i = 2; i <= count; i++) {
        kind = substr(effects[i], 1, index(effects[i], "\"") - 1)
        id = record(effects[i])
        if (field(effects[i], "project") != "") project[kind, id] = substr(field(effects[i], "project"), 2)
        if (field(effects[i], "responsible") != "") responsible[id] = substr(field(effects[i], "responsible"), 2)
        if (field(effects[i], "subject") != "") subject[kind, id] = substr(field(effects[i], "subject"), 2)
        if (field(effects[i], "level") != "") level[kind, id] = field(effects[i], "level")
        if (day < FROM || day > TO) continue
        if (i == 2 && act == "report return") take("returned", responsible[project[kind, id]], 30, 300)
        if (kind != "warning" || field(effects[i], "state") != "issued") continue
        if (level[kind, id] == "yellow") take("yellow", subject[kind, id], 200, 1000)
        if (level[kind, id] == "red") take("red", subject[kind, id], 500, 1500)
    }
}

END {
    for (id in responsible) units[responsible[id]] = 1
    for (unit in units) print unit, sum[unit] + 0
}
