using Gateway.Admin.ApiKeys;
using Gateway.Admin.Conventions;

namespace Gateway.Admin.LiteLlm;

/// <summary>What the admin page asks for of a key, in our words.</summary>
internal sealed record LocalKeyWish(string? UserId, string? TeamId, ApiKeyUpdate Limits)
{
    public static LocalKeyWish Read(MemberReader members, DateTime now)
    {
        foreach (var member in new[] { "tpm_limit", "rpm_limit", "max_parallel_requests" })
        {
            if (members.NullableWhole(member, 0, long.MaxValue) is { Value: not null })
            {
                members.Refuse(member, "unsupported", "is set at /admin/rate-limits where no LiteLLM with a database is configured");
            }
        }
        return new LocalKeyWish(
            members.NullableText("user_id", 36).Value,
            members.NullableText("team_id", 64).Value,
            new ApiKeyUpdate
            {
                Models = members.Names("models", 1_000, maximumLength: 255),
                ExpiresAt = members.NullableFutureTime("expires", now),
                Budget = KeyBudget.Read(members),
            }
        );
    }
}
