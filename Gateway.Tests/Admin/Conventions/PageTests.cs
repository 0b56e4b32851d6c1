using System.Globalization;
using System.Text.Json;
using Gateway.Benchmarks.Scale;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Conventions;

/// <summary>A page anywhere in a long list is that part of the whole list, however it is found.</summary>
public sealed class PageTests
{
    private static readonly DateTime Middle = DateTime.UtcNow.Date.AddDays(-SeedTables.Days / 2).AddHours(7).AddMinutes(11);
    private static readonly string From = Uri.EscapeDataString(Middle.AddDays(-20).ToString("O"));
    private static readonly string To = Uri.EscapeDataString(Middle.ToString("O"));

    [Theory, BothDatabases]
    public async Task Pages_are_parts_of_the_whole_list(TestDatabase database)
    {
        await using var host = await HubHost.StartAsync(database);
        await SeededLists.SeedAsync(host);
        var admin = await SeededLists.SignInAsync(host, host.AdminEmail);
        var customer = await SeededLists.SignInAsync(host, "user1@example1.com");
        var user = SeedTables.UserId(1);
        foreach (
            var (client, list, isNewestFirst) in new[]
            {
                (admin, "/admin/audit-logs?", true),
                (admin, "/admin/audit-logs?action=user.updated", true),
                (admin, $"/admin/audit-logs?entity_type=user&from={From}&to={To}", true),
                (admin, "/admin/transactions?", true),
                (admin, "/admin/transactions?status=completed", true),
                (admin, "/admin/transactions?type=deposit", true),
                (admin, "/admin/transactions?status=pending", true),
                (admin, $"/admin/transactions?type=usage&from={From}", true),
                (admin, $"/admin/transactions?from={From}&to={To}", true),
                (admin, $"/admin/transactions?user_id={user}&status=completed", true),
                (customer, "/transactions?", true),
                (customer, $"/transactions?from={From}&to={To}", true),
                (customer, $"/users/{user}/requests?", true),
                (admin, "/admin/requests?", true),
                (admin, $"/admin/requests?from={From}&to={To}", true),
                (admin, "/admin/users?", true),
                (admin, "/admin/users?search=e&is_active=true", true),
                (admin, "/admin/events?", true),
                (admin, "/admin/budgets?", false),
                (admin, "/admin/budgets?scope=user", false),
                (admin, "/admin/rate-limits?", false),
            }
        )
        {
            await AssertPagesAsync(client, list, isNewestFirst);
        }
    }

    [Theory, BothDatabases]
    public async Task A_list_is_as_long_as_its_table(TestDatabase database)
    {
        await using var host = await HubHost.StartAsync(database);
        await SeededLists.SeedAsync(host);
        var admin = await SeededLists.SignInAsync(host, host.AdminEmail);
        await using var db = await host.Databases.CreateDbContextAsync();
        Assert.Equal(await db.AuditLog.LongCountAsync(), await TotalAsync("/admin/audit-logs?limit=1"));
        Assert.Equal(
            await db.AuditLog.LongCountAsync(a => a.CreatedAt >= Middle),
            await TotalAsync($"/admin/audit-logs?limit=1&from={To}")
        );
        var payments = await db.Transactions.LongCountAsync();
        Assert.Equal(
            payments + await db.UsageRecords.LongCountAsync(r => r.IsPrepaid && r.TotalCostNanoUsd != 0),
            await TotalAsync("/admin/transactions?limit=1")
        );
        Assert.Equal(await db.UsageRecords.LongCountAsync(), await TotalAsync("/admin/requests?limit=1"));
        Assert.Equal(
            (await db.Budgets.LongCountAsync(), await db.Budgets.LongCountAsync(b => b.ApiKeyId != null)),
            (await TotalAsync("/admin/budgets?limit=1"), await TotalAsync("/admin/budgets?limit=1&scope=api_key"))
        );
        Assert.Equal(await db.Users.LongCountAsync(u => u.DeletedAt == null), await TotalAsync("/admin/users?limit=1"));

        async Task<long> TotalAsync(string path) => (await ReadAsync(admin, path)).Total;
    }

    private static async Task AssertPagesAsync(HttpClient client, string list, bool isNewestFirst)
    {
        List<Row> whole = [];
        long total;
        do
        {
            (var rows, total) = await ReadAsync(
                client,
                string.Create(CultureInfo.InvariantCulture, $"{list}&limit=1000&offset={whole.Count}")
            );
            Assert.True(rows.Count > 0 || total == whole.Count, $"{list} ends after {whole.Count} of {total}");
            whole.AddRange(rows);
        } while (whole.Count < total);
        Assert.Equal(total, whole.Select(r => r.Id).Distinct().LongCount());
        var sorted = isNewestFirst ? whole.OrderByDescending(r => r.Time) : whole.OrderBy(r => r.Time);
        Assert.Equal(sorted.Select(r => r.Time), whole.Select(r => r.Time));
        foreach (
            var offset in new[] { 1, 251, (whole.Count / 3) + 7, whole.Count / 2, whole.Count - 60, whole.Count - 1, whole.Count }.Where(
                o => o > 0
            )
        )
        {
            var (rows, again) = await ReadAsync(client, string.Create(CultureInfo.InvariantCulture, $"{list}&limit=50&offset={offset}"));
            Assert.True(whole.Skip(offset).Take(50).SequenceEqual(rows), $"{list} from {offset} of {total}");
            Assert.Equal(total, again);
        }
    }

    private static async Task<(List<Row> Rows, long Total)> ReadAsync(HttpClient client, string path)
    {
        var answer = await client.ReadAsync(path);
        answer.Is(200);
        var page = answer.Body.TryGetProperty("total_count", out _) ? answer.Body : answer.Body.At("data");
        var rows = page.EnumerateObject().Select(m => m.Value).First(v => v.ValueKind == JsonValueKind.Array);
        return (
            [
                .. rows.EnumerateArray()
                    .Select(r => new Row(
                        r.Text("id"),
                        r.At(r.TryGetProperty("created_at", out _) ? "created_at" : "admitted_at").GetDateTime()
                    )),
            ],
            (long)page.Number("total_count")
        );
    }

    private sealed record Row(string Id, DateTime Time);
}
