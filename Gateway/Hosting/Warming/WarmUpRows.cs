using Gateway.Core.Keys;
using Gateway.Core.Storage.Entities;

namespace Gateway.Hosting.Warming;

/// <summary>One caller with a rate and a budget in each scope, and one model with prices.</summary>
internal static class WarmUpRows
{
    /// <summary>The model's name.</summary>
    public const string Model = "warm-up";

    private const string Id = "warm-up";
    private const string Enforce = "enforce";
    private const long Never = 1_000_000_000_000;

    private static readonly DateTime Then = DateTime.UnixEpoch;

    /// <summary>The rows.</summary>
    /// <param name="key">The caller's key.</param>
    public static object[] Of(NewApiKey key) =>
        [
            new Company
            {
                Id = Id,
                Name = Id,
                CreatedAt = Then,
                UpdatedAt = Then,
            },
            new CatalogModel
            {
                Id = Id,
                CompanyId = Id,
                Name = Model,
                ExternalId = Model,
                Providers = ["openai"],
                Mode = "chat",
                MaxInputTokens = 128_000,
                MaxOutputTokens = 16_384,
                CreatedAt = Then,
                UpdatedAt = Then,
            },
            new ModelConfig
            {
                Id = Id,
                ModelId = Id,
                IsEnabled = true,
                PriceSource = PriceSources.Admin,
                CreatedAt = Then,
                UpdatedAt = Then,
            },
            Price("input"),
            Price("output"),
            new Tier
            {
                Id = Id,
                Name = Id,
                NameKey = Id,
                CreatedAt = Then,
                UpdatedAt = Then,
            },
            new Team
            {
                Id = Id,
                Name = Id,
                CreatedAt = Then,
                UpdatedAt = Then,
            },
            new User
            {
                Id = Id,
                Email = Id,
                Username = Id,
                UsernameKey = Id,
                PasswordHash = "none",
                Role = Roles.Customer,
                TierId = Id,
                TeamId = Id,
                IsActive = true,
                FreeTierStatus = FreeTierStatuses.Approved,
                CreatedAt = Then,
                UpdatedAt = Then,
            },
            new ApiKey
            {
                Id = Id,
                UserId = Id,
                TeamId = Id,
                Name = Id,
                PublicId = key.PublicId,
                SecretHash = key.SecretHash,
                Preview = key.Preview,
                IsActive = true,
                CreatedAt = Then,
                UpdatedAt = Then,
            },
            .. Limits("key", (rate, budget) => (rate.ApiKeyId, budget.ApiKeyId) = (Id, Id)),
            .. Limits("user", (rate, budget) => (rate.UserId, budget.UserId) = (Id, Id)),
            .. Limits("team", (rate, budget) => (rate.TeamId, budget.TeamId) = (Id, Id)),
            .. Limits("tier", (rate, budget) => (rate.TierId, rate.ModelId, budget.TierId, budget.ModelId) = (Id, Id, Id, Id)),
        ];

    private static ModelRate Price(string rate) =>
        new()
        {
            ModelId = Id,
            RateKey = rate,
            PicoUsd = 150_000,
            Source = PriceSources.Admin,
        };

    private static object[] Limits(string scope, Action<RateLimitRow, BudgetRow> put)
    {
        var rate = new RateLimitRow
        {
            Id = scope,
            ScopeKey = scope,
            RequestsPerMinute = Never,
            RequestsPerDay = Never,
            TokensPerMinute = Never,
            TokensPerDay = Never,
            MaxConcurrent = Never,
            Mode = Enforce,
            CreatedAt = Then,
            UpdatedAt = Then,
        };
        var budget = new BudgetRow
        {
            Id = scope,
            MaxBudgetNanoUsd = Never * 1_000_000,
            BudgetDuration = "monthly",
            Source = BudgetSources.Admin,
            Mode = Enforce,
            CreatedAt = Then,
            UpdatedAt = Then,
        };
        put(rate, budget);
        return [rate, budget];
    }
}
