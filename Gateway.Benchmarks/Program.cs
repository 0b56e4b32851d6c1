using Gateway.Benchmarks.Crash;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Memory;
using Gateway.Benchmarks.Scale;
using Gateway.Benchmarks.Stages;

return args switch
{
    ["load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["keys", .. var rest] => await KeysCommand.RunAsync(rest),
    ["crash", .. var rest] => await CrashCommand.RunAsync(rest),
    ["seed", .. var rest] => await SeedCommand.RunAsync(rest),
    ["lists", .. var rest] => await ListsCommand.RunAsync(rest),
    ["console", .. var rest] => await ConsoleCommand.RunAsync(rest),
    ["nodes", .. var rest] => await NodesCommand.RunAsync(rest),
    ["journal"] => await JournalCommand.RunAsync(),
    ["stages", .. var rest] => StagesCommand.Run(rest),
    _ => ShowUsage(),
};

static int ShowUsage()
{
    Console.Error.WriteLine(
        """
        load [--quick] [--only start|cold|warm] [--gateway <Gateway.dll>] [--set <NAME=value>] [--accept]
                                              what an operator gets: the gateway as published, with defaults, against bare YARP;
                                              compared with Gateway.Benchmarks/accepted.json, or (--accept) written there
        load --variant <name>:<NAME=value>,... --variant ...
                                              gateways that differ in their variables, under plain calls in turn
        load inside [--quick] [--log-level <level>]
                                              the same within this program: exact allocation, memory per open stream
        load observe [--quick]                what metrics and traces cost a call: CPU with nothing, with metrics, with traces of 1 % too
        keys [--count <n>]                    memory after a million keys that each made one call
        crash [--kills <n>] [--seed <n>] [--database <url>]
                                              kill -9 under load, n times, and the books compared: nothing lost, doubled or overspent
        seed --data <folder> [--database <url>] [--users <n>] [--keys <n>] [--usage <n>]
                [--chats <n>] [--messages <n>]
                                              a database of 100,000 users, 1,000,000 keys, 10,000,000 calls, 1,000,000 chats and
                                              20,000,000 messages
        lists --data <folder> [--database <url>] [--route <text>] [--all] [--plans] [--writes]
                                              every list route on it: p50, p95, max, and full scans of large tables; --writes: then
                                              bulk restore and delete of chats
        console --data <folder> [--database <url>] [--rounds <n>] [--view <text>]
                                              the console on it in a real Chromium: first view after sign-in, and each view's data: p50,
                                              p95, requests, bytes
        nodes --database <url> [--nodes <n>] [--calls <n>] [--keys <n>]
                                              what nodes ask of a PostgreSQL (with pg_stat_statements): idle, and for 1,000 calls
        journal                               the mapped journal against a thread that writes a file: throughput, CPU, allocation
        stages [BenchmarkDotNet's options]    time and bytes of single stages; --filter '*' runs all
        """
    );
    return 2;
}
