using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Admin.Quotas;
using Gateway.Admin.Requests;

namespace Gateway.Tests.Admin.Conventions;

public sealed class LimitWordsTests
{
    public static TheoryData<string> Resources { get; } = [.. All.Keys];

    private static Dictionary<string, LimitMembers> All =>
        new()
        {
            ["key"] = LimitMembers.ApiKey,
            ["litellm key"] = LimitMembers.LiteLlmKey,
            ["user"] = LimitMembers.User,
            ["tier"] = LimitMembers.Tier,
            ["team"] = LimitMembers.Team,
            ["budget"] = LimitMembers.Budget,
            ["own budget"] = LimitMembers.OwnBudget,
            ["rate limit"] = LimitMembers.RateLimit,
            ["token"] = LimitMembers.MachineToken,
        };

    [Theory, MemberData(nameof(Resources))]
    public void A_limit_in_any_spelling_is_refused_on_every_resource(string resource)
    {
        foreach (
            var word in new[]
            {
                "rpm_limit",
                "rpmLimit",
                "RPM-LIMIT",
                "tpm_limit",
                "maxBudget",
                "MaxBudgetUsd",
                "max_parallel_requests",
                "expires",
                "expiresIn",
                "validUntil",
                "spend_limit",
                "creditLimit",
                "someNewQuota",
                "per_user_cap",
                "allowedThings",
            }
        )
        {
            var fault = Assert.Single(Find($$"""{"{{word}}":5}""", All[resource]));
            Assert.Equal(("unknown_limit", word), (fault.Code, fault.Field));
        }
    }

    [Theory]
    [InlineData("notes")]
    [InlineData("capacity")]
    [InlineData("maximilian")]
    [InlineData("currency")]
    [InlineData("created_at")]
    [InlineData("metadata")]
    [InlineData("landscape")]
    [InlineData("Deadline_note")]
    [InlineData("tags")]
    public void Other_names_are_no_limits(string name) => Assert.Null(LimitWords.Find(name));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"max_budget\":null,\"rpm\":0}")]
    public void A_value_that_limits_nothing_passes(string value) =>
        Assert.Empty(Find($$"""{"rpm_limit":{{value}}}""", LimitMembers.ApiKey));

    [Theory]
    [InlineData("enabled", "false", true)]
    [InlineData("active", "true", false)]
    [InlineData("blocked", "true", true)]
    [InlineData("disabled", "false", false)]
    public void A_switch_limits_when_it_is_off(string name, string value, bool isRefused) =>
        Assert.Equal(isRefused, Find($$"""{"{{name}}":{{value}}}""", LimitMembers.ApiKey).Any());

    [Fact]
    public void What_was_asked_for_is_known_and_what_is_shown_is_harmless()
    {
        var body = JsonElement.Parse("""{"max_budget":5,"spent_budget":3,"remaining_budget":2}""");
        Assert.Null(WireRecord<BudgetUpdate>.Bind(body, services: null).Error);
    }

    [Fact]
    public void A_name_without_end_is_cut()
    {
        var fault = Assert.Single(Find($$"""{"limit_{{new string('x', 100_000)}}":5}""", LimitMembers.ApiKey));
        Assert.True(fault.Field.Length + fault.Message.Length < 400);
    }

    private static IEnumerable<InvalidMember> Find(string body, LimitMembers limits) =>
        UnknownLimits.In(JsonElement.Parse(body), new HashSet<string>(), limits);
}
