namespace Gateway.Admin.Quotas;

/// <summary>A wire record that says what a rate limit or budget is over. Only one of tier, user, team and key may be sent.</summary>
internal interface IScoped
{
    string? TierId { get; }

    string? UserId { get; }

    string? TeamId { get; }

    string? ApiKeyId { get; }

    string? ModelId { get; }
}
