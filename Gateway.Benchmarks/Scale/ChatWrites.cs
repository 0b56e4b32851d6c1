using System.Diagnostics;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Benchmarks.Scale;

/// <summary>
/// The writes that are as long as a list: a hundred chats of the large user restored, and deleted for good with their messages, at once.
/// What is deleted is gone: for a seeded database that is thrown away.
/// </summary>
internal static class ChatWrites
{
    private const int Most = 100; // that one request may name
    private const int Repetitions = 20;

    /// <summary>Measures both, each time with other chats; fewer times where there are too few chats.</summary>
    public static async Task<List<ListResult>> MeasureAsync(HttpClient customer, IDbContextFactory<HubDbContext> databases)
    {
        List<string> ids;
        await using (var db = await databases.CreateDbContextAsync())
        {
            var user = SeedTables.UserId(1);
            ids = await db
                .Chats.Where(c => c.UserId == user && c.Id != SeedTables.LongChatId)
                .OrderBy(c => c.Id)
                .Select(c => c.Id)
                .Take(Most * (Repetitions + 1))
                .ToListAsync();
        }
        // Those that are in the archive, and those that are in none, as they come
        var bulks = ids.Chunk(Most).Where(c => c.Length == Most).ToList();
        return
        [
            await MeasureAsync(customer, "/chats/restore", bulks),
            await MeasureAsync(customer, "/chats/delete", bulks),
            await MeasureAsync(
                customer,
                "/chats/delete",
                [
                    [SeedTables.LongChatId],
                ]
            ),
        ];
    }

    private static async Task<ListResult> MeasureAsync(HttpClient customer, string route, IReadOnlyList<string[]> bulks)
    {
        List<double> times = [];
        var (status, cpu) = (200, Environment.CpuUsage.TotalTime);
        // The first one compiles
        foreach (var (i, ids) in bulks.Index())
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await customer.PostAsJsonAsync("/api/v1" + route, new { ids });
            status = answer.IsSuccessStatusCode ? status : (int)answer.StatusCode;
            if (i > 0 || bulks.Count == 1)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        times.Sort();
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var call = new ListCall("POST " + route, "customer", $"{route}, {bulks[0].Length} at once", IsPaged: false);
        return new ListResult(call, status, times.Count * bulks[0].Length, times, cpu.TotalMilliseconds / bulks.Count, []);
    }
}
