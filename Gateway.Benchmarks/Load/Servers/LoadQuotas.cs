namespace Gateway.Benchmarks.Load.Servers;

/// <summary>
/// Puts the load's caller under limits, as an operator does it: rates on key, user, team and tier x model, and a budget on each of them.
/// They are large enough never to refuse; what is measured is that every call is checked against all of them and holds money in four
/// budgets.
/// </summary>
internal static class LoadQuotas
{
    private const long Never = 1_000_000_000_000;

    /// <param name="admin">The gateway's admin, whose key makes the calls.</param>
    public static async Task SetAsync(LoadAdmin admin)
    {
        var user = (await admin.SendAsync(HttpMethod.Get, "admin/users"))[0];
        var (userId, tierId) = (user.GetProperty("id").GetString(), user.GetProperty("tier_id").GetString());
        var keyId = (await admin.SendAsync(HttpMethod.Get, "users/me/api-keys"))[0].GetProperty("id").GetString();
        var modelId = (await admin.SendAsync(HttpMethod.Get, "models"))
            .EnumerateArray()
            .Single(m => m.GetProperty("name").GetString() == UpstreamAnswers.Model)
            .GetProperty("id")
            .GetString();
        await admin.SendAsync(HttpMethod.Post, "admin/teams", new { id = "load", name = "load" });
        await admin.SendAsync(HttpMethod.Put, $"admin/users/{userId}", new { team_id = "load" });
        foreach (
            var scope in new Dictionary<string, string?>[]
            {
                new() { ["api_key_id"] = keyId },
                new() { ["user_id"] = userId },
                new() { ["team_id"] = "load" },
                new() { ["tier_id"] = tierId, ["model_id"] = modelId },
            }
        )
        {
            await admin.SendAsync(
                HttpMethod.Post,
                "admin/rate-limits",
                With(
                    scope,
                    ("requests_per_minute", 100_000_000),
                    ("tokens_per_minute", Never),
                    ("requests_per_day", Never),
                    ("max_concurrent", 100_000)
                )
            );
            await admin.SendAsync(HttpMethod.Post, "admin/budgets", With(scope, ("max_budget", 1_000_000), ("budget_duration", "monthly")));
        }
    }

    private static Dictionary<string, object?> With(Dictionary<string, string?> scope, params (string Name, object Value)[] members) =>
        scope.Select(s => (s.Key, (object?)s.Value)).Concat(members.Select(m => (m.Name, (object?)m.Value))).ToDictionary();
}
