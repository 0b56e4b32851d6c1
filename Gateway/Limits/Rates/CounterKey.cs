using System.Globalization;
using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <summary>What counters belong to. Not the limit's row: a limit that is changed, or deleted and made again, finds its counts.</summary>
/// <param name="Scope">What is counted over.</param>
/// <param name="ScopeId">The key, user, team or tier.</param>
/// <param name="ModelId">Only calls of this model; null: all.</param>
/// <param name="SubjectId">The user whose calls are counted, for a tier; else null.</param>
internal readonly record struct CounterKey(QuotaScope Scope, string ScopeId, string? ModelId, string? SubjectId)
{
    /// <summary>As nodes name it to one another.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{(int)Scope}|{ScopeId}|{ModelId}|{SubjectId}");

    /// <summary>Reads what <see cref="ToText"/> wrote; null: it is something else.</summary>
    public static CounterKey? Parse(string text) =>
        text.Split('|') is [var scope, var id, var model, var subject] && int.TryParse(scope, CultureInfo.InvariantCulture, out var number)
            ? new CounterKey((QuotaScope)number, id, OrNull(model), OrNull(subject))
            : null;

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    /// <summary>The counters that a limit looks at for a user's call.</summary>
    public static CounterKey Of(RateLimit limit, string userId) =>
        new(limit.Scope, limit.ScopeId, limit.ModelId, limit.Scope == QuotaScope.TierModel ? userId : null);
}
