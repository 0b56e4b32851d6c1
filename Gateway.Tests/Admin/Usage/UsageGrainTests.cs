using System.Globalization;
using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;
using Gateway.Admin.Usage;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.Extensions.Primitives;

namespace Gateway.Tests.Admin.Usage;

/// <summary>Sums in less detail answer what they can, and say the same as the calls themselves.</summary>
public sealed class UsageGrainTests
{
    private static readonly DateTime Monday = new(2020, 2, 3, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("model_day", "group_by=day")]
    [InlineData("model_day", "group_by=model,tier,day&tier_id=t1")]
    [InlineData("hour", "group_by=hour")]
    [InlineData("model_hour", "group_by=hour&model_id=m1")]
    [InlineData("model_hour", "group_by=tier&from=2020-02-03T07:00:00Z")]
    [InlineData("team_day", "group_by=team")]
    [InlineData("team_day", "group_by=day&team_id=x")]
    [InlineData("user_day", "group_by=model&user_id=x")]
    [InlineData(null, "group_by=user")]
    [InlineData(null, "group_by=model&team_id=x")]
    [InlineData(null, "group_by=hour&user_id=x")]
    [InlineData(null, "group_by=day&api_key_id=x")]
    public void A_question_is_asked_of_the_least_detailed_sums_that_can_answer_it(string? grain, string query)
    {
        var values = query.Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => new StringValues(p[1]));
        var reader = new QueryReader(new QueryCollection(values), 1_000);
        var asked = (UsageQuery)QueryBinder.Bind(WireType.Of(typeof(UsageQuery)), reader);
        Assert.Equal(grain, UsageQuestion.Of(asked, Monday, out _).Grain?.Name);
    }

    [Theory, BothDatabases]
    public async Task Every_question_is_answered_as_the_calls_would_answer_it(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        var calls = Enumerable.Range(0, 60).Select(Call).ToList();
        await hub.WriteAsync([.. calls]);
        var groupings = new (string By, string Member, Func<UsageRecord, string?> Of)[]
        {
            ("user", "user_id", r => r.UserId),
            ("key", "api_key_id", r => r.ApiKeyId),
            ("model", "model_id", r => r.ModelId),
            ("team", "team_id", r => r.TeamId),
            ("tier", "tier_id", r => r.TierId),
            ("day", "day", r => r.AdmittedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("hour", "hour", r => r.AdmittedAt.ToString("yyyy-MM-ddTHH:00:00Z", CultureInfo.InvariantCulture)),
        };
        var filters = new (string Query, Func<UsageRecord, bool> Holds)[]
        {
            ("", _ => true),
            ("&user_id=u1", r => r.UserId == "u1"),
            ("&api_key_id=k1", r => r.ApiKeyId == "k1"),
            ("&model_id=m1", r => r.ModelId == "m1"),
            ("&team_id=a", r => r.TeamId == "a"),
            ("&tier_id=t1", r => r.TierId == "t1"),
        };
        foreach (var (by, member, of) in groupings)
        {
            foreach (var (query, holds) in filters)
            {
                var answer = await hub.Admin.Client.ReadAsync(
                    $"/admin/usage?group_by={by}&from=2020-02-03&to=2020-02-05&limit=1000{query}"
                );
                answer.Is(200);
                var shown = answer
                    .Body.At("data.usage")
                    .EnumerateArray()
                    .Select(row =>
                        (
                            row.At(member).ValueKind == JsonValueKind.Null ? null : row.Text(member),
                            (long)row.Number("requests"),
                            row.Number("total_cost")
                        )
                    );
                var expected = calls.Where(holds).GroupBy(of).Select(g => (g.Key, (long)g.Count(), g.Sum(r => r.TotalCostNanoUsd) / 1e9m));
                Assert.Equal(expected.Order(), shown.Order());
            }
        }
    }

    private static UsageRecord Call(int number) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            Attempts = 1,
            UserId = "u" + (number % 3),
            ApiKeyId = number % 4 == 0 ? null : "k" + (number % 4),
            TeamId = (number % 5) switch
            {
                0 => "a",
                1 => "b",
                _ => null,
            },
            TierId = "t" + (number % 2),
            ModelId = "m" + (number % 7 % 3),
            ModelName = "m",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            TotalCostNanoUsd = 1_000 + number,
            AdmittedAt = Monday.AddHours(number),
            EndedAt = Monday.AddHours(number),
        };
}
