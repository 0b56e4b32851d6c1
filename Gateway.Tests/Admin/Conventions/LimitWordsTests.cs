using System.Text.Json;
using Gateway.Admin.Conventions;

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
            var members = new MemberReader(JsonElement.Parse($$"""{"{{word}}":5}"""));
            members.RefuseUnknownLimits(All[resource]);
            Assert.Equal(("unknown_limit", word), members.Error is { } error ? (error.Details[0].Code, error.Details[0].Field) : default);
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
    public void A_value_that_limits_nothing_passes(string value)
    {
        var members = new MemberReader(JsonElement.Parse($$"""{"rpm_limit":{{value}}}"""));
        members.RefuseUnknownLimits(LimitMembers.ApiKey);
        Assert.Null(members.Error);
    }

    [Theory]
    [InlineData("enabled", "false", true)]
    [InlineData("active", "true", false)]
    [InlineData("blocked", "true", true)]
    [InlineData("disabled", "false", false)]
    public void A_switch_limits_when_it_is_off(string name, string value, bool isRefused)
    {
        var members = new MemberReader(JsonElement.Parse($$"""{"{{name}}":{{value}}}"""));
        members.RefuseUnknownLimits(LimitMembers.ApiKey);
        Assert.Equal(isRefused, members.Error is not null);
    }

    [Fact]
    public void What_was_asked_for_is_known_and_what_is_shown_is_harmless()
    {
        var members = new MemberReader(JsonElement.Parse("""{"max_budget":5,"spent_budget":3,"remaining_budget":2}"""));
        members.Whole("max_budget", 0, 10);
        members.RefuseUnknownLimits(LimitMembers.Budget);
        Assert.Null(members.Error);
    }

    [Fact]
    public void A_name_without_end_is_cut()
    {
        var members = new MemberReader(JsonElement.Parse($$"""{"limit_{{new string('x', 100_000)}}":5}"""));
        members.RefuseUnknownLimits(LimitMembers.ApiKey);
        Assert.True(members.Error!.Text.Length < 400);
    }
}
